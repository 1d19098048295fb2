//! What a version would do to the tickets that are open, before it is set: the same engine over the real logs.

use std::sync::Arc;

use ::sla::{Moved, Scope, Terms};
use domain::{ClientId, Instant, TicketId, tickets::TimedTicketEvent};
use serde_json::Value;
use store::{
    Tx,
    sla::{CalendarVersion, PolicyVersion},
};

use super::{
    Book, CalendarDraft, Release, SlaCode, log, opened_with,
    set::{admit, draft_calendar, draft_policy},
    timestamp,
};
use crate::{OpCtx, OpError};

/// Tickets of one read.
const BATCH: u64 = 500;
/// Moves that are listed one by one.
const LISTED: usize = 100;

/// A deadline that would move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviewedMove {
    /// Of which ticket.
    pub ticket: TicketId,
    /// Which, and where to.
    pub moved: Moved,
}

/// What a version would do to the tickets that are open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// When it would begin to hold; the answer supposes that nothing happens until then.
    pub at: Instant,
    /// Open tickets that were looked at.
    pub tickets: u64,
    /// Deadlines that would move.
    pub moved: u64,
    /// Promises that would be broken at once, and are not broken otherwise.
    pub breached: u64,
    /// The first moves, at most a hundred.
    pub moves: Vec<PreviewedMove>,
}

/// What setting this policy would do.
///
/// # Errors
/// As [`set_policy`](super::set_policy).
pub async fn preview_policy(op: &OpCtx, release: Release, definition: Value) -> Result<Preview, OpError<SlaCode>> {
    admit(op, release.client)?;
    let tx = op.reader().await?;
    let version = draft_policy(op, &tx, &release, definition).await?;
    preview(&tx, &release, version.effective_from, |book| book.with_policy(version.clone())).await
}

/// What setting this calendar would do.
///
/// # Errors
/// As [`set_calendar`](super::set_calendar).
pub async fn preview_calendar(op: &OpCtx, release: Release, draft: CalendarDraft) -> Result<Preview, OpError<SlaCode>> {
    admit(op, release.client)?;
    let tx = op.reader().await?;
    let version = draft_calendar(op, &tx, &release, draft).await?;
    preview(&tx, &release, version.effective_from, |book| book.with_calendar(version.clone())).await
}

/// The terms of a client as they are, and as they would be.
type Compared = (Terms, Terms);

pub(super) async fn preview(
    tx: &Tx,
    release: &Release,
    at: Instant,
    changed: impl Fn(Book) -> Result<Book, OpError<SlaCode>> + Send,
) -> Result<Preview, OpError<SlaCode>> {
    let mut preview = Preview { at, tickets: 0, moved: 0, breached: 0, moves: Vec::new() };
    if release.scope == Scope::NewTickets {
        return Ok(preview);
    }
    let mut after: Option<TicketId> = None;
    loop {
        let tickets = store::sla::open_tickets(tx, release.client, after, BATCH).await?;
        let Some(last) = tickets.last().copied() else { return Ok(preview) };
        let timelines = store::tickets::sla_timelines(tx, &tickets).await?;
        let clients: Vec<ClientId> = timelines.values().map(|timeline| timeline.client).collect();
        let old = Book::open::<SlaCode>(tx, clients).await?;
        let new = changed(old.clone())?;
        let work: Vec<(TicketId, Vec<TimedTicketEvent>, Arc<Compared>)> = {
            let mut terms = std::collections::HashMap::new();
            let mut timelines = timelines;
            let of = |ticket: &TicketId| {
                let timeline = timelines.remove(ticket)?;
                let client = timeline.client;
                let compared =
                    terms.entry(client).or_insert_with(|| Arc::new((old.terms_of(client), new.terms_of(client))));
                Some((*ticket, timeline.events, Arc::clone(compared)))
            };
            tickets.iter().filter_map(of).collect()
        };
        preview.tickets += work.len() as u64;
        // Counting is work for a thread of its own.
        let moves = tokio::task::spawn_blocking(move || compare(&work, at)).await;
        let moves = moves.map_err(|error| OpError::internal("previewing SLA terms", error))?;
        for found in moves.map_err(|error| OpError::internal("previewing SLA terms", error))? {
            preview.moved += 1;
            preview.breached += u64::from(found.moved.breached);
            if preview.moves.len() < LISTED {
                preview.moves.push(found);
            }
        }
        after = Some(last);
    }
}

fn compare(
    work: &[(TicketId, Vec<TimedTicketEvent>, Arc<Compared>)],
    at: Instant,
) -> Result<Vec<PreviewedMove>, ::sla::EvaluateError> {
    let at = timestamp(at);
    let mut moves = Vec::new();
    for (ticket, events, terms) in work {
        let Some(priority) = opened_with(events) else { continue };
        let log = log(events);
        let before = ::sla::evaluate(&log, &terms.0, priority, at)?;
        let after = ::sla::evaluate(&log, &terms.1, priority, at)?;
        let found = ::sla::moved(&before, &after).into_iter();
        moves.extend(found.map(|moved| PreviewedMove { ticket: *ticket, moved }));
    }
    Ok(moves)
}

impl Book {
    fn with_policy(mut self, version: PolicyVersion) -> Result<Self, OpError<SlaCode>> {
        let policy = super::terms::read(version.definition.clone())?;
        self.policies.push((version, Arc::new(policy)));
        Ok(self)
    }

    pub(super) fn with_calendar(mut self, version: CalendarVersion) -> Result<Self, OpError<SlaCode>> {
        let calendar = super::terms::calendar(&version)?;
        self.calendars.push((version, Arc::new(calendar)));
        Ok(self)
    }
}
