//! GraphQL answers as HTTP: the table of statuses, and errors cut down to what a caller may see.

use async_graphql::{Name, PathSegment, Pos, Response as Executed, ServerError, Value};
use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE},
};
use serde::Serialize;
use serde_json::{Map, json};

use super::{accept::Media, preflight::Refused};
use crate::refusal::{ErrorCode, Refusal};

/// Errors of one answer, at most.
const ERRORS: usize = 10;

/// Characters of one message, at most: validation echoes names of the document.
const MESSAGE: usize = 300;

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

/// The answer to a document that was not executed.
pub(crate) fn refused(refused: Refused, media: Media, request_id: &str) -> Response<Body> {
    let stage = if refused.code == ErrorCode::Forbidden { Stage::Forbidden } else { Stage::DocumentRefused };
    let status = status(stage, media);
    Refusal::new(status, refused.code, refused.message).answer_as(media.content_type(), status, request_id)
}

/// The answer to an operation that ran out of time.
pub(crate) fn timed_out(media: Media, request_id: &str) -> Response<Body> {
    let status = status(Stage::TimedOut, media);
    let message = "the operation took too long and was given up: ask for less at once";
    Refusal::new(status, ErrorCode::Timeout, message).answer_as(media.content_type(), status, request_id)
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

/// The answer to what the library made of the document. Whether it was executed shows in the errors: those of validation stand
/// under no field.
pub(crate) fn executed(mut response: Executed, media: Media, request_id: &str) -> Response<Body> {
    for error in &response.errors {
        fill(&mut response.data, &error.path);
    }
    let document_refused = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    let stage = if document_refused { Stage::DocumentRefused } else { Stage::Executed };
    let mut extensions = Map::new();
    for (name, value) in &response.extensions {
        if let Ok(value) = value.clone().into_json() {
            extensions.insert(name.clone(), value);
        }
    }
    if !response.errors.is_empty() {
        extensions.insert("requestId".to_owned(), json!(request_id));
    }
    let answer = Answer {
        data: (!document_refused).then_some(&response.data),
        errors: response.errors.iter().take(ERRORS).map(|error| show(error, document_refused, request_id)).collect(),
        extensions,
    };
    match serde_json::to_vec(&answer) {
        Ok(body) => {
            let mut http = Response::new(Body::from(body));
            *http.status_mut() = status(stage, media);
            http.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
            http
        }
        Err(error) => {
            tracing::error!(error = %error, "an answer cannot be written as JSON");
            Refusal::internal().answer(request_id)
        }
    }
}

/// Sets to null the field that an error stands under: the library leaves it out.
fn fill(data: &mut Value, path: &[PathSegment]) {
    match (data, path) {
        (Value::Object(fields), [PathSegment::Field(name)]) => {
            fields.entry(Name::new(name)).or_default();
        }
        (Value::Object(fields), [PathSegment::Field(name), rest @ ..]) => {
            if let Some(value) = fields.get_mut(name.as_str()) {
                fill(value, rest);
            }
        }
        (Value::List(items), [PathSegment::Index(index), rest @ ..]) => {
            if let Some(value) = items.get_mut(*index) {
                fill(value, rest);
            }
        }
        _ => {}
    }
}

fn show<'a>(error: &'a ServerError, document_refused: bool, request_id: &str) -> Shown<'a> {
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
    Shown { message: shortened(&error.message), locations: &error.locations, path: &error.path, extensions }
}

fn shortened(message: &str) -> &str {
    message.char_indices().nth(MESSAGE).map_or(message, |(end, _)| &message[..end])
}
