//! Reports: what was promised and kept, whose delay it was, what came back, what waits, and who answers first.

mod csv;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    ClientId, Instant, TicketId, UserId,
    access::Permission,
    tickets::{TicketEvent, TicketEventKind, TicketKind, TicketStatus, TimedTicketEvent, WaitingOn},
};
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use store::Tx;
pub use store::sla::BacklogCount;

pub use csv::{ReportSection, csv};

use super::{instant, log, timestamp};
use crate::{Code, OpCtx, OpError, Refusal};

/// Months of a report at most.
const MOST_MONTHS: usize = 24;
/// Tickets of one read.
const BATCH: u64 = 500;

/// Why a report was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportCode {
    /// A month is none, or the period ends before it begins or lasts more than 24 months.
    PeriodInvalid,
    /// There is no such time zone.
    ZoneUnknown,
}

impl Code for ReportCode {
    fn key(self) -> &'static str {
        match self {
            Self::PeriodInvalid => "error-sla-report-period",
            Self::ZoneUnknown => "error-sla-zone",
        }
    }
}

/// What is reported on.
#[derive(Debug, Clone)]
pub struct ReportScope {
    /// Of this client; absent, of all that the actor may know of.
    pub client: Option<ClientId>,
    /// First month, such as `2026-01`.
    pub from: String,
    /// Last month.
    pub to: String,
    /// IANA zone in which months begin.
    pub time_zone: String,
}

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::str::FromStr for Month {
    type Err = ();

    /// Reads `2026-11`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, month) = text.split_once('-').ok_or(())?;
        let digits = |part: &str, len| part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
        let (year, month) = match (digits(year, 4), digits(month, 2)) {
            (true, true) => (year.parse().map_err(drop)?, month.parse().map_err(drop)?),
            _ => return Err(()),
        };
        Date::new(year, month, 1).map_err(drop)?;
        Ok(Self { year, month })
    }
}

/// Promises of one client, metric and priority whose cycle began in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseRow {
    /// Whose tickets.
    pub client: ClientId,
    /// The month.
    pub month: Month,
    /// Stable name of the metric.
    pub metric: String,
    /// Stable name of the priority.
    pub priority: String,
    /// Fulfilled in time.
    pub met: u64,
    /// Broken, whether fulfilled since or not.
    pub breached: u64,
    /// Fell away in time.
    pub cancelled: u64,
    /// Neither yet.
    pub open: u64,
}

/// The time that tickets of a kind lay at Meta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetaRow {
    /// Which kind.
    pub kind: TicketKind,
    /// Tickets that were at Meta at all.
    pub tickets: u64,
    /// In all, in seconds.
    pub total_seconds: u64,
    /// The ticket in the middle.
    pub median_seconds: u64,
    /// Nine of ten tickets lay no longer.
    pub ninth_decile_seconds: u64,
}

/// How many closed tickets came back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reopened {
    /// Tickets that were closed at least once.
    pub closed: u64,
    /// Of those, tickets that were taken up again.
    pub reopened: u64,
}

/// First answers of one member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstContactRow {
    /// Who; absent, a program.
    pub user: Option<UserId>,
    /// Tickets whose first public answer it wrote.
    pub tickets: u64,
    /// How long the ticket in the middle waited for it, by the clock on the wall.
    pub median_seconds: u64,
}

/// What happened on the tickets that were opened in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Happenings {
    /// Time at Meta, by kind.
    pub at_meta: Vec<MetaRow>,
    /// What came back.
    pub reopened: Reopened,
    /// Who answered first.
    pub first_contacts: Vec<FirstContactRow>,
}

fn bounds(month: Month, zone: &TimeZone) -> Option<(Instant, Instant)> {
    let first = Date::new(month.year, month.month, 1).ok()?;
    let at = |date: Date| Some(instant(date.to_zoned(zone.clone()).ok()?.timestamp()));
    Some((at(first)?, at(first.checked_add(1.month()).ok()?)?))
}

/// A month, from its beginning to the next one's.
type Bounded = (Month, (Instant, Instant));

/// The months of a scope with their bounds.
fn months(scope: &ReportScope) -> Result<Vec<Bounded>, OpError<ReportCode>> {
    let refused = || OpError::refused(Refusal::of(ReportCode::PeriodInvalid, "to").with("maximum", MOST_MONTHS));
    let zone = TimeZone::get(&scope.time_zone).map_err(|_| {
        OpError::refused(Refusal::of(ReportCode::ZoneUnknown, "timeZone").with("subject", &scope.time_zone))
    })?;
    let mut months = Vec::new();
    let (Ok(mut month), Ok(last)) = (scope.from.parse::<Month>(), scope.to.parse::<Month>()) else {
        return Err(refused());
    };
    while month <= last {
        months.push((month, bounds(month, &zone).ok_or_else(refused)?));
        if months.len() > MOST_MONTHS {
            return Err(refused());
        }
        month = if month.month == 12 {
            Month { year: month.year + 1, month: 1 }
        } else {
            Month { month: month.month + 1, ..month }
        };
    }
    if months.is_empty() { Err(refused()) } else { Ok(months) }
}

/// From when to when a scope lasts.
pub(super) fn period(scope: &ReportScope) -> Result<(Instant, Instant), OpError<ReportCode>> {
    match &months(scope)?[..] {
        [(_, (from, _)), .., (_, (_, to))] | [(_, (from, to))] => Ok((*from, *to)),
        [] => Err(OpError::internal("a report", "a period without months was not refused")),
    }
}

