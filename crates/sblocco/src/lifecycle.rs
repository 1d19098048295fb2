//! How a long-running process ends: softly on the first SIGTERM or Ctrl-C (nothing new is accepted, what runs may end within the
//! grace), hard on the second or after the grace. Every task has a name; one that ends by itself is a crash and ends the rest.

use std::{collections::HashMap, fmt, future::Future, time::Duration};

use tokio::{
    sync::mpsc,
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

/// How long tasks may take to notice a hard stop before they are dropped where they stand.
const HARD_STOP: Duration = Duration::from_secs(2);

/// What a task watches.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// Accept nothing new, end what runs.
    pub soft: CancellationToken,
    /// Give up what runs.
    pub hard: CancellationToken,
}

/// How the process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Asked to, and everything ended by itself.
    Clean,
    /// Asked to, and these tasks did not end in time.
    Cut(Vec<&'static str>),
    /// This task failed, panicked, or ended unasked.
    Crashed {
        /// Its name.
        task: &'static str,
        /// What happened.
        reason: String,
    },
}

type TaskEnd = Result<(), String>;

/// The named tasks of one process.
#[derive(Debug)]
pub struct Lifecycle {
    stop: Stop,
    grace: Duration,
    tasks: JoinSet<TaskEnd>,
    names: HashMap<Id, &'static str>,
}

impl Lifecycle {
    /// No tasks yet; they will be given `grace` to end.
    pub fn new(grace: Duration) -> Self {
        Self { stop: Stop::default(), grace, tasks: JoinSet::new(), names: HashMap::new() }
    }

    /// What tasks watch.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Starts a task that runs until it is asked to stop.
    pub fn spawn<E: fmt::Display>(
        &mut self,
        name: &'static str,
        task: impl Future<Output = Result<(), E>> + Send + 'static,
    ) {
        let handle = self.tasks.spawn(async move { task.await.map_err(|error| error.to_string()) });
        self.names.insert(handle.id(), name);
    }

    /// Runs until all tasks ended. Each message of `signals` asks to stop; its text is for the log.
    pub async fn run(mut self, mut signals: mpsc::Receiver<&'static str>) -> Ending {
        let mut crash = None;
        tokio::select! {
            signal = signals.recv() => {
                tracing::info!(signal = signal.unwrap_or("none"), grace_seconds = self.grace.as_secs(), "stopping");
            }
            ended = self.tasks.join_next_with_id(), if !self.tasks.is_empty() => {
                crash = ended.and_then(|ended| self.crash_of(ended, false));
            }
        }
        self.stop.soft.cancel();
        let deadline = Instant::now() + self.grace;
        loop {
            tokio::select! {
                ended = self.tasks.join_next_with_id() => match ended {
                    None => break,
                    Some(ended) => crash = crash.or_else(|| self.crash_of(ended, true)),
                },
                signal = signals.recv() => {
                    tracing::warn!(signal = signal.unwrap_or("none"), "stopping at once");
                    return self.cut(crash).await;
                }
                () = sleep_until(deadline) => {
                    tracing::warn!(grace_seconds = self.grace.as_secs(), "the grace is over: stopping at once");
                    return self.cut(crash).await;
                }
            }
        }
        crash.unwrap_or(Ending::Clean)
    }

    async fn cut(mut self, mut crash: Option<Ending>) -> Ending {
        self.stop.hard.cancel();
        let all = async {
            while let Some(ended) = self.tasks.join_next_with_id().await {
                crash = crash.take().or_else(|| crash_of(&mut self.names, ended, true));
            }
        };
        // Those that did not notice are dropped below, with the set.
        let noticed = timeout(HARD_STOP, all).await.is_ok();
        if !noticed {
            tracing::warn!("dropping tasks that did not stop");
        }
        let mut left: Vec<_> = self.names.into_values().collect();
        left.sort_unstable();
        crash.unwrap_or(if noticed { Ending::Clean } else { Ending::Cut(left) })
    }

    fn crash_of(&mut self, ended: Result<(Id, TaskEnd), JoinError>, asked: bool) -> Option<Ending> {
        crash_of(&mut self.names, ended, asked)
    }
}

