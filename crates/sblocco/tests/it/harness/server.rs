//! A process that runs until it is ended.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use serde_json::Value;

use super::{Http, until};

/// A process of the program, killed when dropped.
pub(crate) struct Process {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    /// Where it answers, as nobody; of a process that listens nowhere, nowhere.
    pub(crate) http: Http,
}

impl Process {
    /// Starts it and waits until it says that it is ready.
    #[track_caller]
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let log = Arc::new(Mutex::new(Vec::new()));
        let (ready, is_ready) = mpsc::channel();
        let kept = Arc::clone(&log);
        // Whoever writes to a pipe that nobody reads stops.
        thread::spawn(move || {
            for line in lines {
                if let Ok(event) = serde_json::from_str::<Value>(&line)
                    && event["message"] == "ready"
                {
                    let _ = ready.send(event["address"].as_str().unwrap_or_default().to_owned());
                }
                kept.lock().unwrap().push(line);
            }
        });
        let Ok(address) = is_ready.recv_timeout(Duration::from_mins(1)) else {
            let _ = child.kill();
            panic!("{command:?} does not start: {:?}", log.lock().unwrap());
        };
        Self { child, log, http: Http { address, token: None } }
    }

    /// Starts a command that is to be ended, and waits for nothing.
    pub(crate) fn begin(mut command: Command) -> Child {
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Waits until everything that it needs answers.
    #[track_caller]
    pub(crate) fn ready(&self) -> &Self {
        until(30, "readiness", || (self.http.get("/readyz").status == 200).then_some(()));
        self
    }

    /// Sends a signal: TERM, INT, KILL.
    pub(crate) fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Its status, when it has ended.
    #[track_caller]
    pub(crate) fn wait(&mut self) -> ExitStatus {
        until(40, "the end of the process", || self.child.try_wait().unwrap())
    }

    /// Its status, if it has ended.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// What it holds in memory, in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim_end_matches("kB").trim().parse().unwrap()
    }

    /// What it wrote to standard error so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a child that has not been waited for.
pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success(), "the process is gone already");
}
