//! SLA: from a ticket's timeline to its timers, and what follows from them. The engine is `sla`; this translates, keeps what it said
//! as a cache, and does what it asks for.

mod clock;
mod code;
mod defaults;
mod effects;
mod escalate;
mod explain;
mod holiday_lists;
mod preview;
mod quiet;
mod read;
mod remembered;
pub mod reports;
mod set;
mod staff;
mod tell;
mod terms;
mod what_if;

#[cfg(test)]
mod tests;

pub use ::sla::{Clock, Level, Metric, Moved, Reason, Scope, Timer, TimerState, Turn};
use ::sla::{Event, EventKind, Owner, Priority};
use std::{collections::HashMap, sync::Arc};

pub use clock::tick;
pub use code::SlaCode;
pub use defaults::ensure_defaults;
use domain::{
    ClientId, Instant, TicketId,
    access::Permission,
    tickets::{TicketEventKind, TicketPriority, TicketStatus, TimedTicketEvent, WaitingOn},
};
pub use explain::{Explained, ExplainedSegment, explain, explanation_csv, of_reference, zone};
pub use holiday_lists::{
    HolidayListDraft, holiday_list_page, holiday_lists_by_ids, preview_holiday_list, set_holiday_list,
};
pub use jiff::Timestamp;
pub use preview::{Preview, PreviewedMove, preview_calendar, preview_policy};
pub(crate) use quiet::defer;
pub use quiet::{quiet_hours, set_quiet_hours};
pub use read::{calendar_page, calendars_by_ids, policies_by_ids, policy_page, tiers};
pub use remembered::Remembered;
pub use set::{CalendarDraft, Release, set_calendar, set_policy, set_tier};
pub(crate) use terms::Book;
pub use what_if::{Outcomes, Supposition, WhatIf, WhatIfDifference, WhatIfRow, what_if};

use store::Tx;
pub use store::sla::{CalendarVersion, HolidayList, Origin, PolicyVersion};

use crate::{NoCode, OpCtx, OpError};

/// The engine's instant for ours.
pub fn timestamp(instant: Instant) -> Timestamp {
    Timestamp::from_microsecond(instant.timestamp_micros()).unwrap_or_default()
}

/// Our instant for the engine's.
pub fn instant(timestamp: Timestamp) -> Instant {
    Instant::from_timestamp_micros(timestamp.as_microsecond()).unwrap_or_default()
}

/// The engine's name of a priority.
pub const fn priority(priority: TicketPriority) -> Priority {
    match priority {
        TicketPriority::P1 => Priority::P1,
        TicketPriority::P2 => Priority::P2,
        TicketPriority::P3 => Priority::P3,
        TicketPriority::P4 => Priority::P4,
    }
}

/// Our name of a priority.
pub const fn ticket_priority(priority: Priority) -> TicketPriority {
    match priority {
        Priority::P1 => TicketPriority::P1,
        Priority::P2 => TicketPriority::P2,
        Priority::P3 => TicketPriority::P3,
        Priority::P4 => TicketPriority::P4,
    }
}

const fn owner(waiting_on: WaitingOn) -> Owner {
    match waiting_on {
        WaitingOn::Us => Owner::Us,
        WaitingOn::Client => Owner::Client,
        WaitingOn::Meta => Owner::Meta,
        WaitingOn::ThirdParty => Owner::ThirdParty,
    }
}

/// Our name of an owner.
pub const fn waiting_on(owner: Owner) -> WaitingOn {
    match owner {
        Owner::Us => WaitingOn::Us,
        Owner::Client => WaitingOn::Client,
        Owner::Meta => WaitingOn::Meta,
        Owner::ThirdParty => WaitingOn::ThirdParty,
    }
}

/// What the engine makes of an event of the timeline.
fn event_kind(kind: &TicketEventKind) -> EventKind {
    match kind {
        TicketEventKind::Opened { .. } => EventKind::Opened,
        TicketEventKind::Replied { by_staff: true, .. } => EventKind::PublicReplyByStaff,
        TicketEventKind::Replied { by_staff: false, .. } => EventKind::PublicReplyByClient,
        TicketEventKind::WaitingOnChanged { to, .. } => EventKind::WaitingOn(owner(*to)),
        TicketEventKind::PriorityChanged { to, .. } => EventKind::PriorityChanged(priority(*to)),
        TicketEventKind::Submitted { .. } => EventKind::Submitted,
        TicketEventKind::StatusChanged { to: TicketStatus::Closed, .. } => EventKind::Closed,
        TicketEventKind::StatusChanged { to: TicketStatus::Recovery, .. } => EventKind::Recovered,
        TicketEventKind::StatusChanged { from: TicketStatus::Closed, .. } => EventKind::Reopened,
        _ => EventKind::Other,
    }
}

/// A timeline as the engine reads it: each event at the same place.
pub(crate) fn log(timeline: &[TimedTicketEvent]) -> Vec<Event> {
    timeline.iter().map(|event| Event::new(timestamp(event.at), event_kind(&event.kind))).collect()
}

/// The priority with which a ticket was opened.
pub(crate) fn opened_with(timeline: &[TimedTicketEvent]) -> Option<Priority> {
    timeline.iter().find_map(|event| match event.kind {
        TicketEventKind::Opened { priority: with } => Some(priority(with)),
        _ => None,
    })
}

/// The timers of a timeline at `now`.
///
/// # Errors
/// The terms name a calendar that they do not hold.
pub fn timers(
    timeline: &[TimedTicketEvent],
    terms: &::sla::Terms,
    now: Instant,
) -> Result<Vec<Timer>, ::sla::EvaluateError> {
    match opened_with(timeline) {
        Some(priority) => ::sla::evaluate(&log(timeline), terms, priority, timestamp(now)),
        None => Ok(Vec::new()),
    }
}

/// How the promises of a ticket stand, and who had the ball when.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Whose ticket it is.
    pub client: ClientId,
    /// The timers.
    pub timers: Vec<Timer>,
    /// Who had the ball, from the opening on.
    pub turns: Vec<Turn>,
}

impl Standing {
    /// For how many seconds `owner` had the ball, by the clock on the wall.
    pub fn seconds_with(&self, owner: WaitingOn) -> u64 {
        ::sla::seconds_with(&self.turns, self::owner(owner))
    }
}

/// How the promises of many tickets stand.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn of_tickets(op: &OpCtx, tickets: &[TicketId]) -> Result<HashMap<TicketId, Arc<Standing>>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    let tx = op.reader().await?;
    of_known(op, &tx, store::tickets::timeline_ends(&tx, tickets).await?).await
}

/// The same of tickets that `tx` has seen, with whose they are and the places of their last entries: in one statement, and two more for
/// what the process does not know yet.
pub(crate) async fn of_known(
    op: &OpCtx,
    tx: &Tx,
    tickets: HashMap<TicketId, (ClientId, i64)>,
) -> Result<HashMap<TicketId, Arc<Standing>>, OpError<NoCode>> {
    let services = op.services();
    let terms = services.promises.terms(tx).await?;
    let timelines = services.promises.timelines(tx, &tickets).await?;
    let mut answer = HashMap::with_capacity(tickets.len());
    for (ticket, (client, _)) in tickets {
        let Some(timeline) = timelines.get(&ticket) else { continue };
        answer.insert(ticket, timeline.standing(client, &terms.terms_of(client), op.now())?);
    }
    Ok(answer)
}
