//! A mail server for tests: speaks SMTP on a port of loopback, keeps what it takes, and refuses what it is told to.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot begin has failed")]

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::{Server, Tls};

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Who sent it, as the envelope says.
    pub from: String,
    /// To whom it goes, as the envelope says.
    pub to: Vec<String>,
    /// The mail.
    pub bytes: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    taken: Vec<Taken>,
    /// Answers to recipients, instead of 250.
    answers: HashMap<String, u16>,
    /// Drop the connection after this many mails were taken, before saying so.
    silent_after: Option<usize>,
}

/// A mail server that ends with the test.
#[derive(Debug)]
pub struct TestServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl TestServer {
    /// Starts on a port of its own.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(session(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state, task }
    }

    /// Where it is, for a transport.
    pub fn server(&self) -> Server {
        Server {
            host: self.address.ip().to_string(),
            port: self.address.port(),
            tls: Tls::None,
            credentials: None,
            hello: "sblocco.example".to_owned(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// What was taken so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.state().taken.clone()
    }

    /// Answers `code` when somebody wants to write to `email`; 250 takes it again.
    pub fn answer(&self, email: &str, code: u16) {
        self.state().answers.insert(email.to_owned(), code);
    }

    /// Takes mails and dies before saying so, once `count` were taken; `None`: lives on.
    pub fn silent_after(&self, count: Option<usize>) {
        self.state().silent_after = count;
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One conversation; ends when the other side goes, or says what this server does not know.
async fn session(stream: TcpStream, state: Arc<Mutex<State>>) {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).split(b'\n');
    let mut mail = Taken { from: String::new(), to: Vec::new(), bytes: Vec::new() };
    let mut answer = "220 test.example ESMTP\r\n".to_owned();
    loop {
        if writing.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
        let Ok(Some(line)) = lines.next_segment().await else { return };
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        answer = match verb.as_str() {
            "EHLO" => "250-test.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n".to_owned(),
            "HELO" | "NOOP" | "RSET" => "250 OK\r\n".to_owned(),
            "MAIL" => {
                mail = Taken { from: path(&line), to: Vec::new(), bytes: Vec::new() };
                "250 OK\r\n".to_owned()
            }
            "RCPT" => {
                let to = path(&line);
                let code = lock(&state).answers.get(&to).copied().unwrap_or(250);
                mail.to.extend((code == 250).then_some(to));
                format!("{code} so it is\r\n")
            }
            "DATA" => {
                if writing.write_all(b"354 go on\r\n").await.is_err() {
                    return;
                }
                while let Ok(Some(line)) = lines.next_segment().await {
                    if line == b".\r" {
                        break;
                    }
                    let line = line.strip_prefix(b".").unwrap_or(&line);
                    mail.bytes.extend_from_slice(line);
                    mail.bytes.push(b'\n');
                }
                let mut state = lock(&state);
                state.taken.push(mail.clone());
                if state.silent_after.is_some_and(|count| state.taken.len() >= count) {
                    return;
                }
                "250 taken\r\n".to_owned()
            }
            "QUIT" => {
                let _ = writing.write_all(b"221 bye\r\n").await;
                return;
            }
            _ => "502 unknown\r\n".to_owned(),
        };
    }
}

fn path(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(path, _)| path.to_owned())
}
