//! The body of a request to `/graphql`: bounded in size and time, strict UTF-8, one JSON object.

use std::time::Duration;

use async_graphql::Variables;
use axum::{
    body::{Body, BodyDataStream},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    },
};
use futures::StreamExt as _;
use serde_json::{Map, Value};

use super::strict_json;
use crate::refusal::{ErrorCode, Refusal};

/// A document, or the name of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Document {
    /// Its text.
    Text(String),
    /// The id of a trusted one.
    Trusted(String),
}

/// What the caller asks for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) document: Document,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Variables,
}

impl Asked {
    /// Reads the parameters of a request.
    pub(crate) fn read(mut object: Map<String, Value>) -> Result<Self, Refusal> {
        let document = match (object.remove("query"), object.remove("documentId")) {
            (Some(Value::String(query)), None | Some(Value::Null)) => Document::Text(query),
            (None | Some(Value::Null), Some(Value::String(id))) => Document::Trusted(id),
            (None | Some(Value::Null), None | Some(Value::Null)) => {
                return Err(Refusal::bad_request("`query` is missing"));
            }
            (Some(Value::String(_)), Some(Value::String(_))) => {
                return Err(Refusal::bad_request("give `query` or `documentId`, not both"));
            }
            (Some(_), None | Some(Value::Null | Value::String(_))) => {
                return Err(Refusal::bad_request("`query` must be a text"));
            }
            (_, Some(_)) => return Err(Refusal::bad_request("`documentId` must be a text")),
        };
        let operation_name = match object.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
            Some(_) => return Err(Refusal::bad_request("`operationName` must be a text")),
        };
        let variables = map(&mut object, "variables")?
            .map_or_else(Variables::default, |map| Variables::from_json(Value::Object(map)));
        map(&mut object, "extensions")?;
        Ok(Self { document, operation_name, variables })
    }
}

/// Refuses what is not `application/json` in UTF-8, uncompressed.
pub(crate) fn check_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let refused = |message| Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadRequest, message));
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return refused("Content-Type must be application/json");
    };
    let mut parts = value.split(';').map(str::trim);
    if !parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        return refused("Content-Type must be application/json");
    }
    for parameter in parts {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.trim().eq_ignore_ascii_case("charset") && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        {
            return refused("the charset must be UTF-8");
        }
    }
    match headers.get(CONTENT_ENCODING) {
        Some(encoding) if encoding.as_bytes() != b"identity" => refused("send the body without a content encoding"),
        _ => Ok(()),
    }
}

/// Reads the whole body, at most `limit` bytes, within `deadline`.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    deadline: Duration,
) -> Result<Vec<u8>, Refusal> {
    let too_large = || {
        let message = format!("the body is too large: at most {limit} bytes are taken");
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge, message)
    };
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let collected = tokio::time::timeout(deadline, collect(body.into_data_stream(), limit)).await;
    match collected {
        Ok(Some(Some(bytes))) => Ok(bytes),
        Ok(Some(None)) => Err(too_large()),
        Ok(None) => Err(Refusal::bad_request("the body was cut off")),
        Err(_) => {
            Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::Timeout, "the body took too long to arrive"))
        }
    }
}

// None: cut off; Some(None): too large.
async fn collect(mut stream: BodyDataStream, limit: usize) -> Option<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.ok()?;
        if bytes.len() + chunk.len() > limit {
            return Some(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Some(Some(bytes))
}

/// Reads the body's JSON.
pub(crate) fn parse(bytes: &[u8]) -> Result<Asked, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::bad_request("the body is empty: send a JSON object with `query`"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::bad_request("the body is not UTF-8"))?;
    match strict_json::parse(text).map_err(Refusal::bad_request)? {
        Value::Object(object) => Asked::read(object),
        Value::Array(_) => Err(Refusal::bad_request("batches are not served: send one operation at a time")),
        _ => Err(Refusal::bad_request("the body must be a JSON object")),
    }
}

fn map(object: &mut Map<String, Value>, key: &str) -> Result<Option<Map<String, Value>>, Refusal> {
    match object.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(_) => Err(Refusal::bad_request(format!("`{key}` must be an object"))),
    }
}
