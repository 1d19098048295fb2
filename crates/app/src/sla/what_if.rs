//! What other terms would have made of the promises on tickets of the past: the same engine over the real logs, as if those terms had
//! always held. Nothing is stored, and nothing is judged anew by it.

use std::{collections::BTreeMap, sync::Arc};

use ::sla::{Calendar, Policy, Terms};
use domain::{
    ClientId, Instant, SlaCalendarId, SlaPolicyId, TicketId,
    tickets::{TicketPriority, TimedTicketEvent},
};
use serde_json::Value;
use store::{
    Tx,
    sla::{CalendarVersion, Origin, PolicyVersion},
};

use super::{
    Book, CalendarDraft, Metric, Scope, SlaCode, Timer, TimerState,
    reports::{ReportScope, period},
    set::{admit, check_calendars, read_calendar, read_policy, write},
    ticket_priority, timers,
};
use crate::{OpCtx, OpError, Refusal};

/// Tickets of one read.
const BATCH: u64 = 500;
/// Differences that are listed one by one.
const LISTED: usize = 100;

/// Terms that are supposed to have held, in the place of every version of the same owner's.
#[derive(Debug, Clone)]
pub struct Supposition {
    /// On whose tickets, opened when; without a client the BSP's own terms are supposed, on the tickets of all.
    pub scope: ReportScope,
    /// A policy; absent, the real ones.
    pub policy: Option<Value>,
    /// Calendars, each in the place of the one of its key.
    pub calendars: Vec<CalendarDraft>,
}

/// How promises ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Fulfilled in time.
    pub met: u64,
    /// Broken, whether fulfilled since or not.
    pub breached: u64,
    /// Fell away in time.
    pub cancelled: u64,
    /// Neither yet.
    pub open: u64,
}

impl Outcomes {
    const fn count(&mut self, state: TimerState) {
        match state {
            TimerState::Met => self.met += 1,
            TimerState::Breached => self.breached += 1,
            TimerState::Cancelled => self.cancelled += 1,
            TimerState::Running | TimerState::Paused => self.open += 1,
        }
    }
}

/// The promises of one metric and priority, as they were and as they would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhatIfRow {
    /// Of which metric.
    pub metric: Metric,
    /// By which priority they are judged.
    pub priority: TicketPriority,
    /// By the terms that held.
    pub actual: Outcomes,
    /// By those that are supposed.
    pub supposed: Outcomes,
}

/// A promise that was broken and would have been kept, or the reverse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIfDifference {
    /// On which ticket.
    pub ticket: TicketId,
    /// Of which metric.
    pub metric: Metric,
    /// Of which cycle.
    pub cycle: u32,
    /// As it is; `None`: nothing was promised.
    pub actual: Option<Timer>,
    /// As it would be; `None`: nothing would have been promised.
    pub supposed: Option<Timer>,
}

/// What other terms would have made of the promises.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// Tickets that were looked at.
    pub tickets: u64,
    /// Promises, in the order of metrics and priorities.
    pub rows: Vec<WhatIfRow>,
    /// Promises that were broken, and would not have been.
    pub spared: u64,
    /// Promises that were not broken, and would have been.
    pub broken: u64,
    /// The first of both, at most a hundred.
    pub differences: Vec<WhatIfDifference>,
}

/// Asks what other terms would have made of the promises on the tickets that were opened in a period. The tiers of clients and all that
/// happened stay as they are.
///
/// # Errors
/// `NothingChanges` when nothing is supposed; `PeriodInvalid`; else as [`set_policy`](super::set_policy) and
/// [`set_calendar`](super::set_calendar).
pub async fn what_if(op: &OpCtx, supposition: Supposition) -> Result<WhatIf, OpError<SlaCode>> {
    let Supposition { scope, policy, calendars } = supposition;
    admit(op, scope.client)?;
    let period = period(&scope).map_err(OpError::widen::<SlaCode>)?;
    let tx = op.reader().await?;
    if let Some(client) = scope.client
        && store::clients::by_id(&tx, client).await?.is_none()
    {
        return Err(OpError::NotFound);
    }
    let supposed = Supposed::read(op, &tx, scope.client, policy, calendars).await?;
    let mut tally = Tally::default();
    let mut after: Option<TicketId> = None;
    loop {
        let tickets = store::sla::opened_between(&tx, scope.client, period, after, BATCH).await?;
        let Some(last) = tickets.last().copied() else { return Ok(tally.finish()) };
        let cases = supposed.cases(&tx, &tickets).await?;
        let now = op.now();
        // Counting is work for a thread of its own.
        let counted = tokio::task::spawn_blocking(move || tally.take_all(&cases, now)).await;
        let counted = counted.map_err(|error| OpError::internal("supposing other SLA terms", error))?;
        tally = counted.map_err(|error| OpError::internal("supposing other SLA terms", error))?;
        after = Some(last);
    }
}

/// The terms that are supposed, checked.
struct Supposed {
    policy: Option<(PolicyVersion, Arc<Policy>)>,
    calendars: Vec<(CalendarVersion, Arc<Calendar>)>,
}

/// A ticket with the terms of its client as they are, and as they are supposed.
struct Case {
    ticket: TicketId,
    events: Vec<TimedTicketEvent>,
    terms: Arc<(Terms, Terms)>,
}

