//! The clock: looks at the tickets whose time has come, and does what has come due. Any number of processes may run it: a ticket is
//! looked at by one of them at a time, and what it did stands in the transaction that did it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ::sla::{Policy, Terms, Timer};
use domain::{
    Instant, SlaEffectId, TicketId,
    access::Visibility,
    sla::{SlaEffect, SlaEffectKey, SlaEffectOutcome},
    tickets::{Submission, Ticket, TicketEventKind, TimedTicketEvent},
};
use store::{
    Tx,
    sla::{CachedTimer, DueTicket},
};

use super::{
    Book,
    effects::{Arrived, Case, What},
    escalate::Escalated,
    instant, log, timers, timestamp,
};
use crate::{OpCtx, OpError};

/// Tickets of one transaction.
const BATCH: u64 = 100;
/// A ticket that could not be judged is looked at again so much later.
const RETRY_AFTER: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// Looks at up to a hundred tickets whose time has come, and returns at how many; 0 when there is nothing to do now.
///
/// # Errors
/// The database is unavailable; nothing was done.
pub async fn tick(op: &OpCtx) -> Result<u64, OpError> {
    let services = op.services();
    let look = services.store.read(&Visibility::System).await?;
    let has_due = store::sla::has_due(&look, op.now()).await?;
    look.rollback().await?;
    if !has_due {
        return Ok(0);
    }
    let tx = op.write_as_system().await?;
    let due = store::sla::due(&tx, op.now(), BATCH).await?;
    if due.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let batch = Batch::read(&tx, &due).await?;
    let mut escalated = Vec::new();
    for DueTicket { ticket, is_quiet } in &due {
        escalated.extend(batch.look_at(op, &tx, *ticket, *is_quiet).await?);
    }
    super::tell::tell(op, &tx, &escalated).await?;
    tx.commit().await?;
    services.job_signal.raise();
    Ok(due.len() as u64)
}

/// How a ticket stands.
struct Judged {
    timers: Vec<Timer>,
    /// What came due.
    arrived: Vec<Arrived>,
    /// When a reminder comes due next.
    reminder: Option<Instant>,
}

/// What is needed of some tickets, read at once.
struct Batch {
    tickets: HashMap<TicketId, Ticket>,
    timelines: HashMap<TicketId, Vec<TimedTicketEvent>>,
    submissions: HashMap<TicketId, Vec<Submission>>,
    known: HashMap<TicketId, HashSet<SlaEffectKey>>,
    book: Book,
}

impl Batch {
    async fn read(tx: &Tx, due: &[DueTicket]) -> Result<Self, OpError> {
        let ids: Vec<TicketId> = due.iter().map(|due| due.ticket).collect();
        let tickets = store::tickets::by_ids(tx, &ids).await?;
        let timelines = store::tickets::sla_timelines(tx, &ids).await?;
        let mut submissions: HashMap<TicketId, Vec<Submission>> = HashMap::new();
        for submission in store::submissions::of_tickets(tx, &ids).await? {
            submissions.entry(submission.ticket).or_default().push(submission);
        }
        Ok(Self {
            book: Book::open(tx, tickets.iter().map(|ticket| ticket.client)).await?,
            known: store::sla::effects_of(tx, &ids).await?,
            timelines: timelines.into_iter().map(|(ticket, timeline)| (ticket, timeline.events)).collect(),
            tickets: tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect(),
            submissions,
        })
    }

