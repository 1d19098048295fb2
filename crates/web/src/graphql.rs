//! GraphQL over HTTP: our own handler, for the library's takes anything, echoes everything and always answers 200.
//!
//! POST of `application/json`, or GET for queries; one operation a request; every error is JSON with a code of the closed list. Knows
//! nothing of resolvers: the caller hands over what executes, and gives the request its context.

mod accept;
mod answer;
mod body;
mod by_address;
mod cost;
mod documents;
mod endpoint;
mod known;
mod lexical;
mod once;
mod order;
pub(crate) mod preflight;
pub(crate) mod strict_json;

use std::{mem, sync::Arc, time::Duration};

use async_graphql::{Executor, Request, Response as Executed, parser::types::OperationType};
use axum::{
    body::Body,
    http::{self, Method, Response, StatusCode, request::Parts},
};
use serde_json::Map;

use self::{
    accept::{Media, negotiate},
    answer::Stage,
    once::{Promise, Step},
};
pub(crate) use self::{
    body::Asked,
    endpoint::{Admitted, Caller, Endpoint, Payer},
    order::FieldOrder,
    preflight::Refused,
};
use crate::{
    buckets::Budget,
    measure::{self, Denied},
    refusal::{ErrorCode, Refusal},
};

pub use answer::ErrorBounds;
pub use documents::{DocumentRule, TrustedDocuments};
pub use preflight::Limits;

/// Methods of the endpoint.
const METHODS: &str = "GET, POST";

/// Who may ask for the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Introspection {
    /// Everybody.
    Open,
    /// Who is signed in.
    #[default]
    SignedIn,
    /// Nobody.
    Off,
}

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
    /// What an answer says of errors.
    pub errors: ErrorBounds,
    /// What each credential may spend on documents.
    pub budget: Budget,
    /// Who may ask for the schema.
    pub introspection: Introspection,
    /// The trusted documents, and who must use them.
    pub documents: TrustedDocuments,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            body: 256 << 10,
            read: Duration::from_secs(10),
            execution: Duration::from_secs(10),
            document: Limits::default(),
            errors: ErrorBounds::default(),
            budget: Budget { capacity: 20_000, restored: 500 },
            introspection: Introspection::default(),
            documents: TrustedDocuments::default(),
        }
    }
}

/// Answers a request to `/graphql`. `attach` gives it the context that resolvers expect.
pub(crate) async fn handle<E: Executor>(
    executor: &E,
    endpoint: &Arc<Endpoint>,
    request: http::Request<Body>,
    caller: &Caller,
    attach: impl FnOnce(Request) -> Request + Send,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let id = &*caller.request_id;
    if parts.method != Method::POST && parts.method != Method::GET {
        return Refusal::method_not_allowed(METHODS).answer(id);
    }
    let Some(media) = negotiate(&parts.headers) else {
        let message = "the answer is application/graphql-response+json or application/json: accept one of them";
        return Refusal::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadRequest, message).answer(id);
    };
    let answered: Result<Response<Body>, Refusal> = async {
        let asked = read(&parts, body, &endpoint.bounds).await?;
        let mut admitted = endpoint
            .admit(asked, caller, |kind| serves(&parts.method, kind))
            .map_err(|refused| refuse(refused, media))?;
        let promise = match once::begin(&parts.headers, &admitted, caller.op.as_ref(), media).await? {
            Step::Answer(answer) => return Ok(answer),
            Step::Do => None,
            Step::DoOnce(promise) => Some(promise),
        };
        let work = Work {
            executor: executor.clone(),
            endpoint: Arc::clone(endpoint),
            caller: caller.clone(),
            kind: admitted.kind,
            cost: admitted.cost,
            order: mem::take(&mut admitted.order),
        };
        let request = endpoint.request(admitted, attach);
        let done = match promise {
            None => work.execute(request).await,
            // Whoever asked may be gone before it is done, and ask again.
            Some(promise) => tokio::spawn(work.execute_once(request, promise)).await.unwrap_or_else(|error| {
                tracing::error!(panicked = error.is_panic(), "an operation with a key did not end");
                Err(Refused::new(ErrorCode::InternalServerError, "internal error"))
            }),
        };
        let Done { stage, body, .. } = done.map_err(|refused| answer::refusal(refused, media))?;
        Ok(answer::answer(stage, media, body))
    }
    .await;
    answered.unwrap_or_else(|refusal| refusal.answer_as(media.content_type(), refusal.status, id))
}

