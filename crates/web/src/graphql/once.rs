//! `Idempotency-Key`: a mutation that is done once, however often it is sent.

use app::{
    OpCtx,
    idempotency::{self, Begun, KEY, NotBegun, Once},
};
use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use sha2::{Digest as _, Sha256};

use super::{Admitted, accept::Media, answer, answer::Stage};
use crate::{
    access::{IDEMPOTENCY_KEY, REPLAYED},
    auth,
    refusal::{ErrorCode, Refusal},
};

/// What is to be done about a request.
#[derive(Debug)]
pub(super) enum Step {
    /// It has no key: do it.
    Do,
    /// Do it, and keep the answer.
    DoOnce(Promise),
    /// This was the answer.
    Answer(Response<Body>),
}

/// That the answer will be kept.
#[derive(Debug)]
pub(super) struct Promise {
    op: OpCtx,
    once: Once,
}

/// Looks for a key, and for what was done under it.
pub(super) async fn begin(
    headers: &HeaderMap,
    admitted: &Admitted,
    op: Option<&OpCtx>,
    media: Media,
) -> Result<Step, Refusal> {
    let (Some(key), Some(op)) = (headers.get(IDEMPOTENCY_KEY), op) else { return Ok(Step::Do) };
    if admitted.kind != OperationType::Mutation {
        return Ok(Step::Do);
    }
    let key = key.to_str().unwrap_or_default();
    match idempotency::begin(op, key, &request_hash(admitted)).await {
        Ok(Begun::Now(once)) => Ok(Step::DoOnce(Promise { op: op.clone(), once })),
        Ok(Begun::Before(body)) => {
            let mut response = answer::answer(Stage::Executed, media, body);
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Ok(Step::Answer(response))
        }
        Err(reason) => Err(refusal(reason, op)),
    }
}

/// Of all that is asked.
fn request_hash(admitted: &Admitted) -> String {
    let mut hasher = Sha256::new();
    hasher.update(&admitted.hash);
    hasher.update([0]);
    hasher.update(admitted.operation_name.as_deref().unwrap_or_default());
    hasher.update([0]);
    // Variables came as JSON, and can be written as such.
    hasher.update(serde_json::to_vec(&admitted.variables).unwrap_or_default());
    hex::encode(hasher.finalize())
}

fn refusal(reason: NotBegun, op: &OpCtx) -> Refusal {
    let conflict = |message: &str| Refusal::new(StatusCode::CONFLICT, ErrorCode::Conflict, message);
    match reason {
        NotBegun::NoCredential => Refusal::bad_request("an Idempotency-Key belongs to a credential: sign in first"),
        NotBegun::BadKey => Refusal::bad_request(format!(
            "an Idempotency-Key has {} to {} visible ASCII characters; take a random UUID",
            KEY.start(),
            KEY.end()
        )),
        NotBegun::OtherRequest => conflict("something else was asked under this Idempotency-Key: take a new one"),
        NotBegun::Running => conflict("the first request with this Idempotency-Key is still running: try again"),
        NotBegun::Lost => conflict(
            "what was asked under this Idempotency-Key was done, and its answer was lost: look before you ask again",
        ),
        NotBegun::Failed(error) => auth::refusal(error, op.lang()),
    }
}

impl Promise {
    /// Keeps the answer; `None`: there is none.
    pub(super) async fn keep(self, answer: Option<&str>, succeeded: bool) {
        if let Err(error) = idempotency::finish(&self.op, self.once, answer, succeeded).await {
            // The next request with the key is told that the answer was lost.
            tracing::error!(%error, "an answer could not be kept for its idempotency key");
        }
    }
}
