//! As much of HTTP as a test needs: one request a connection.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Status, code and message of an error.
    #[track_caller]
    pub(crate) fn error(&self) -> (u16, String, String) {
        let error = &self.json()["errors"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (self.status, text(&error["extensions"]["code"]), text(&error["message"]))
    }
}

/// A server, as one caller asks it.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    pub(crate) address: String,
    pub(crate) token: Option<String>,
}

impl Http {
    /// The same server, with a credential.
    pub(crate) fn with(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "application/json", b"").unwrap()
    }

    /// A file to `/v1/imports`.
    pub(crate) fn upload(&self, parameters: &str, body: &[u8]) -> Answer {
        self.ask("POST", &format!("/v1/imports?{parameters}"), "application/octet-stream", body).unwrap()
    }

    /// The whole answer to a document.
    pub(crate) fn graphql(&self, document: &str, variables: &Value) -> Value {
        let body = json!({ "query": document, "variables": variables }).to_string();
        self.ask("POST", "/graphql", "application/json", body.as_bytes()).unwrap().json()
    }

    /// What a document asks for, where nothing goes wrong.
    #[track_caller]
    pub(crate) fn data(&self, document: &str, variables: &Value) -> Value {
        let mut answer = self.graphql(document, variables);
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"].take()
    }

    /// Signs in and returns the access token, or what was refused.
    pub(crate) fn sign_in(&self, email: &str, password: &str) -> Result<String, Value> {
        let document = "mutation($e: String!, $p: String!) { signIn(input: { email: $e, password: $p }) \
                        { accessToken userErrors { code message field } } }";
        let mut answer = self.graphql(document, &json!({ "e": email, "p": password }));
        match answer["data"]["signIn"]["accessToken"].as_str() {
            Some(token) => Ok(token.to_owned()),
            None => Err(answer.take()),
        }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, media: &str, body: &[u8]) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        let credential =
            self.token.as_ref().map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: {media}\r\n{credential}Content-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        // A server that refuses by the head answers before it has read the body.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let Some((head, body)) = answer.split_once("\r\n\r\n") else {
            read?;
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        };
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        Ok(Answer { status, body: if chunked { unchunk(body) } else { body.to_owned() } })
    }
}

/// The body of a chunked answer.
fn unchunk(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || size > after.len() {
            break;
        }
        body.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    body
}
