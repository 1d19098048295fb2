//! The clock: looks at the tickets whose time has come, and does what has come due. Any number of processes may run it: a ticket is
//! looked at by one of them at a time, and what it did stands in the transaction that did it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use ::sla::{Terms, Timer};
use domain::{
    ClientId, Instant, SlaEffectId, TicketId,
    access::Visibility,
    sla::{SlaEffect, SlaEffectKey, SlaEffectOutcome},
    tickets::{CorrectiveAction, Submission, Ticket, TicketEventKind, TimedTicketEvent},
};
use store::{
    Tx,
    sla::{CachedTimer, DueTicket, Look},
};

use super::{
    Book,
    effects::{Arrived, Case, What},
    escalate::Escalated,
    instant, log,
    staff::Staff,
    timers, timestamp,
};
use crate::{OpCtx, OpError};

/// Tickets of one transaction.
const BATCH: u64 = 500;
/// A ticket that could not be judged is looked at again so much later.
const RETRY_AFTER: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// Looks at some hundred tickets whose time has come, and returns at how many; 0 when there is nothing to do now.
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
    let batch = Batch::read(op, &tx, &due).await?;
    // Counting is work for a thread of its own.
    let judged = tokio::task::spawn_blocking(move || batch.judge_all(due)).await;
    let looked_at = judged.map_err(|error| OpError::internal("judging the SLA of tickets", error))?;
    settle(op, &tx, &looked_at).await?;
    tx.commit().await?;
    services.job_signal.raise();
    Ok(looked_at.len() as u64)
}

/// How a ticket stands.
struct Judged {
    timers: Vec<Timer>,
    /// What came due.
    arrived: Vec<Arrived>,
    /// When a reminder comes due next.
    reminder: Option<Instant>,
}

/// A ticket that was looked at.
struct LookedAt {
    ticket: Ticket,
    terms: Arc<Terms>,
    is_quiet: bool,
    /// How it stands, if that can be told.
    judged: Option<Judged>,
}

/// What is needed of some tickets, read at once.
struct Batch {
    tickets: HashMap<TicketId, Ticket>,
    timelines: HashMap<TicketId, Vec<TimedTicketEvent>>,
    submissions: HashMap<TicketId, Vec<Submission>>,
    actions: HashMap<TicketId, Vec<CorrectiveAction>>,
    known: HashMap<TicketId, HashSet<SlaEffectKey>>,
    terms: HashMap<ClientId, Arc<Terms>>,
    now: Instant,
}

impl Batch {
    async fn read(op: &OpCtx, tx: &Tx, due: &[DueTicket]) -> Result<Self, OpError> {
        let ids: Vec<TicketId> = due.iter().map(|due| due.ticket).collect();
        let tickets = store::tickets::by_ids(tx, &ids).await?;
        let mut submissions: HashMap<TicketId, Vec<Submission>> = HashMap::new();
        for submission in store::submissions::of_tickets(tx, &ids).await? {
            submissions.entry(submission.ticket).or_default().push(submission);
        }
        let mut actions: HashMap<TicketId, Vec<CorrectiveAction>> = HashMap::new();
        for action in store::corrective_actions::to_be_done(tx, &ids).await? {
            actions.entry(action.ticket).or_default().push(action);
        }
        let clients: BTreeSet<ClientId> = tickets.iter().map(|ticket| ticket.client).collect();
        let book = Book::open(tx, clients.iter().copied()).await?;
        Ok(Self {
            terms: clients.into_iter().map(|client| (client, Arc::new(book.terms_of(client)))).collect(),
            known: store::sla::effects_of(tx, &ids).await?,
            timelines: store::tickets::timed_events(tx, &ids).await?,
            tickets: tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect(),
            submissions,
            actions,
            now: op.now(),
        })
    }

    fn judge_all(mut self, due: Vec<DueTicket>) -> Vec<LookedAt> {
        let look = |DueTicket { ticket: id, is_quiet }| {
            let ticket = self.tickets.remove(&id)?;
            let terms = Arc::clone(self.terms.get(&ticket.client)?);
            let judged = self.judge(&ticket, &terms).inspect_err(|error| {
                // Terms that cannot be applied must not keep the other tickets.
                tracing::error!(ticket.id = %id, %error, "the SLA of a ticket cannot be judged");
            });
            Some(LookedAt { ticket, terms, is_quiet, judged: judged.ok() })
        };
        due.into_iter().filter_map(look).collect()
    }

