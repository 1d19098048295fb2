//! Reports on tickets and promises.

use app::sla::reports::{self, Happenings};
use async_graphql::{Context, Object, Result, SimpleObject};

use super::{
    Client, User,
    ticket_words::{TicketKind, TicketPriority, TicketStatus, WaitingOn},
};
use crate::scalars::{BigInt, DateTime};

fn count(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Promises of one client, metric and priority whose cycle began in one month.
#[derive(Debug)]
pub(crate) struct SlaReportRow(pub(crate) reports::PromiseRow);

/// Promises of one client, metric and priority whose cycle began in one month.
#[Object]
impl SlaReportRow {
    /// Whose tickets.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// The month, such as `2026-11`.
    async fn month(&self) -> String {
        self.0.month.to_string()
    }

    /// Stable name of the metric, such as `first_response`.
    async fn metric(&self) -> &str {
        &self.0.metric
    }

    /// The priority that the promises were judged by.
    async fn priority(&self) -> &str {
        &self.0.priority
    }

    /// Fulfilled in time.
    async fn met(&self) -> i32 {
        count(self.0.met)
    }

    /// Broken, whether fulfilled since or not.
    async fn breached(&self) -> i32 {
        count(self.0.breached)
    }

    /// Fell away in time.
    async fn cancelled(&self) -> i32 {
        count(self.0.cancelled)
    }

    /// Neither yet.
    async fn open(&self) -> i32 {
        count(self.0.open)
    }
}

/// The time that tickets of a kind lay at Meta, by the clock on the wall.
#[derive(Debug, SimpleObject)]
pub(crate) struct TimeAtMetaRow {
    /// Which kind.
    kind: TicketKind,
    /// Tickets that were at Meta at all.
    tickets: i32,
    /// In all, in seconds.
    total_seconds: BigInt,
    /// The ticket in the middle, in seconds.
    median_seconds: BigInt,
    /// Nine of ten tickets lay no longer, in seconds.
    ninth_decile_seconds: BigInt,
}

/// How many closed tickets came back.
#[derive(Debug, SimpleObject)]
pub(crate) struct ReopenReport {
    /// Tickets that were closed at least once.
    closed: i32,
    /// Of those, tickets that were taken up again.
    reopened: i32,
    /// Their share, from 0 to 1; `null` when none was closed.
    rate: Option<f64>,
}

/// Open tickets that stand alike.
#[derive(Debug)]
pub(crate) struct BacklogRow(pub(crate) reports::BacklogCount);

/// Open tickets that stand alike.
#[Object]
impl BacklogRow {
    /// Whose.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// How much stands still.
    async fn priority(&self) -> Option<TicketPriority> {
        self.0.priority.parse::<domain::tickets::TicketPriority>().ok().map(Into::into)
    }

    /// Where they stand.
    async fn status(&self) -> Option<TicketStatus> {
        self.0.status.parse::<domain::tickets::TicketStatus>().ok().map(Into::into)
    }

    /// Who has the ball.
    async fn waiting_on(&self) -> Option<WaitingOn> {
        self.0.waiting_on.parse::<domain::tickets::WaitingOn>().ok().map(Into::into)
    }

    /// How many.
    async fn tickets(&self) -> i32 {
        count(self.0.tickets)
    }

    /// When the oldest was opened.
    async fn oldest_opened_at(&self) -> DateTime {
        self.0.oldest.into()
    }
}

/// First answers of one member of staff.
#[derive(Debug)]
pub(crate) struct FirstContactRow(reports::FirstContactRow);

/// First answers of one member of staff.
#[Object]
impl FirstContactRow {
    /// Who; `null` for a program, and for those who may not see users.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.user {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Tickets whose first public answer it wrote.
    async fn tickets(&self) -> i32 {
        count(self.0.tickets)
    }

    /// How long the ticket in the middle waited for it, in seconds by the clock on the wall.
    async fn median_seconds(&self) -> BigInt {
        BigInt(self.0.median_seconds)
    }
}

/// What happened on the tickets that were opened in a period.
#[derive(Debug)]
pub(crate) struct TicketReport(pub(crate) Happenings);

/// What happened on the tickets that were opened in a period.
#[Object]
impl TicketReport {
    /// Time at Meta, by kind of ticket: whose delay it was.
    async fn time_at_meta(&self) -> Vec<TimeAtMetaRow> {
        let row = |row: &reports::MetaRow| TimeAtMetaRow {
            kind: row.kind.into(),
            tickets: count(row.tickets),
            total_seconds: BigInt(row.total_seconds),
            median_seconds: BigInt(row.median_seconds),
            ninth_decile_seconds: BigInt(row.ninth_decile_seconds),
        };
        self.0.at_meta.iter().map(row).collect()
    }

    /// How many closed tickets came back.
    async fn reopenings(&self) -> ReopenReport {
        let reports::Reopened { closed, reopened } = self.0.reopened;
        let rate = (closed > 0).then(|| reopened as f64 / closed as f64);
        ReopenReport { closed: count(closed), reopened: count(reopened), rate }
    }

    /// Who wrote how many first answers; empty for those who may not see what is internal.
    async fn first_contacts(&self) -> Vec<FirstContactRow> {
        self.0.first_contacts.iter().cloned().map(FirstContactRow).collect()
    }
}
