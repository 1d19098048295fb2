//! As much of HTTP as the bench needs: one request a connection.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

use crate::Failure;

/// The body of the answer to a request.
pub(crate) fn ask(address: &str, head: &str, body: &str) -> Result<String, Failure> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let length = body.len();
    write!(stream, "{head}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("an answer without an end of its head")?;
    if head.starts_with("HTTP/1.1 200") { Ok(body.to_owned()) } else { Err(answer.into()) }
}

/// What a document asks for.
pub(crate) fn graphql(address: &str, token: &str, document: &str, variables: &Value) -> Result<Value, Failure> {
    let credential = if token.is_empty() { String::new() } else { format!("\r\nAuthorization: Bearer {token}") };
    let head = format!("POST /graphql HTTP/1.1\r\nContent-Type: application/json{credential}");
    let body = json!({ "query": document, "variables": variables }).to_string();
    let mut answer: Value = serde_json::from_str(&ask(address, &head, &body)?)?;
    if answer["errors"].is_null() { Ok(answer["data"].take()) } else { Err(answer["errors"].to_string().into()) }
}
