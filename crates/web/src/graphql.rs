//! GraphQL over HTTP: our own handler, for the library's takes anything, echoes everything and always answers 200.
//!
//! POST of `application/json` alone; one operation a request; every error is JSON with a code of the closed list. Knows nothing of
//! the schema: the caller hands over what executes, and gives the request its context.

mod accept;
mod answer;
mod body;
mod lexical;
pub(crate) mod preflight;
mod strict_json;

use std::{sync::Arc, time::Duration};

use async_graphql::{Executor, Request, Response as Executed, parser::types::OperationType};
use axum::{
    body::Body,
    http::{self, Method, Response, StatusCode},
};
use sha2::{Digest as _, Sha256};

use self::{
    accept::{Media, negotiate},
    preflight::Refused,
};
use crate::{
    refusal::{ErrorCode, Refusal},
    request_log::RequestNotes,
};

pub use preflight::Limits;

/// Bounds of the endpoint.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Bytes of a body.
    pub body: usize,
    /// For a body to arrive.
    pub read: Duration,
    /// For an operation to run.
    pub execution: Duration,
    /// What a document may ask for.
    pub document: Limits,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            body: 256 << 10,
            read: Duration::from_secs(10),
            execution: Duration::from_secs(10),
            document: Limits::default(),
        }
    }
}

/// Who asks, as far as this layer cares.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Whether anybody is signed in: only they may ask for the schema.
    pub(crate) signed_in: bool,
    /// For answers.
    pub(crate) request_id: Arc<str>,
    /// For the log.
    pub(crate) notes: RequestNotes,
}

/// Answers a request to `/graphql`. `attach` gives it the context that resolvers expect.
pub(crate) async fn handle<E: Executor>(
    executor: &E,
    bounds: &Bounds,
    request: http::Request<Body>,
    caller: &Caller,
    attach: impl FnOnce(Request) -> Request + Send,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let id = &*caller.request_id;
    if parts.method != Method::POST {
        return Refusal::method_not_allowed("POST").answer(id);
    }
    let Some(media) = negotiate(&parts.headers) else {
        let message = "the answer is application/graphql-response+json or application/json: accept one of them";
        return Refusal::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadRequest, message).answer(id);
    };
    let asked = match read(&parts.headers, body, bounds).await {
        Ok(asked) => asked,
        Err(refusal) => return refusal.answer_as(media.content_type(), refusal.status, id),
    };
    caller.notes.operation(asked.operation_name.as_deref(), &document_hash(&asked.query));
    match preflight::preflight(&asked.query, asked.operation_name.as_deref(), &asked.variables, &bounds.document) {
        Ok(cleared) if cleared.introspects && !caller.signed_in => {
            let message = "the schema is shown to those who are signed in; it is also published as schema.graphql";
            answer::refused(Refused { code: ErrorCode::Forbidden, message: message.to_owned() }, media, id)
        }
        Ok(cleared) => {
            let mut request = Request::new(String::new()).variables(asked.variables);
            request.operation_name = asked.operation_name;
            request.set_parsed_query(cleared.document);
            execute(executor, attach(request), cleared.kind, bounds.execution, media, id).await
        }
        Err(refused) => answer::refused(refused, media, id),
    }
}

async fn read(headers: &http::HeaderMap, body: Body, bounds: &Bounds) -> Result<body::Asked, Refusal> {
    body::check_type(headers)?;
    body::parse(&body::read(headers, body, bounds.body, bounds.read).await?)
}

async fn execute<E: Executor>(
    executor: &E,
    request: Request,
    kind: OperationType,
    deadline: Duration,
    media: Media,
    request_id: &str,
) -> Response<Body> {
    let run = {
        let executor = executor.clone();
        async move { tokio::time::timeout(deadline, executor.execute(request)).await }
    };
    // A query ends with the connection of whoever asked. A mutation is finished, or undone at its deadline, whoever listens.
    let executed: Result<Executed, _> = if kind == OperationType::Mutation {
        match tokio::spawn(run).await {
            Ok(executed) => executed,
            Err(error) => {
                tracing::error!(panicked = error.is_panic(), "a mutation did not end");
                return Refusal::internal().answer(request_id);
            }
        }
    } else {
        run.await
    };
    match executed {
        Ok(response) => answer::executed(response, media, request_id),
        Err(_) => answer::timed_out(media, request_id),
    }
}

/// First 16 digits of the document's SHA-256: what logs know it by.
fn document_hash(document: &str) -> String {
    hex::encode(&Sha256::digest(document.as_bytes())[..8])
}

#[cfg(test)]
mod tests;
