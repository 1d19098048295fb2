//! Files on tickets: `POST /v1/tickets/{id}/attachments` takes one as the body, `GET /v1/attachments/{id}` hands it out. A browser is told
//! to save it and to make nothing of it; whoever may not know of it is told that there is none.

use std::sync::Arc;

use app::{
    OpCtx,
    tickets::{self, AttachmentDownload, LARGEST_ATTACHMENT, NewAttachment},
};
use axum::{
    body::Body,
    extract::{FromRequestParts as _, Path as PathParameter, Query, Request, State},
    http::{
        HeaderValue, Response, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
        },
        request::Parts,
    },
};
use domain::tickets::{Attachment, TicketEventVisibility};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::json;

use crate::{
    auth,
    edge::{Shared, json_answer, request_id},
    exports::{SHA256, streamed},
    imports::{
        signed_in,
        upload::{self, Uploads},
    },
    refusal::Refusal,
    request_log::RequestNotes,
};

/// What a name in a header may hold unchanged (RFC 8187, attr-char, but for what nobody needs).
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// What stands in the address of an upload.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    file_name: String,
    #[serde(default)]
    internal: bool,
    action: Option<String>,
    submission: Option<String>,
}

/// `POST /v1/tickets/{id}/attachments`
pub(crate) async fn post(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    add(&edge, request).await.unwrap_or_else(|refusal| refusal.answer(&id))
}

/// `GET /v1/attachments/{id}`
pub(crate) async fn get(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    hand_out(&edge, request).await.unwrap_or_else(|refusal| refusal.answer(&id))
}

/// The id in the address.
async fn named<T: std::str::FromStr>(parts: &mut Parts, missing: &'static str) -> Result<T, Refusal> {
    let missing = || Refusal::not_found(missing);
    let PathParameter(id) = PathParameter::<String>::from_request_parts(parts, &()).await.map_err(|_| missing())?;
    id.parse().map_err(|_| missing())
}

async fn add(edge: &Arc<Shared>, request: Request) -> Result<Response<Body>, Refusal> {
    let (mut parts, body) = request.into_parts();
    let op = signed_in(edge, &parts).await?;
    let ticket = named(&mut parts, "there is no such ticket").await?;
    let Query(parameters) = Query::<Parameters>::from_request_parts(&mut parts, &()).await.map_err(|_| {
        Refusal::bad_request("known are file_name, internal, action and submission; file_name is needed")
    })?;
    if parts.headers.contains_key(CONTENT_ENCODING) {
        return Err(Refusal::bad_request("send the file as it is, without a content encoding"));
    }
    let unknown = |what| Refusal::bad_request(format!("{what} is no id of its kind"));
    let visibility = if parameters.internal { TicketEventVisibility::Internal } else { TicketEventVisibility::Public };
    let action = parameters.action.map(|id| id.parse().map_err(|_| unknown("action"))).transpose()?;
    let submission = parameters.submission.map(|id| id.parse().map_err(|_| unknown("submission"))).transpose()?;
    let found = tickets::may_attach(&op, ticket, visibility).await.map_err(|error| auth::refusal(error, op.lang()))?;
    if let Some(notes) = parts.extensions.get::<RequestNotes>() {
        notes.client(found.client);
    }
    let place = Arc::clone(&edge.upload_places)
        .try_acquire_owned()
        .map_err(|_| Refusal::unavailable("too many files are being received: try again in a moment"))?;
    // Its transaction must not stay open while the file comes in.
    let (actor, lang) = (op.actor().clone(), op.lang());
    drop(op);
    let bounds = Uploads { size: edge.uploads.size.min(LARGEST_ATTACHMENT), ..edge.uploads.clone() };
    let received = upload::receive(&parts.headers, body, &bounds).await?;
    let op = OpCtx::new(Arc::clone(&edge.services), actor, lang);
    let new = NewAttachment {
        ticket,
        visibility,
        file_name: parameters.file_name,
        file: received.path.to_path_buf(),
        action,
        submission,
    };
    let added = tickets::attach(&op, new).await.map_err(|error| auth::refusal(error, lang));
    drop((received, place));
    Ok(json_answer(StatusCode::CREATED, &json!({ "attachment": shown(&added?) })))
}

fn shown(attachment: &Attachment) -> serde_json::Value {
    json!({
        "id": attachment.id,
        "ticketId": attachment.ticket,
        "visibility": attachment.visibility,
        "fileName": attachment.file_name,
        "mediaType": attachment.media_type,
        "bytes": attachment.bytes,
        "sha256": attachment.sha256,
        "addedAt": attachment.added_at,
        "download": format!("/v1/attachments/{}", attachment.id),
    })
}

async fn hand_out(edge: &Arc<Shared>, request: Request) -> Result<Response<Body>, Refusal> {
    let (mut parts, _) = request.into_parts();
    let op = signed_in(edge, &parts).await?;
    let id = named(&mut parts, "there is no such file").await?;
    let download = tickets::download_attachment(&op, id).await.map_err(|error| auth::refusal(error, op.lang()))?;
    if let Some(notes) = parts.extensions.get::<RequestNotes>() {
        notes.client(download.attachment.client);
    }
    answer(download)
}

fn answer(download: AttachmentDownload) -> Result<Response<Body>, Refusal> {
    let AttachmentDownload { attachment, reader } = download;
    let value = |text: String| HeaderValue::try_from(text).map_err(|_| Refusal::internal());
    let ascii: String = attachment
        .file_name
        .chars()
        .map(|letter| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '_' })
        .collect();
    let name = utf8_percent_encode(&attachment.file_name, NAME);
    let disposition = value(format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{name}"))?;
    let mut response = Response::new(streamed(reader));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, value(attachment.media_type)?);
    headers.insert(CONTENT_DISPOSITION, disposition);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(attachment.bytes));
    headers.insert(SHA256, value(attachment.sha256)?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}
