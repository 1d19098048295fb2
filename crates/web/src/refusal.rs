//! What the edge answers when it does not do it: always JSON, always a code of the closed list, always the request's id.

use axum::{
    body::Body,
    http::{
        HeaderName, HeaderValue, Response, StatusCode,
        header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use serde_json::json;

pub(crate) use ::graphql::ErrorCode;

/// Media type of errors that nobody asked for in another one.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// A refusal, with the status that it has outside of GraphQL's own table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub(crate) status: StatusCode,
    /// Code of the closed list.
    pub(crate) code: ErrorCode,
    /// For people; holds nothing of ours and nothing personal.
    pub(crate) message: String,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal with a status of its own.
    pub(crate) fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), header: None }
    }

    /// 400: the request makes no sense.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    /// 401: no credential, or one that is forged or has ended.
    pub(crate) fn unauthenticated(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, message)
            .with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// 404: not there, for this actor.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, message)
    }

    /// 405, and the methods that are served.
    pub(crate) fn method_not_allowed(allow: &'static str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, format!("use {allow}"))
            .with(ALLOW, HeaderValue::from_static(allow))
    }

    /// 503: a part of ours cannot be reached, or all places are taken.
    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, message)
            .with(RETRY_AFTER, HeaderValue::from_static("5"))
    }

    /// 500: a defect of ours.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalServerError, "internal error")
    }

    /// 429, and when to try again.
    pub(crate) fn rate_limited(seconds: u32) -> Self {
        let message = format!("too many attempts: try again in {seconds} s");
        Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, message)
            .with(RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// The same, in other words.
    pub(crate) fn saying(mut self, message: String) -> Self {
        self.message = message;
        self
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }

    /// The answer, as `application/json`.
    pub(crate) fn answer(&self, request_id: &str) -> Response<Body> {
        self.answer_as(JSON, self.status, request_id)
    }

    /// The answer, in a media type that was negotiated.
    pub(crate) fn answer_as(&self, media: &'static str, status: StatusCode, request_id: &str) -> Response<Body> {
        let body = json!({
            "errors": [{
                "message": self.message,
                "extensions": { "code": self.code.as_str(), "requestId": request_id },
            }],
        });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
        if let Some((name, value)) = &self.header {
            response.headers_mut().insert(name, value.clone());
        }
        response
    }
}
