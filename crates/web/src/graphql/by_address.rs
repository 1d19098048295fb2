//! An operation in the address: `GET /graphql?query=…`, for queries alone. The credential is a header, which no page of another site
//! can make a browser send, so such a request does nothing that its sender could not do.

use std::collections::HashSet;

use axum::http::{StatusCode, Uri};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{body::Asked, strict_json};
use crate::refusal::{ErrorCode, Refusal};

/// What decoding leaves of bytes that are not UTF-8.
const REPLACEMENT: char = '\u{FFFD}';

/// Reads the parameters, at most `limit` bytes of them.
pub(crate) fn parse(uri: &Uri, limit: usize) -> Result<Asked, Refusal> {
    let text = uri.query().unwrap_or_default();
    if text.len() > limit {
        let message = format!("the address is too long: at most {limit} bytes of parameters are taken");
        return Err(Refusal::new(StatusCode::URI_TOO_LONG, ErrorCode::PayloadTooLarge, message));
    }
    let mut object = Map::new();
    let mut seen = HashSet::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if value.contains(REPLACEMENT) || name.contains(REPLACEMENT) {
            return Err(Refusal::bad_request("the parameters are not UTF-8"));
        }
        if !seen.insert(name.clone().into_owned()) {
            return Err(Refusal::bad_request("the address names a parameter twice"));
        }
        let value = match &*name {
            "variables" | "extensions" if value.is_empty() => Value::Null,
            "variables" | "extensions" => strict_json::parse(&value).map_err(Refusal::bad_request)?,
            _ => Value::String(value.into_owned()),
        };
        object.insert(name.into_owned(), value);
    }
    Asked::read(object)
}
