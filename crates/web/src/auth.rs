//! From the head of a request to the operation that it runs as.

use std::sync::Arc;

use app::{Code, OpCtx, OpError, Services, accounts};
use axum::http::{
    StatusCode,
    header::{ACCEPT_LANGUAGE, AUTHORIZATION},
    request,
};
use domain::access::Actor;
use i18n::{Args, Lang};

use crate::{
    access::VIEW_AS,
    address::Origin,
    measure::{self, Denied},
    refusal::{ErrorCode, Refusal},
    request_log::{RequestId, RequestNotes},
};

/// The operation of whoever sent the request: of nobody without a credential, refused with a bad one. Tells the log who it is.
pub(crate) async fn operation(
    services: &Arc<Services>,
    parts: &request::Parts,
    default: Lang,
) -> Result<OpCtx, Refusal> {
    let lang = language(parts, default);
    let mut op = match credential(parts)? {
        None => OpCtx::new(Arc::clone(services), Actor::Anonymous, lang),
        Some(credential) => accounts::authenticate(services, credential, lang).await.map_err(|error| match error {
            OpError::Unauthenticated => {
                measure::denied(Denied::Credential);
                Refusal::unauthenticated("the credential is not good, or has ended: sign in again")
            }
            error => refusal(error, lang),
        })?,
    };
    if let Some(client) = parts.headers.get(VIEW_AS) {
        let client = client.to_str().ok().and_then(|id| id.parse().ok());
        let client =
            client.ok_or_else(|| Refusal::bad_request("X-View-As-Client must be the id of a client (cli_…)"))?;
        op = op.view_as(client).await.map_err(|error| refusal(error, lang))?;
    }
    op.address = parts.extensions.get::<Origin>().map(|origin| origin.0);
    op.request = parts.extensions.get::<RequestId>().map(|id| id.0.to_string());
    if let Some(notes) = parts.extensions.get::<RequestNotes>() {
        notes.actor(op.actor());
    }
    Ok(op)
}

/// The language that whoever sent the request prefers.
pub(crate) fn language(parts: &request::Parts, default: Lang) -> Lang {
    parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map_or(default, Lang::negotiate)
}

/// The credential of a request, if it has one.
pub(crate) fn credential(parts: &request::Parts) -> Result<Option<&str>, Refusal> {
    let Some(value) = parts.headers.get(AUTHORIZATION) else { return Ok(None) };
    let credential = value.to_str().ok().and_then(bearer);
    credential.map(Some).ok_or_else(|| {
        measure::denied(Denied::Credential);
        Refusal::unauthenticated("Authorization must be: Bearer, a space, and an access token or API token")
    })
}

/// The credential in the value of `Authorization`.
pub(crate) fn bearer(value: &str) -> Option<&str> {
    let (scheme, credential) = value.split_once(' ')?;
    let credential = credential.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !credential.is_empty()).then_some(credential)
}

/// What a use case's failure is over plain HTTP.
pub(crate) fn refusal<C: Code>(error: OpError<C>, lang: Lang) -> Refusal {
    match error {
        OpError::Refused(refusals) => {
            let texts: Vec<String> = refusals
                .into_iter()
                .map(|refusal| {
                    let args =
                        refusal.arguments.into_iter().fold(Args::new(), |args, (name, value)| args.text(name, value));
                    i18n::text(lang, refusal.code.key(), &args)
                })
                .collect();
            Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::BadUserInput, texts.join(" "))
        }
        OpError::NotFound => Refusal::not_found("not found"),
        OpError::Unauthenticated => {
            measure::denied(Denied::Nobody);
            Refusal::unauthenticated("sign in first, or send an API token")
        }
        OpError::Forbidden(permission) => {
            measure::denied(Denied::WithoutPermission);
            Refusal::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, format!("the permission {permission} is missing"))
        }
        OpError::Conflict { .. } => {
            Refusal::new(StatusCode::CONFLICT, ErrorCode::Conflict, "somebody else changed it meanwhile: read it again")
        }
        OpError::Cursor => {
            Refusal::new(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, "the cursor belongs to another list")
        }
        OpError::RateLimited { retry_after } => Refusal::rate_limited(retry_after),
        OpError::Unavailable(error) => {
            tracing::error!(error.context = error.context, error.detail = error.detail, "a part is unavailable");
            Refusal::unavailable("a part of the service cannot be reached now: try again")
        }
        OpError::Internal(error) => {
            tracing::error!(error.context = error.context, error.detail = error.detail, "an operation failed");
            Refusal::internal()
        }
    }
}
