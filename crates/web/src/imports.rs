//! `/v1/imports`: files by HTTP, for programs that hold a token. A file is received whole, then imported; the answer is the import.

pub(crate) mod upload;

use std::{path::Path, sync::Arc};

use app::{
    NoCode, OpCtx, OpError,
    activity::Ended,
    clients,
    imports::{self, ImportCode, Imported, NewImport},
    page::Keyset,
};
use axum::{
    body::Body,
    extract::{FromRequestParts as _, Path as PathParameter, Query, Request, State},
    http::{
        HeaderValue, Response, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
        request::Parts,
    },
};
use domain::{
    ClientId, ImportId,
    access::{Actor, Permission},
    imports::{FileFormat, Import, ImportKind},
    ports::CancelFlag,
};
use i18n::{Group, Lang};
use serde::Deserialize;
use serde_json::json;

use crate::{
    auth,
    edge::{Shared, json_answer, request_id},
    measure::{self, Denied},
    refusal::Refusal,
    request_log::RequestNotes,
};

/// Rows that are read at a time.
const PAGE: u32 = 100;

/// What stands in the address of an upload.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    client: String,
    kind: String,
    format: Option<String>,
    file_name: Option<String>,
    #[serde(default)]
    strict: bool,
    #[serde(default)]
    history: bool,
}

/// `POST /v1/imports`
pub(crate) async fn post(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    answer(upload_and_import(&edge, request).await, &id)
}

/// `GET /v1/imports/{id}`
pub(crate) async fn get(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    let found = async {
        let (op, import) = named(&edge, request).await?;
        Ok(json_answer(StatusCode::OK, &shown(&import, op.lang())))
    };
    answer(found.await, &id)
}

/// `GET /v1/imports/{id}/errors`: one JSON object a line, in the order of the file.
pub(crate) async fn get_errors(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    answer(errors(&edge, request).await, &id)
}

fn answer(result: Result<Response<Body>, Refusal>, request_id: &str) -> Response<Body> {
    result.unwrap_or_else(|refusal| refusal.answer(request_id))
}

async fn upload_and_import(edge: &Arc<Shared>, request: Request) -> Result<Response<Body>, Refusal> {
    let (mut parts, body) = request.into_parts();
    let op = signed_in(edge, &parts).await?;
    let parameters = parameters(&mut parts).await?;
    let kind: ImportKind = parameters
        .kind
        .parse()
        .map_err(|_| Refusal::bad_request("kind must be messages, inbound, consents, templates or assets"))?;
    let format = format(&parameters)?;
    if parts.headers.contains_key(CONTENT_ENCODING) {
        return Err(Refusal::bad_request("send a compressed file as it is, and say so by format: csv.gz, ndjson.zst"));
    }
    let client = permitted_client(&op, &parameters.client, kind).await?;
    if let Some(notes) = parts.extensions.get::<RequestNotes>() {
        notes.client(client);
    }
    let place = Arc::clone(&edge.upload_places)
        .try_acquire_owned()
        .map_err(|_| Refusal::unavailable("too many files are being received: try again in a moment"))?;
    // Its transaction must not stay open while the file comes in, and its time is that of the import, not of the first byte.
    let (actor, lang, address, request_id) = (op.actor().clone(), op.lang(), op.address, op.request.clone());
    drop(op);
    let received = upload::receive(&parts.headers, body, &edge.uploads)
        .await
        .inspect_err(|_| measure::import(kind.as_str(), "not received"))?;
    tracing::debug!(bytes = received.bytes, "a file was received");
    let mut op = OpCtx::new(Arc::clone(&edge.services), actor, lang);
    (op.address, op.request) = (address, request_id);
    let new = NewImport {
        client,
        kind,
        path: received.path.to_path_buf(),
        format,
        file_name: parameters.file_name.unwrap_or_else(|| format!("{kind} by HTTP")),
        strict: parameters.strict,
        history: parameters.history,
    };
    // Finished whoever still listens: given up half-way it would have to be cleaned up later.
    let running = tokio::spawn(async move {
        let imported = run_recorded(&op, new).await;
        drop((received, place));
        imported
    });
    match running.await {
        Ok(Ok(imported)) => {
            measure::import(kind.as_str(), if imported.is_unchanged { "unchanged" } else { "imported" });
            let status = if imported.is_unchanged { StatusCode::OK } else { StatusCode::CREATED };
            let body = json!({ "import": shown(&imported.import, lang), "isUnchanged": imported.is_unchanged });
            Ok(json_answer(status, &body))
        }
        Ok(Err(error)) => {
            measure::import(kind.as_str(), "refused");
            Err(auth::refusal(error, lang))
        }
        Err(_) => {
            measure::import(kind.as_str(), "failed");
            Err(Refusal::internal())
        }
    }
}