fn admit(op: &OpCtx, client: Option<ClientId>) -> Result<(), OpError<ReportCode>> {
    match client {
        Some(client) => op.require_on(Permission::TicketsRead, client),
        None => op.require(Permission::TicketsRead),
    }
}

/// Promises that were kept and broken, by client, metric, priority and the month in which their cycle began.
///
/// # Errors
/// `PeriodInvalid`; `NotFound` for another's client; `Forbidden` without `tickets:read`.
pub async fn promises(op: &OpCtx, scope: &ReportScope) -> Result<Vec<PromiseRow>, OpError<ReportCode>> {
    admit(op, scope.client)?;
    let tx = op.reader().await?;
    let mut rows = Vec::new();
    for (month, (from, to)) in months(scope)? {
        let counts = store::sla::promises(&tx, scope.client, from, to, op.now()).await?;
        rows.extend(counts.into_iter().map(|count| PromiseRow {
            client: count.client,
            month,
            metric: count.metric,
            priority: count.priority,
            met: count.met,
            breached: count.breached,
            cancelled: count.cancelled,
            open: count.open,
        }));
    }
    Ok(rows)
}

/// The open tickets now, by client, priority, status and who has the ball.
///
/// # Errors
/// `NotFound` for another's client; `Forbidden` without `tickets:read`.
pub async fn backlog(op: &OpCtx, client: Option<ClientId>) -> Result<Vec<BacklogCount>, OpError<ReportCode>> {
    admit(op, client)?;
    Ok(store::sla::backlog(&*op.reader().await?, client).await?)
}

/// What happened on the tickets that were opened in the period: read from their timelines. Who may not see what is internal learns
/// nothing of who answered.
///
/// # Errors
/// `PeriodInvalid`; `NotFound` for another's client; `Forbidden` without `tickets:read`.
pub async fn happenings(op: &OpCtx, scope: &ReportScope) -> Result<Happenings, OpError<ReportCode>> {
    admit(op, scope.client)?;
    let period = period(scope)?;
    let tx = op.reader().await?;
    let mut tally = Tally::default();
    let mut after: Option<TicketId> = None;
    loop {
        let tickets = store::sla::opened_between(&tx, scope.client, period, after, BATCH).await?;
        let Some(last) = tickets.last().copied() else { break };
        tally.take(&tx, &tickets, op.now()).await?;
        after = Some(last);
    }
    let mut happenings = tally.finish();
    if !op.actor().may(Permission::TicketsInternal) {
        happenings.first_contacts.clear();
    }
    Ok(happenings)
}

#[derive(Default)]
struct Tally {
    at_meta: BTreeMap<TicketKind, Vec<u64>>,
    reopened: Reopened,
    first_contacts: BTreeMap<Option<UserId>, Vec<u64>>,
}

impl Tally {
    async fn take(&mut self, tx: &Tx, tickets: &[TicketId], now: Instant) -> Result<(), OpError<ReportCode>> {
        let mut timelines = store::tickets::timelines(tx, tickets).await?;
        for ticket in store::tickets::by_ids(tx, tickets).await? {
            let events = timelines.remove(&ticket.id).unwrap_or_default();
            self.take_one(ticket.kind, &events, now);
        }
        Ok(())
    }

    fn take_one(&mut self, kind: TicketKind, events: &[TicketEvent], now: Instant) {
        let timed: Vec<TimedTicketEvent> =
            events.iter().map(|event| TimedTicketEvent { at: event.at, kind: event.kind.clone() }).collect();
        let turns = ::sla::turns(&log(&timed), timestamp(now));
        let seconds = ::sla::seconds_with(&turns, super::owner(WaitingOn::Meta));
        if seconds > 0 {
            self.at_meta.entry(kind).or_default().push(seconds);
        }
        let moves = || {
            events.iter().filter_map(|event| match event.kind {
                TicketEventKind::StatusChanged { from, to, .. } => Some((from, to)),
                _ => None,
            })
        };
        self.reopened.closed += u64::from(moves().any(|(_, to)| to == TicketStatus::Closed));
        self.reopened.reopened += u64::from(moves().any(|(from, _)| from == TicketStatus::Closed));
        let opened = events.first().map_or(now, |event| event.at);
        let by_staff = |event: &&TicketEvent| matches!(event.kind, TicketEventKind::Replied { by_staff: true, .. });
        if let Some(first) = events.iter().find(by_staff) {
            let waited = (first.at - opened).max(TimeDelta::zero()).num_seconds();
            self.first_contacts.entry(first.user).or_default().push(waited.unsigned_abs());
        }
    }

    fn finish(self) -> Happenings {
        let at_meta = self.at_meta.into_iter().map(|(kind, mut seconds)| {
            seconds.sort_unstable();
            MetaRow {
                kind,
                tickets: seconds.len() as u64,
                total_seconds: seconds.iter().sum(),
                median_seconds: quantile(&seconds, 5),
                ninth_decile_seconds: quantile(&seconds, 9),
            }
        });
        let first_contacts = self.first_contacts.into_iter().map(|(user, mut seconds)| {
            seconds.sort_unstable();
            FirstContactRow { user, tickets: seconds.len() as u64, median_seconds: quantile(&seconds, 5) }
        });
        Happenings { at_meta: at_meta.collect(), reopened: self.reopened, first_contacts: first_contacts.collect() }
    }
}

/// The smallest of ascending values that so many tenths do not exceed; 0 of none.
fn quantile(ascending: &[u64], tenths: usize) -> u64 {
    let rank = (ascending.len() * tenths).div_ceil(10);
    ascending.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}
