//! `GET /v1/activity`: the activity log as a file, oldest entry first, written as it is read. Asking for it is entered in the log.

use std::{fmt::Write as _, sync::Arc};

use app::{
    OpCtx,
    activity::{self, Ended, Filter},
    page::{Cursor, Keyset},
};
use axum::{
    body::Body,
    extract::{FromRequestParts as _, Query, Request, State},
    http::{
        HeaderValue, Response,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
};
use bytes::Bytes;
use domain::{Instant, activity::Activity};
use futures::stream;
use serde::Deserialize;
use serde_json::json;

use crate::{
    auth,
    edge::{Shared, request_id},
    imports::signed_in,
    refusal::Refusal,
};

/// Entries that are read at a time.
const PAGE: u32 = 100;

/// What stands in the address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    format: Format,
    client: Option<String>,
    user: Option<String>,
    action: Option<String>,
    outcome: Option<String>,
    from: Option<Instant>,
    until: Option<Instant>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    Csv,
    Ndjson,
}

impl Format {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    const fn disposition(self) -> &'static str {
        match self {
            Self::Csv => "attachment; filename=\"activity.csv\"",
            Self::Ndjson => "attachment; filename=\"activity.ndjson\"",
        }
    }

    const fn head(self) -> &'static str {
        match self {
            Self::Csv => "id,at,client,actor,user,api_token,action,subjects,outcome,code,address,request_id\r\n",
            Self::Ndjson => "",
        }
    }
}

impl Parameters {
    fn filter(&self) -> Result<Filter, Refusal> {
        fn read<T: std::str::FromStr>(name: &str, text: Option<&String>) -> Result<Option<T>, Refusal> {
            let unknown = |_| Refusal::bad_request(format!("`{name}` is none"));
            text.map(|text| text.parse().map_err(unknown)).transpose()
        }
        Ok(Filter {
            client: read("client", self.client.as_ref())?,
            user: read("user", self.user.as_ref())?,
            action: self.action.clone().filter(|action| !action.contains('\0')),
            outcome: read("outcome", self.outcome.as_ref())?,
            from: self.from,
            until: self.until,
            ..Filter::default()
        })
    }
}

/// `GET /v1/activity`
pub(crate) async fn get(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    export(&edge, request).await.unwrap_or_else(|refusal| refusal.answer(&id))
}

async fn export(edge: &Arc<Shared>, request: Request) -> Result<Response<Body>, Refusal> {
    let (mut parts, _) = request.into_parts();
    let op = signed_in(edge, &parts).await?;
    let unreadable = |_| {
        Refusal::bad_request("give format=csv or format=ndjson; client, user, action, outcome, from, until may follow")
    };
    let Query(parameters) = Query::<Parameters>::from_request_parts(&mut parts, &()).await.map_err(unreadable)?;
    let filter = parameters.filter()?;
    op.begin("activityExport", Vec::new());
    // The first page before the answer begins: who may not is told so.
    let first = activity::page(&op, &filter, &Keyset::first(PAGE)).await;
    op.end(Ended::of(&first), filter.client).await.map_err(|error| auth::refusal(error, op.lang()))?;
    let page = first.map_err(|error| auth::refusal(error, op.lang()))?;
    let format = parameters.format;
    let mut text = format.head().to_owned();
    page.items.iter().for_each(|entry| write(&mut text, format, &op, entry));
    let next = page.cursors.last().cloned().filter(|_| page.has_next);
    op.let_go().await;
    let rest = Rest { op, filter, format, text: Some(text), next };
    let mut response = Response::new(Body::from_stream(stream::unfold(Some(rest), piece)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(format.disposition()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// What is still to be written.
struct Rest {
    op: OpCtx,
    filter: Filter,
    format: Format,
    /// Written already.
    text: Option<String>,
    next: Option<Cursor>,
}

type Piece = Result<Bytes, std::io::Error>;

/// The next page; a failure ends the body, and the connection with it, so that nobody takes half a log for the whole.
async fn piece(rest: Option<Rest>) -> Option<(Piece, Option<Rest>)> {
    let mut rest = rest?;
    if let Some(text) = rest.text.take() {
        return Some((Ok(text.into()), Some(rest)));
    }
    let after = rest.next.take()?;
    let page = activity::page(&rest.op, &rest.filter, &Keyset::first(PAGE).after(after)).await;
    // The reader of the file may be slow, and holds no transaction.
    rest.op.let_go().await;
    match page {
        Ok(page) => {
            let mut text = String::new();
            page.items.iter().for_each(|entry| write(&mut text, rest.format, &rest.op, entry));
            rest.next = page.cursors.last().cloned().filter(|_| page.has_next);
            Some((Ok(text.into()), Some(rest)))
        }
        Err(error) => {
            tracing::error!(%error, "the activity log could not be read to its end");
            Some((Err(std::io::Error::other("the log cannot be read to its end")), None))
        }
    }
}

fn write(text: &mut String, format: Format, op: &OpCtx, entry: &Activity) {
    let address = entry.address.as_deref().filter(|_| activity::shows_origin(op, entry));
    let id = entry.id.to_string();
    let at = entry.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let client = entry.client.map(|client| client.to_string());
    let user = entry.user.map(|user| user.to_string());
    let token = entry.token.map(|token| token.to_string());
    match format {
        Format::Csv => {
            let subjects = entry.subjects.join(" ");
            let cells = [
                Some(&*id),
                Some(&*at),
                client.as_deref(),
                Some(entry.actor.as_str()),
                user.as_deref(),
                token.as_deref(),
                Some(&*entry.action),
                Some(&*subjects),
                Some(entry.outcome.as_str()),
                entry.code.as_deref(),
                address,
                entry.request.as_deref(),
            ];
            let cells: Vec<String> = cells.into_iter().map(|value| cell(value.unwrap_or_default())).collect();
            let _ = write!(text, "{}\r\n", cells.join(","));
        }
        Format::Ndjson => {
            let line = json!({
                "id": id, "at": at, "client": client, "actor": entry.actor.as_str(), "user": user, "apiToken": token,
                "action": entry.action, "subjects": entry.subjects, "outcome": entry.outcome.as_str(),
                "code": entry.code, "address": address, "requestId": entry.request,
            });
            let _ = writeln!(text, "{line}");
        }
    }
}

/// A value as CSV (RFC 4180), and as no formula for programs that would compute it.
fn cell(value: &str) -> String {
    let guard = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if guard.is_empty() && !value.contains([',', '"', '\n', '\r']) {
        return value.to_owned();
    }
    format!("\"{guard}{}\"", value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_compute_nothing() {
        for (value, written) in
            [("plain", "plain"), ("a,\"b\"", "\"a,\"\"b\"\"\""), ("=1+1", "\"'=1+1\""), ("", ""), ("a\nb", "\"a\nb\"")]
        {
            assert_eq!(cell(value), written);
        }
    }
}
