//! GraphQL answers as HTTP: the table of statuses, and errors cut down to what a caller may see.

use async_graphql::{PathSegment, Pos, Response as Executed, ServerError, Value};
use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE},
};
use serde::Serialize;
use serde_json::{Map, json};

use super::{accept::Media, order::FieldOrder, preflight::Refused};
use crate::refusal::{ErrorCode, Refusal};

/// Bounds of what an answer says of errors. Validation echoes names of the document, and finds a fault in each of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorBounds {
    /// Errors of one answer.
    pub errors: usize,
    /// Characters of one message.
    pub message: usize,
}

impl Default for ErrorBounds {
    fn default() -> Self {
        Self { errors: 10, message: 300 }
    }
}

/// How far a well-formed request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The document did not parse, did not fit the schema, asked for too much, or its variables did not fit.
    DocumentRefused,
    /// The caller may not ask this.
    Forbidden,
    /// Executed, with or without errors of fields.
    Executed,
    /// Given up at the deadline.
    TimedOut,
}

/// The one table of statuses of well-formed requests. As the audits of graphql-http 1.23.1 want it; the draft of 2026-08 moves
/// refused documents to 422 and partial answers to 294, which is a change of this function alone.
pub(crate) const fn status(stage: Stage, media: Media) -> StatusCode {
    match (stage, media) {
        (Stage::Executed, _) | (Stage::DocumentRefused, Media::Json) => StatusCode::OK,
        (Stage::DocumentRefused, Media::GraphqlResponse) => StatusCode::BAD_REQUEST,
        (Stage::Forbidden, _) => StatusCode::FORBIDDEN,
        (Stage::TimedOut, _) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The refusal of an operation that was not executed, or not to its end.
pub(crate) fn refusal(refused: Refused, media: Media) -> Refusal {
    let stage = match refused.code {
        ErrorCode::Forbidden => Stage::Forbidden,
        ErrorCode::Timeout => Stage::TimedOut,
        ErrorCode::InternalServerError => return Refusal::internal(),
        _ => Stage::DocumentRefused,
    };
    match refused.retry_after {
        Some(seconds) => Refusal::rate_limited(seconds).saying(refused.message),
        None => Refusal::new(status(stage, media), refused.code, refused.message),
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Shown<'a>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    extensions: Map<String, serde_json::Value>,
}

#[derive(Serialize)]
struct Shown<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    locations: &'a [Pos],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    path: &'a [PathSegment],
    extensions: Map<String, serde_json::Value>,
}

/// Whether the library did not execute the document: errors of validation stand under no field.
pub(crate) fn is_refused(response: &Executed) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// Whether something was asked for that whoever asked may not have.
pub(crate) fn is_denied(response: &Executed) -> bool {
    let denied = [ErrorCode::Unauthenticated, ErrorCode::Forbidden].map(|code| Value::from(code.as_str()));
    let code = |error: &ServerError| error.extensions.as_ref().and_then(|extensions| extensions.get("code")).cloned();
    response.errors.iter().filter_map(code).any(|code| denied.contains(&code))
}

/// What the library made of a document, as JSON. `extensions` are ours.
pub(crate) fn body(
    response: &mut Executed,
    order: &FieldOrder,
    mut extensions: Map<String, serde_json::Value>,
    bounds: ErrorBounds,
    request_id: &str,
) -> Result<String, serde_json::Error> {
    order.fail(&mut response.data, response.errors.iter().map(|error| error.path.as_slice()));
    order.put(&mut response.data);
    let document_refused = is_refused(response);
    for (name, value) in &response.extensions {
        if let Ok(value) = value.clone().into_json() {
            extensions.insert(name.clone(), value);
        }
    }
    if !response.errors.is_empty() {
        extensions.insert("requestId".to_owned(), json!(request_id));
    }
    let shown = response.errors.iter().take(bounds.errors);
    let answer = Answer {
        data: (!document_refused).then_some(&response.data),
        errors: shown.map(|error| show(error, document_refused, bounds.message, request_id)).collect(),
        extensions,
    };
    serde_json::to_string(&answer)
}

/// The answer with this body.
pub(crate) fn answer(stage: Stage, media: Media, body: impl Into<Body>) -> Response<Body> {
    let mut http = Response::new(body.into());
    *http.status_mut() = status(stage, media);
    http.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    http
}

/// How many objects there are in an answer: what it did cost.
pub(crate) fn objects(data: &Value) -> u64 {
    match data {
        Value::Object(fields) => fields.values().map(objects).sum::<u64>() + 1,
        Value::List(items) => items.iter().map(objects).sum(),
        _ => 0,
    }
}

fn show<'a>(error: &'a ServerError, document_refused: bool, longest: usize, request_id: &str) -> Shown<'a> {
    let mut extensions = Map::new();
    if let Some(values) = &error.extensions
        && let Ok(serde_json::Value::Object(given)) = serde_json::to_value(values)
    {
        extensions = given;
    }
    if !extensions.contains_key("code") {
        // Without a code it is the library's own: of validation, or of an argument that does not read as its type.
        let code = if document_refused { ErrorCode::GraphqlValidationFailed } else { ErrorCode::BadUserInput };
        extensions.insert("code".to_owned(), json!(code.as_str()));
    }
    extensions.insert("requestId".to_owned(), json!(request_id));
    Shown { message: shortened(&error.message, longest), locations: &error.locations, path: &error.path, extensions }
}

fn shortened(message: &str, longest: usize) -> &str {
    message.char_indices().nth(longest).map_or(message, |(end, _)| &message[..end])
}