/// An import that came to nothing has its entry in the activity log too.
async fn run_recorded(op: &OpCtx, new: NewImport) -> Result<Imported, OpError<ImportCode>> {
    let client = new.client;
    op.begin("importCreate", Vec::new());
    let imported = imports::run(op, new, Arc::new(|_| {}), CancelFlag::default()).await;
    if let Err(error) = op.end(Ended::of(&imported), Some(client)).await {
        tracing::error!(%error, "the activity log could not be written");
    }
    imported
}

pub(crate) async fn signed_in(edge: &Shared, parts: &Parts) -> Result<OpCtx, Refusal> {
    let op = auth::operation(&edge.services, parts, edge.language).await?;
    if *op.actor() == Actor::Anonymous {
        measure::denied(Denied::Nobody);
        return Err(Refusal::unauthenticated("send an access token or API token: Authorization: Bearer …"));
    }
    Ok(op)
}

async fn parameters(parts: &mut Parts) -> Result<Parameters, Refusal> {
    let known = "known are client, kind, format, file_name, strict and history; client and kind are needed";
    let Query(parameters) = Query::<Parameters>::from_request_parts(parts, &())
        .await
        .map_err(|_| Refusal::bad_request(format!("the parameters of the address do not fit: {known}")))?;
    Ok(parameters)
}

fn format(parameters: &Parameters) -> Result<FileFormat, Refusal> {
    let name = match (&parameters.format, &parameters.file_name) {
        (Some(format), _) => format!("file.{format}"),
        (None, Some(name)) => name.clone(),
        (None, None) => String::new(),
    };
    FileFormat::of(Path::new(&name)).map_err(|_| {
        Refusal::bad_request("format must be csv, ndjson or parquet, the first two also with .gz or .zst; or give a file_name that tells")
    })
}

/// The client, if the actor may import `kind` there. Looked at before the first byte is taken.
async fn permitted_client(op: &OpCtx, slug_or_id: &str, kind: ImportKind) -> Result<ClientId, Refusal> {
    let lang = op.lang();
    let client = match slug_or_id.parse::<ClientId>() {
        Ok(id) => clients::by_ids(op, &[id]).await.map(|mut clients| clients.pop()),
        Err(_) => clients::by_slug(op, slug_or_id).await,
    };
    let client = client
        .map_err(|error| auth::refusal(error, lang))?
        .ok_or_else(|| Refusal::not_found("there is no such client"))?;
    let permission = if kind == ImportKind::Consents { Permission::ConsentsImport } else { Permission::TrafficImport };
    op.require_on::<NoCode>(permission, client.id).map_err(|error| auth::refusal(error, lang))?;
    Ok(client.id)
}

/// The import that the address names.
async fn named(edge: &Shared, request: Request) -> Result<(OpCtx, Import), Refusal> {
    let (mut parts, _) = request.into_parts();
    let op = signed_in(edge, &parts).await?;
    let missing = || Refusal::not_found("there is no such import");
    let PathParameter(id) =
        PathParameter::<String>::from_request_parts(&mut parts, &()).await.map_err(|_| missing())?;
    let id: ImportId = id.parse().map_err(|_| missing())?;
    let found =
        imports::by_ids(&op, &[id]).await.map_err(|error: OpError<NoCode>| auth::refusal(error, op.lang()))?.pop();
    Ok((op, found.ok_or_else(missing)?))
}

async fn errors(edge: &Shared, request: Request) -> Result<Response<Body>, Refusal> {
    let (op, import) = named(edge, request).await?;
    let mut lines = String::new();
    let mut keyset = Keyset::first(PAGE);
    // As many as are kept of an import: bounded.
    loop {
        let page =
            imports::row_errors(&op, import.id, &keyset).await.map_err(|error| auth::refusal(error, op.lang()))?;
        for error in &page.items {
            let message = i18n::word(op.lang(), Group::RowReason, &error.reason);
            let line =
                json!({ "line": error.line, "column": error.column, "reason": error.reason, "message": message });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        match page.cursors.last() {
            Some(last) if page.has_next => keyset = Keyset::first(PAGE).after(last.clone()),
            _ => break,
        }
    }
    let mut response = Response::new(Body::from(lines));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson; charset=utf-8"));
    Ok(response)
}

fn shown(import: &Import, lang: Lang) -> serde_json::Value {
    json!({
        "id": import.id,
        "clientId": import.client,
        "kind": import.kind,
        "state": import.state,
        "stateText": i18n::word(lang, Group::ImportState, import.state.as_str()),
        "fileName": import.file_name,
        "contentSha256": import.content_sha256,
        "accepted": import.accepted,
        "rejected": import.rejected,
        "unknownColumns": import.unknown_columns,
        "createdAt": import.created_at,
        "finishedAt": import.finished_at,
        "errors": format!("/v1/imports/{}/errors", import.id),
    })
}