async fn read(parts: &Parts, body: Body, bounds: &Bounds) -> Result<Asked, Refusal> {
    if parts.method == Method::GET {
        return by_address::parse(&parts.uri, bounds.body);
    }
    body::check_type(&parts.headers)?;
    body::parse(&body::read(&parts.headers, body, bounds.body, bounds.read).await?)
}

/// Whether HTTP serves an operation of this kind by this method.
fn serves(method: &Method, kind: OperationType) -> Result<(), Refused> {
    match kind {
        OperationType::Subscription => {
            let message = "subscriptions are served over WebSocket, by the protocol graphql-transport-ws";
            Err(Refused::new(ErrorCode::BadRequest, message))
        }
        OperationType::Mutation if *method == Method::GET => {
            Err(Refused { limit: Some(BY_POST), ..Refused::new(ErrorCode::BadRequest, "send mutations by POST") })
        }
        OperationType::Mutation | OperationType::Query => Ok(()),
    }
}

/// What the measurements call a mutation that came by GET.
const BY_POST: &str = "method";

fn refuse(refused: Refused, media: Media) -> Refusal {
    if refused.limit == Some(BY_POST) {
        return Refusal::method_not_allowed("POST");
    }
    answer::refusal(refused, media)
}

/// An operation that is paid for, and who is to be answered.
struct Work<E> {
    executor: E,
    endpoint: Arc<Endpoint>,
    caller: Caller,
    kind: OperationType,
    cost: u64,
    order: FieldOrder,
}

/// What came of it.
struct Done {
    stage: Stage,
    body: String,
    /// Whether there are no errors in it.
    succeeded: bool,
}

impl<E: Executor> Work<E> {
    async fn execute(self, request: Request) -> Result<Done, Refused> {
        let (endpoint, caller) = (&self.endpoint, &self.caller);
        let mut executed = run(&self.executor, request, self.kind, endpoint.bounds.execution).await?;
        let cost = endpoint.settle(&caller.payer, self.cost, &executed, caller.now);
        let mut extensions = Map::new();
        let stage = if answer::is_refused(&executed) {
            Stage::DocumentRefused
        } else {
            extensions.insert("cost".to_owned(), cost);
            Stage::Executed
        };
        let succeeded = executed.errors.is_empty();
        count_denied(&executed, &caller.payer);
        let body = body(&mut executed, &self.order, extensions, endpoint.bounds.errors, &caller.request_id);
        let body = body.ok_or_else(|| Refused::new(ErrorCode::InternalServerError, "internal error"))?;
        Ok(Done { stage, body, succeeded })
    }

    async fn execute_once(self, request: Request, promise: Promise) -> Result<Done, Refused> {
        let done = self.execute(request).await;
        match &done {
            Ok(Done { body, succeeded, .. }) => promise.keep(Some(body), *succeeded).await,
            Err(_) => promise.keep(None, false).await,
        }
        done
    }
}

/// Counts an answer that denies something.
pub(crate) fn count_denied(executed: &Executed, payer: &Payer) {
    if !executed.errors.is_empty() && answer::is_denied(executed) {
        let is_nobody = matches!(payer, Payer::Nobody(_));
        measure::denied(if is_nobody { Denied::Nobody } else { Denied::WithoutPermission });
    }
}

/// Runs an operation that answers once, to its end or its deadline.
pub(crate) async fn run<E: Executor>(
    executor: &E,
    request: Request,
    kind: OperationType,
    deadline: Duration,
) -> Result<Executed, Refused> {
    let run = {
        let executor = executor.clone();
        async move { tokio::time::timeout(deadline, executor.execute(request)).await }
    };
    // A query ends with the connection of whoever asked. A mutation is finished, or undone at its deadline, whoever listens.
    let executed = if kind == OperationType::Mutation {
        tokio::spawn(run).await.map_err(|error| {
            tracing::error!(panicked = error.is_panic(), "a mutation did not end");
            Refused::new(ErrorCode::InternalServerError, "internal error")
        })?
    } else {
        run.await
    };
    executed.map_err(|_| {
        let message = "the operation took too long and was given up: ask for less at once";
        Refused::new(ErrorCode::Timeout, message)
    })
}

/// What was executed, as JSON; `None` for what cannot be written as such.
pub(crate) fn body(
    executed: &mut Executed,
    order: &FieldOrder,
    extensions: Map<String, serde_json::Value>,
    bounds: ErrorBounds,
    request_id: &str,
) -> Option<String> {
    answer::body(executed, order, extensions, bounds, request_id)
        .inspect_err(|error| tracing::error!(%error, "an answer cannot be written as JSON"))
        .ok()
}

#[cfg(test)]
mod tests;
