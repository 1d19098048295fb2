//! Messages of graphql-transport-ws, and the codes by which its sockets are closed.

use axum::extract::ws::CloseFrame;
use serde_json::{Map, Value, json};

use crate::graphql::strict_json;

/// Bytes of a close frame's reason, at most: more makes the frame invalid.
const REASON: usize = 123;

/// Characters of an operation's id, at most.
const ID: usize = 128;

/// Why a socket is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    reason: String,
}

impl Close {
    fn new(code: u16, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// The server goes away.
    pub(super) fn going_away() -> Self {
        Self::new(1001, "Going away")
    }

    /// A message is too big.
    pub(super) fn too_big(limit: usize) -> Self {
        Self::new(1009, format!("A message has at most {limit} bytes"))
    }

    /// A defect of ours, or a part of ours that cannot be reached.
    pub(super) fn internal() -> Self {
        Self::new(4500, "Internal server error")
    }

    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(4400, reason)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized")
    }

    pub(super) fn forbidden() -> Self {
        Self::new(4403, "Forbidden")
    }

    pub(super) fn unknown_protocol() -> Self {
        Self::new(4406, "Subprotocol not acceptable")
    }

    pub(super) fn init_timeout() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    pub(super) fn taken(id: &str) -> Self {
        Self::new(4409, format!("Subscriber for {id} already exists"))
    }

    pub(super) fn too_many_inits() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }

    /// The peer says or takes nothing any more; it may come again.
    pub(super) fn terminated() -> Self {
        Self::new(4499, "Terminated")
    }

    /// The peer is gone: there is nobody to tell.
    pub(super) fn gone() -> Self {
        Self::new(1006, "")
    }

    /// As a frame; `None` when there is nobody to send it to.
    pub(super) fn frame(&self) -> Option<CloseFrame> {
        let end = (0..=REASON.min(self.reason.len())).rev().find(|end| self.reason.is_char_boundary(*end));
        let reason = &self.reason[..end.unwrap_or_default()];
        (self.code != 1006).then(|| CloseFrame { code: self.code, reason: reason.into() })
    }
}

/// What a client says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FromClient {
    Init(Map<String, Value>),
    Ping(Option<Value>),
    Pong,
    Subscribe { id: String, asked: Map<String, Value> },
    Complete { id: String },
}

impl FromClient {
    /// Reads a message.
    pub(super) fn parse(text: &str) -> Result<Self, Close> {
        let Ok(Value::Object(mut message)) = strict_json::parse(text) else {
            return Err(Close::invalid("Invalid message: it is no JSON object"));
        };
        let Some(Value::String(kind)) = message.remove("type") else {
            return Err(Close::invalid("Invalid message: `type` is missing"));
        };
        let payload = message.remove("payload");
        match kind.as_str() {
            "connection_init" => Ok(Self::Init(object(payload)?)),
            "ping" => Ok(Self::Ping(Some(Value::Object(object(payload)?)).filter(|value| *value != json!({})))),
            "pong" => object(payload).map(|_| Self::Pong),
            "subscribe" => {
                let asked = object(payload)?;
                Ok(Self::Subscribe { id: id(&mut message)?, asked })
            }
            "complete" => Ok(Self::Complete { id: id(&mut message)? }),
            _ => Err(Close::invalid("Invalid message: its `type` is unknown")),
        }
    }
}

fn object(payload: Option<Value>) -> Result<Map<String, Value>, Close> {
    match payload {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map),
        Some(_) => Err(Close::invalid("Invalid message: `payload` is no object")),
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if !id.is_empty() && id.chars().count() <= ID => Ok(id),
        _ => Err(Close::invalid("Invalid message: `id` is no text of 1 to 128 characters")),
    }
}

/// A message of the server, as text.
pub(super) fn ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

pub(super) fn ping() -> String {
    json!({ "type": "ping" }).to_string()
}

pub(super) fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => json!({ "type": "pong" }).to_string(),
    }
}

/// `answer` is a GraphQL answer, as JSON.
pub(super) fn next(id: &str, answer: &str) -> String {
    format!("{{\"type\":\"next\",\"id\":{},\"payload\":{answer}}}", json!(id))
}

/// `errors` is a list of GraphQL errors.
pub(super) fn error(id: &str, errors: &Value) -> String {
    json!({ "type": "error", "id": id, "payload": errors }).to_string()
}

pub(super) fn complete(id: &str) -> String {
    json!({ "type": "complete", "id": id }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_strictly() {
        let parse = |value: Value| FromClient::parse(&value.to_string());
        assert_eq!(parse(json!({"type": "connection_init"})), Ok(FromClient::Init(Map::new())));
        assert_eq!(parse(json!({"type": "ping", "payload": null})), Ok(FromClient::Ping(None)));
        assert_eq!(parse(json!({"type": "pong", "payload": {"a": 1}})), Ok(FromClient::Pong));
        assert_eq!(parse(json!({"type": "complete", "id": "1"})), Ok(FromClient::Complete { id: "1".to_owned() }));
        for bad in [
            json!([]),
            json!({}),
            json!({"type": 1}),
            json!({"type": "start", "id": "1"}),
            json!({"type": "subscribe", "id": "", "payload": {}}),
            json!({"type": "subscribe", "id": 1, "payload": {}}),
            json!({"type": "subscribe", "id": "x".repeat(129), "payload": {}}),
            json!({"type": "subscribe", "id": "1", "payload": []}),
            json!({"type": "connection_init", "payload": "x"}),
            json!({"type": "complete"}),
        ] {
            assert_eq!(parse(bad.clone()).unwrap_err().code, 4400, "{bad}");
        }
        assert_eq!(FromClient::parse("{\"type\":\"ping\",\"type\":\"pong\"}").unwrap_err().code, 4400);
    }

    #[test]
    fn a_reason_fits_into_its_frame() {
        let frame = Close::taken(&"è".repeat(128)).frame().unwrap();
        assert!(frame.reason.len() <= 123 && frame.reason.starts_with("Subscriber for è"));
        assert!(Close::gone().frame().is_none());
    }
}