    /// Does what has come due on a ticket, keeps what the engine said, and says when to look again. Returns whom to tell what.
    async fn look_at(&self, op: &OpCtx, tx: &Tx, id: TicketId, is_quiet: bool) -> Result<Vec<Escalated>, OpError> {
        let (Some(ticket), Some(timeline)) = (self.tickets.get(&id), self.timelines.get(&id)) else {
            return Ok(Vec::new());
        };
        let terms = self.book.terms_of(ticket.client);
        let judged = self.judge(op, ticket, timeline, &terms);
        let Judged { timers, arrived, reminder } = match judged {
            Ok(judged) => judged,
            Err(error) => {
                // Terms that cannot be applied must not keep the other tickets.
                tracing::error!(ticket.id = %id, %error, "the SLA of a ticket cannot be judged");
                store::sla::set_wakeup(tx, ticket.client, id, Some(op.now() + RETRY_AFTER)).await?;
                return Ok(Vec::new());
            }
        };
        let mut done = Vec::new();
        for arrived in &arrived {
            let outcome = if is_quiet { SlaEffectOutcome::Moot } else { arrived.outcome };
            let is_new = store::sla::record(tx, &effect(op, ticket, arrived, outcome)).await?;
            if is_new && outcome == SlaEffectOutcome::Done {
                done.push(arrived);
            }
        }
        let cached: Vec<CachedTimer> = timers.iter().map(cached).collect();
        store::sla::cache(tx, ticket.client, id, &cached).await?;
        let escalated = escalate(op, tx, ticket, &terms, &arrived, &done).await?;
        // What was written on the timeline woke the ticket; unless it changed, there is nothing more to look at.
        let changed = escalated.iter().any(|escalated| escalated.changed_ticket);
        let next = timers.iter().filter_map(|timer| timer.next_wakeup).map(instant).chain(reminder).min();
        store::sla::set_wakeup(tx, ticket.client, id, if changed { Some(op.now()) } else { next }).await?;
        Ok(escalated)
    }

    fn judge(
        &self,
        op: &OpCtx,
        ticket: &Ticket,
        timeline: &[TimedTicketEvent],
        terms: &Terms,
    ) -> Result<Judged, ::sla::EvaluateError> {
        let nothing = HashSet::new();
        let case = Case {
            timeline,
            terms,
            submissions: self.submissions.get(&ticket.id).map_or(&[], Vec::as_slice),
            waiting_on: ticket.waiting_on,
            is_open: ticket.status.is_open(),
            known: self.known.get(&ticket.id).unwrap_or(&nothing),
            now: op.now(),
        };
        let timers = timers(timeline, terms, op.now())?;
        let turns = ::sla::turns(&log(timeline), timestamp(op.now()));
        let arrived = case.arrived(&timers, &turns)?;
        Ok(Judged { timers, arrived, reminder: case.next_reminder(&turns) })
    }
}

/// Writes what was done on the timeline, and does what the policy asks for.
async fn escalate(
    op: &OpCtx,
    tx: &Tx,
    ticket: &Ticket,
    terms: &Terms,
    arrived: &[Arrived],
    done: &[&Arrived],
) -> Result<Vec<Escalated>, OpError> {
    let events: Vec<TicketEventKind> = done.iter().filter_map(|arrived| event(arrived)).collect();
    store::tickets::append_events(tx, ticket, op.actor(), op.now(), op.random(), &events).await?;
    let policies: Vec<Arc<Policy>> = terms.policies().iter().map(|version| Arc::clone(&version.value)).collect();
    let mut escalated = Vec::new();
    let mut ticket = ticket.clone();
    for one in done {
        if let Some(found) = super::escalate::act(op, tx, &mut ticket, &policies, arrived, one).await? {
            escalated.push(found);
        }
    }
    Ok(escalated)
}

fn effect(op: &OpCtx, ticket: &Ticket, arrived: &Arrived, outcome: SlaEffectOutcome) -> SlaEffect {
    SlaEffect {
        id: SlaEffectId::new(op.now(), op.random()),
        client: ticket.client,
        ticket: ticket.id,
        key: arrived.key.clone(),
        reached_at: arrived.reached_at,
        recorded_at: op.now(),
        outcome,
    }
}

/// What the timeline says of it.
fn event(arrived: &Arrived) -> Option<TicketEventKind> {
    match &arrived.what {
        What::Level { metric, cycle, level, .. } => Some(TicketEventKind::SlaLevelReached {
            metric: metric.as_str().to_owned(),
            cycle: *cycle,
            level: level.to_string(),
        }),
        What::Moved { cause, moves } => Some(TicketEventKind::DeadlinesMoved { cause: *cause, moves: moves.clone() }),
        What::AnswerExpected { .. } | What::ClientWaits { .. } => None,
    }
}

fn cached(timer: &Timer) -> CachedTimer {
    CachedTimer {
        metric: timer.metric.as_str(),
        cycle: timer.cycle,
        priority: super::ticket_priority(timer.priority).as_str(),
        state: timer.state.as_str(),
        started_at: instant(timer.started_at),
        due_at: timer.due_at.map(instant),
        breach_at: timer.breached_at.or(timer.will_breach_at).map(instant),
        stopped_at: timer.stopped_at.map(instant),
        elapsed_seconds: timer.elapsed_seconds,
    }
}