impl Supposed {
    async fn read(
        op: &OpCtx,
        tx: &Tx,
        client: Option<ClientId>,
        policy: Option<Value>,
        drafts: Vec<CalendarDraft>,
    ) -> Result<Self, OpError<SlaCode>> {
        if policy.is_none() && drafts.is_empty() {
            return Err(OpError::refused(Refusal::of(SlaCode::NothingChanges, "policy")));
        }
        let mut calendars: Vec<(CalendarVersion, Arc<Calendar>)> = Vec::new();
        for draft in drafts {
            let (key, spec) = read_calendar(op, tx, client, draft).await?;
            let version = CalendarVersion {
                id: SlaCalendarId::new(op.now(), op.random()),
                client,
                key,
                version: 1,
                effective_from: Instant::UNIX_EPOCH,
                scope: Scope::NewTickets,
                definition: write(&spec)?,
                origin: Origin::default(),
            };
            let calendar = super::terms::calendar(&version)?;
            calendars.push((version, Arc::new(calendar)));
        }
        let policy = match policy {
            Some(definition) => {
                let policy = read_policy(definition, "policy")?;
                let keys: Vec<&str> = calendars.iter().map(|(version, _)| version.key.as_str()).collect();
                check_calendars(tx, client, (&policy, "policy"), &keys).await?;
                let version = PolicyVersion {
                    id: SlaPolicyId::new(op.now(), op.random()),
                    client,
                    version: 1,
                    effective_from: Instant::UNIX_EPOCH,
                    scope: Scope::NewTickets,
                    definition: write(&policy)?,
                    origin: Origin::default(),
                };
                Some((version, Arc::new(policy)))
            }
            None => None,
        };
        Ok(Self { policy, calendars })
    }

    async fn cases(&self, tx: &Tx, tickets: &[TicketId]) -> Result<Vec<Case>, OpError<SlaCode>> {
        let mut timelines = store::tickets::sla_timelines(tx, tickets).await?;
        let real = Book::open::<SlaCode>(tx, timelines.values().map(|timeline| timeline.client)).await?;
        let supposed = self.put_into(real.clone());
        let mut terms = BTreeMap::new();
        let mut cases = Vec::with_capacity(tickets.len());
        for ticket in tickets {
            let Some(timeline) = timelines.remove(ticket) else { continue };
            let client = timeline.client;
            let both =
                terms.entry(client).or_insert_with(|| Arc::new((real.terms_of(client), supposed.terms_of(client))));
            cases.push(Case { ticket: *ticket, events: timeline.events, terms: Arc::clone(both) });
        }
        Ok(cases)
    }

    /// The book with these terms in the place of every version of the same owner's.
    fn put_into(&self, mut book: Book) -> Book {
        if let Some(supposed) = &self.policy {
            book.policies.retain(|(version, _)| version.client != supposed.0.client);
            book.policies.push(supposed.clone());
        }
        for supposed in &self.calendars {
            let owner = (supposed.0.client, &supposed.0.key);
            book.calendars.retain(|(version, _)| (version.client, &version.key) != owner);
            book.calendars.push(supposed.clone());
        }
        book
    }
}

#[derive(Default)]
struct Tally {
    tickets: u64,
    promises: BTreeMap<(Metric, TicketPriority), [Outcomes; 2]>,
    spared: u64,
    broken: u64,
    differences: Vec<WhatIfDifference>,
}

impl Tally {
    fn take_all(mut self, cases: &[Case], now: Instant) -> Result<Self, ::sla::EvaluateError> {
        for case in cases {
            let actual = timers(&case.events, &case.terms.0, now)?;
            let supposed = timers(&case.events, &case.terms.1, now)?;
            self.tickets += 1;
            self.take(case.ticket, actual, supposed);
        }
        Ok(self)
    }

    fn take(&mut self, ticket: TicketId, actual: Vec<Timer>, supposed: Vec<Timer>) {
        let mut pairs: BTreeMap<(Metric, u32), [Option<Timer>; 2]> = BTreeMap::new();
        for (place, timers) in [actual, supposed].into_iter().enumerate() {
            for timer in timers {
                let row = self.promises.entry((timer.metric, ticket_priority(timer.priority))).or_default();
                row[place].count(timer.state);
                let pair = pairs.entry((timer.metric, timer.cycle)).or_default();
                pair[place] = Some(timer);
            }
        }
        for ((metric, cycle), [actual, supposed]) in pairs {
            let is_broken = |timer: Option<&Timer>| timer.is_some_and(|timer| timer.breached_at.is_some());
            match (is_broken(actual.as_ref()), is_broken(supposed.as_ref())) {
                (true, false) => self.spared += 1,
                (false, true) => self.broken += 1,
                _ => continue,
            }
            if self.differences.len() < LISTED {
                self.differences.push(WhatIfDifference { ticket, metric, cycle, actual, supposed });
            }
        }
    }

    fn finish(self) -> WhatIf {
        let Self { tickets, promises, spared, broken, differences } = self;
        let promises = promises.into_iter();
        let rows = promises
            .map(|((metric, priority), [actual, supposed])| WhatIfRow { metric, priority, actual, supposed })
            .collect();
        WhatIf { tickets, rows, spared, broken, differences }
    }
}
