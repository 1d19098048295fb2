//! `GET /v1/exports/{id}`: the file with all messages of a finding, streamed as it lies in the lake. Whoever may not know of it is
//! told that there is none.

use std::sync::Arc;

use app::{
    activity::Ended,
    exports::{self, Download},
};
use axum::{
    body::Body,
    extract::{FromRequestParts as _, Path as PathParameter, Request, State},
    http::{
        HeaderName, HeaderValue, Response,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
};
use bytes::Bytes;
use domain::{EvidenceExportId, ports::ObjectReader};
use futures::stream;

use crate::{
    auth,
    edge::{Shared, request_id},
    imports::signed_in,
    refusal::Refusal,
    request_log::RequestNotes,
};

/// SHA-256 of the file, in hexadecimal.
pub(crate) const SHA256: HeaderName = HeaderName::from_static("x-content-sha256");

/// `GET /v1/exports/{id}`
pub(crate) async fn get(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    download(&edge, request).await.unwrap_or_else(|refusal| refusal.answer(&id))
}

async fn download(edge: &Arc<Shared>, request: Request) -> Result<Response<Body>, Refusal> {
    let (mut parts, _) = request.into_parts();
    let op = signed_in(edge, &parts).await?;
    let missing = || Refusal::not_found("there is no such export");
    let PathParameter(id) =
        PathParameter::<String>::from_request_parts(&mut parts, &()).await.map_err(|_| missing())?;
    let id: EvidenceExportId = id.parse().map_err(|_| missing())?;
    op.begin("evidenceDownload", vec![id.to_string()]);
    let download = exports::download(&op, id).await;
    let client = download.as_ref().ok().map(|download| download.export.client);
    op.end(Ended::of(&download), client).await.map_err(|error| auth::refusal(error, op.lang()))?;
    let download = download.map_err(|error| auth::refusal(error, op.lang()))?;
    if let Some(notes) = parts.extensions.get::<RequestNotes>() {
        notes.client(download.export.client);
    }
    answer(download)
}

fn answer(download: Download) -> Result<Response<Body>, Refusal> {
    let Download { export, file, reader } = download;
    let value = |text: String| HeaderValue::try_from(text).map_err(|_| Refusal::internal());
    let disposition = value(format!("attachment; filename=\"{}\"", export.file_name()))?;
    let mut response = Response::new(streamed(reader));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(export.format.media_type()));
    headers.insert(CONTENT_DISPOSITION, disposition);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(file.bytes));
    headers.insert(SHA256, value(file.sha256)?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// An object as a body.
pub(crate) fn streamed(reader: Box<dyn ObjectReader>) -> Body {
    Body::from_stream(stream::unfold(Some(reader), piece))
}

type Piece = Result<Bytes, std::io::Error>;

/// The next piece; a failure ends the body, and the connection with it, so that nobody takes half a file for the whole.
async fn piece(reader: Option<Box<dyn ObjectReader>>) -> Option<(Piece, Option<Box<dyn ObjectReader>>)> {
    let mut reader = reader?;
    match reader.next().await {
        Ok(Some(bytes)) => Some((Ok(bytes.into()), Some(reader))),
        Ok(None) => None,
        Err(error) => {
            tracing::error!(%error, "an object could not be read to its end");
            Some((Err(std::io::Error::other("the file cannot be read to its end")), None))
        }
    }
}