fn crash_of(
    names: &mut HashMap<Id, &'static str>,
    ended: Result<(Id, TaskEnd), JoinError>,
    asked: bool,
) -> Option<Ending> {
    let (id, result) = match ended {
        Ok((id, result)) => (id, result),
        Err(error) => {
            let reason = if error.is_panic() { "it panicked" } else { "it was dropped" };
            (error.id(), Err(reason.to_owned()))
        }
    };
    let task = names.remove(&id).unwrap_or("a task without a name");
    let reason = match result {
        Ok(()) if asked => {
            tracing::debug!(task, "ended");
            return None;
        }
        Ok(()) => "it ended unasked".to_owned(),
        Err(reason) => reason,
    };
    tracing::error!(task, reason, "a task failed");
    Some(Ending::Crashed { task, reason })
}

/// SIGTERM and Ctrl-C as messages, from the call on.
///
/// # Errors
/// When the system refuses the handlers.
#[cfg(unix)]
pub fn signals() -> std::io::Result<mpsc::Receiver<&'static str>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        loop {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            if sender.send(name).await.is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

/// Ctrl-C as messages, from the call on.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn signals() -> std::io::Result<mpsc::Receiver<&'static str>> {
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(async move { while tokio::signal::ctrl_c().await.is_ok() && sender.send("Ctrl-C").await.is_ok() {} });
    Ok(receiver)
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    fn lifecycle() -> (Lifecycle, mpsc::Sender<&'static str>, mpsc::Receiver<&'static str>) {
        let (sender, receiver) = mpsc::channel(4);
        (Lifecycle::new(Duration::from_secs(20)), sender, receiver)
    }

    async fn until(token: CancellationToken) -> Result<(), String> {
        token.cancelled().await;
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_signal_lets_tasks_end() {
        let (mut lifecycle, sender, receiver) = lifecycle();
        let stop = lifecycle.stop();
        lifecycle.spawn("http", until(stop.soft.clone()));
        lifecycle.spawn("slow", async move {
            stop.soft.cancelled().await;
            tokio::time::sleep(Duration::from_secs(10)).await;
            Ok::<_, String>(())
        });
        sender.send("SIGTERM").await.unwrap();
        assert_eq!(lifecycle.run(receiver).await, Ending::Clean);
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_grace_tasks_are_told_to_give_up_and_then_dropped() {
        let (mut lifecycle, sender, receiver) = lifecycle();
        let stop = lifecycle.stop();
        lifecycle.spawn("deaf", async {
            pending::<()>().await;
            Ok::<_, String>(())
        });
        lifecycle.spawn("hears", until(stop.hard));
        sender.send("SIGTERM").await.unwrap();
        assert_eq!(lifecycle.run(receiver).await, Ending::Cut(vec!["deaf"]));
    }

    #[tokio::test(start_paused = true)]
    async fn the_second_signal_does_not_wait_for_the_grace() {
        let (mut lifecycle, sender, receiver) = lifecycle();
        let stop = lifecycle.stop();
        lifecycle.spawn("hears", until(stop.hard));
        sender.send("SIGINT").await.unwrap();
        sender.send("SIGINT").await.unwrap();
        let before = Instant::now();
        assert_eq!(lifecycle.run(receiver).await, Ending::Clean);
        assert!(before.elapsed() < Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_fails_ends_the_others_and_is_told() {
        let (mut lifecycle, _sender, receiver) = lifecycle();
        let stop = lifecycle.stop();
        lifecycle.spawn("http", until(stop.soft));
        lifecycle.spawn("worker", async { Err("the queue is gone") });
        let ending = lifecycle.run(receiver).await;
        assert_eq!(ending, Ending::Crashed { task: "worker", reason: "the queue is gone".to_owned() });
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_and_an_unasked_end_are_crashes() {
        for panics in [true, false] {
            let (mut lifecycle, _sender, receiver) = lifecycle();
            lifecycle.spawn("worker", async move {
                assert!(!panics, "a defect");
                Ok::<_, String>(())
            });
            let reason = if panics { "it panicked" } else { "it ended unasked" };
            assert_eq!(lifecycle.run(receiver).await, Ending::Crashed { task: "worker", reason: reason.to_owned() });
        }
    }
}
