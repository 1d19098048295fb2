//! Reports as CSV.

use std::collections::HashMap;

use domain::{ClientId, UserId, access::Permission};

use super::{ReportCode, ReportScope, backlog, happenings, promises};
use crate::{OpCtx, OpError, csv::Table};

/// A part of the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportSection {
    /// Promises kept and broken.
    Promises,
    /// Time at Meta, by kind.
    TimeAtMeta,
    /// Closed tickets that came back.
    Reopenings,
    /// Open tickets.
    Backlog,
    /// First answers.
    FirstContacts,
}

/// A part of the reports as CSV.
///
/// # Errors
/// As the report itself.
pub async fn csv(op: &OpCtx, section: ReportSection, scope: &ReportScope) -> Result<String, OpError<ReportCode>> {
    match section {
        ReportSection::Promises => of_promises(op, scope).await,
        ReportSection::Backlog => of_backlog(op, scope).await,
        ReportSection::FirstContacts => of_first_contacts(op, scope).await,
        ReportSection::TimeAtMeta => {
            let mut table = Table::new(&["kind", "tickets", "total_seconds", "median_seconds", "ninth_decile_seconds"]);
            for row in happenings(op, scope).await?.at_meta {
                let figures = [row.tickets, row.total_seconds, row.median_seconds, row.ninth_decile_seconds];
                table.row(&[row.kind.as_str()], &figures);
            }
            Ok(table.written())
        }
        ReportSection::Reopenings => {
            let mut table = Table::new(&["closed", "reopened"]);
            let reopened = happenings(op, scope).await?.reopened;
            table.row(&[], &[reopened.closed, reopened.reopened]);
            Ok(table.written())
        }
    }
}

async fn of_promises(op: &OpCtx, scope: &ReportScope) -> Result<String, OpError<ReportCode>> {
    let rows = promises(op, scope).await?;
    let clients = slugs(op, rows.iter().map(|row| row.client)).await?;
    let mut table = Table::new(&["client", "month", "metric", "priority", "met", "breached", "cancelled", "open"]);
    for row in rows {
        let texts = [name(&clients, row.client), &row.month.to_string(), &row.metric, &row.priority];
        table.row(&texts, &[row.met, row.breached, row.cancelled, row.open]);
    }
    Ok(table.written())
}

async fn of_backlog(op: &OpCtx, scope: &ReportScope) -> Result<String, OpError<ReportCode>> {
    let rows = backlog(op, scope.client).await?;
    let clients = slugs(op, rows.iter().map(|row| row.client)).await?;
    let mut table = Table::new(&["client", "priority", "status", "waiting_on", "oldest_opened_at", "tickets"]);
    for row in rows {
        let oldest = row.oldest.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let texts = [name(&clients, row.client), &row.priority, &row.status, &row.waiting_on, &oldest];
        table.row(&texts, &[row.tickets]);
    }
    Ok(table.written())
}

async fn of_first_contacts(op: &OpCtx, scope: &ReportScope) -> Result<String, OpError<ReportCode>> {
    let rows = happenings(op, scope).await?.first_contacts;
    let ids: Vec<UserId> = rows.iter().filter_map(|row| row.user).collect();
    let users = if op.actor().may(Permission::UsersRead) {
        store::users::by_ids(&*op.reader().await?, &ids).await?
    } else {
        Vec::new()
    };
    let names: HashMap<UserId, String> = users.into_iter().map(|user| (user.id, user.name)).collect();
    let mut table = Table::new(&["user", "name", "tickets", "median_seconds"]);
    for row in rows {
        let id = row.user.map(|user| user.to_string()).unwrap_or_default();
        let name = row.user.and_then(|user| names.get(&user)).map_or("", String::as_str);
        table.row(&[&id, name], &[row.tickets, row.median_seconds]);
    }
    Ok(table.written())
}

async fn slugs(
    op: &OpCtx,
    clients: impl Iterator<Item = ClientId>,
) -> Result<HashMap<ClientId, String>, OpError<ReportCode>> {
    let mut ids: Vec<ClientId> = clients.collect();
    ids.sort_unstable();
    ids.dedup();
    let found = store::clients::by_ids(&*op.reader().await?, &ids).await?;
    Ok(found.into_iter().map(|client| (client.id, client.slug)).collect())
}

fn name(clients: &HashMap<ClientId, String>, client: ClientId) -> &str {
    clients.get(&client).map_or("", String::as_str)
}
