//! A Graph API that says what it was told to: in the process, or over HTTP for demonstrations and tests of the wire.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{Answer, GraphApi, GraphError};

/// Longest head of a request.
const LONGEST_HEAD: usize = 16 << 10;
/// Requests that are remembered.
const REMEMBERED: usize = 1_000;

#[derive(Debug, Default)]
struct Script {
    /// What stands at each path, without version and query.
    answers: BTreeMap<String, Value>,
    /// What is answered before that, once each, whatever is asked.
    faults: VecDeque<Answer>,
    /// The token that is good; any, when none is set.
    token: Option<String>,
    /// Percent of the app's calls that it says are used up.
    app_usage: u8,
    /// Paths that were asked last, with their queries.
    asked: VecDeque<String>,
}

/// A Graph API with a script. Its clones share the script. Asked in the process, any token is good to it but one that it refuses.
#[derive(Debug, Clone, Default)]
pub struct FakeGraph {
    script: Arc<Mutex<Script>>,
}

#[async_trait]
impl GraphApi for FakeGraph {
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, GraphError> {
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Ok(self.respond(&format!("{path}?{}", query.join("&")), None))
    }
}

impl FakeGraph {
    /// Says what stands at a path (`102290129340398/phone_numbers`) from now on.
    pub fn says(&self, path: &str, answer: Value) {
        self.change(|script| script.answers.insert(path.to_owned(), answer));
    }

    /// Answers the next call with an error of this code, whatever it asks.
    pub fn fails_once(&self, status: u16, code: i64) {
        self.change(|script| script.faults.push_back(error(status, code)));
    }

    /// Answers the next call with too many calls, and how long to wait.
    pub fn is_tired_once(&self, wait: Duration) {
        self.change(|script| script.faults.push_back(Answer { wait: Some(wait), ..error(400, 80_007) }));
    }

    /// Says from now on that so many percent of the app's calls are used up.
    pub fn is_used(&self, percent: u8) {
        self.change(|script| script.app_usage = percent);
    }

    /// Takes this token alone from now on.
    pub fn expects(&self, token: &str) {
        self.change(|script| script.token = Some(token.to_owned()));
    }

    /// Paths that were asked last, with their queries.
    pub fn asked(&self) -> Vec<String> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).asked.iter().cloned().collect()
    }

    /// Answers over HTTP on `listener`, until it fails or the future is dropped.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        loop {
            let (stream, _) = listener.accept().await?;
            let fake = self.clone();
            tokio::spawn(async move {
                // Whoever hangs up is not answered.
                let _ = fake.answer(stream).await;
            });
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Script) -> T) -> T {
        change(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// `token` is what the caller showed; in the process nobody shows any.
    fn respond(&self, target: &str, token: Option<&str>) -> Answer {
        let path = target.split('?').next().unwrap_or_default();
        self.change(|script| {
            if script.asked.len() == REMEMBERED {
                script.asked.pop_front();
            }
            script.asked.push_back(target.to_owned());
            if let Some(fault) = script.faults.pop_front() {
                return fault;
            }
            if script.token.as_deref().is_some_and(|good| token != Some(good)) {
                return error(401, 190);
            }
            match script.answers.get(path) {
                Some(body) => Answer { status: 200, body: body.clone(), wait: None, app_usage: script.app_usage },
                None => error(400, 100),
            }
        })
    }

    async fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            if head.len() >= LONGEST_HEAD || stream.read_buf(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let head = String::from_utf8_lossy(&head);
        // The version stands before the path.
        let target = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
        let target = target.split_once('/').map_or("", |(_, rest)| rest);
        let token = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let shown = value.trim().strip_prefix("Bearer ");
            name.eq_ignore_ascii_case("authorization").then_some(shown).flatten()
        });
        let Answer { status, body, wait, app_usage } = self.respond(target, token);
        let usage = wait.map_or_else(String::new, |wait| {
            let minutes = wait.as_secs().div_ceil(60);
            let usage = json!({ "1": [{ "call_count": 100, "estimated_time_to_regain_access": minutes }] });
            format!("x-business-use-case-usage: {usage}\r\n")
        });
        let body = body.to_string();
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\n{usage}\
             x-app-usage: {{\"call_count\":{app_usage}}}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    }
}

fn error(status: u16, code: i64) -> Answer {
    let error = json!({ "message": "an error", "type": "OAuthException", "code": code, "fbtrace_id": "Abc" });
    Answer { status, body: json!({ "error": error }), wait: None, app_usage: 0 }
}