    fn judge(&self, ticket: &Ticket, terms: &Terms) -> Result<Judged, ::sla::EvaluateError> {
        let nothing = HashSet::new();
        let timeline = self.timelines.get(&ticket.id).map_or(&[][..], Vec::as_slice);
        let case = Case {
            timeline,
            terms,
            submissions: self.submissions.get(&ticket.id).map_or(&[], Vec::as_slice),
            actions: self.actions.get(&ticket.id).map_or(&[], Vec::as_slice),
            waiting_on: ticket.waiting_on,
            is_open: ticket.status.is_open(),
            known: self.known.get(&ticket.id).unwrap_or(&nothing),
            now: self.now,
        };
        let timers = timers(timeline, terms, self.now)?;
        let turns = ::sla::turns(&log(timeline), timestamp(self.now));
        let arrived = case.arrived(&timers, &turns)?;
        Ok(Judged { timers, arrived, reminder: case.next_reminder(&turns) })
    }
}

/// Writes down what has come due, does it, keeps what the engine said, says when to look again, and tells people.
async fn settle(op: &OpCtx, tx: &Tx, looked_at: &[LookedAt]) -> Result<(), OpError> {
    let done = record(op, tx, looked_at).await?;
    let events: Vec<(&Ticket, Vec<TicketEventKind>)> = looked_at
        .iter()
        .zip(&done)
        .map(|(look, done)| (&look.ticket, done.iter().filter_map(|arrived| event(arrived)).collect()))
        .collect();
    let events: Vec<(&Ticket, &[TicketEventKind])> =
        events.iter().map(|(ticket, events)| (*ticket, events.as_slice())).collect();
    store::tickets::append_to_many(tx, op.actor(), op.now(), op.random(), &events).await?;
    let staff = Staff::read(tx).await?;
    let mut escalated = Vec::new();
    let mut looks = Vec::with_capacity(looked_at.len());
    for (look, done) in looked_at.iter().zip(&done) {
        let found = escalate(op, tx, &staff, look, done).await?;
        // What was written on the timeline woke the ticket; unless it changed, there is nothing more to look at.
        let changed = found.iter().any(|escalated| escalated.changed_ticket);
        looks.push(look.kept(changed, op.now()));
        escalated.extend(found);
    }
    store::sla::keep(tx, &looks).await?;
    super::tell::tell(op, tx, &staff, &escalated).await
}

/// Notes what has come due, and returns of each ticket what is to be done now and was not before.
async fn record<'a>(op: &OpCtx, tx: &Tx, looked_at: &'a [LookedAt]) -> Result<Vec<Vec<&'a Arrived>>, OpError> {
    let mut effects = Vec::new();
    let mut arrived: Vec<(usize, &Arrived)> = Vec::new();
    for (place, look) in looked_at.iter().enumerate() {
        for one in look.judged.iter().flat_map(|judged| &judged.arrived) {
            let outcome = if look.is_quiet { SlaEffectOutcome::Moot } else { one.outcome };
            effects.push(effect(op, &look.ticket, one, outcome));
            arrived.push((place, one));
        }
    }
    let new = store::sla::record(tx, &effects).await?;
    let mut done = vec![Vec::new(); looked_at.len()];
    for (effect, (place, one)) in effects.iter().zip(arrived) {
        if effect.outcome == SlaEffectOutcome::Done && new.contains(&effect.id) {
            done[place].push(one);
        }
    }
    Ok(done)
}

/// Does what the policy asks for because of what came due.
async fn escalate(
    op: &OpCtx,
    tx: &Tx,
    staff: &Staff,
    look: &LookedAt,
    done: &[&Arrived],
) -> Result<Vec<Escalated>, OpError> {
    let arrived = look.judged.as_ref().map_or(&[][..], |judged| &judged.arrived);
    let mut escalated = Vec::new();
    let mut ticket = look.ticket.clone();
    for one in done {
        let asked = super::escalate::asked(look.terms.policies(), arrived, one);
        escalated.extend(super::escalate::act(op, tx, staff, &mut ticket, (one, asked)).await?);
    }
    Ok(escalated)
}

impl LookedAt {
    /// What is kept of it; a ticket that `changed` is looked at again at once.
    fn kept(&self, changed: bool, now: Instant) -> Look {
        let (client, ticket) = (self.ticket.client, self.ticket.id);
        let Some(judged) = &self.judged else {
            return Look { client, ticket, timers: None, wakeup_at: Some(now + RETRY_AFTER) };
        };
        let next = judged.timers.iter().filter_map(|timer| timer.next_wakeup).map(instant).chain(judged.reminder).min();
        Look {
            client,
            ticket,
            timers: Some(judged.timers.iter().map(cached).collect()),
            wakeup_at: if changed { Some(now) } else { next },
        }
    }
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
        What::AnswerExpected { .. } | What::ClientWaits { .. } | What::ActionDue { .. } => None,
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
    }
}
