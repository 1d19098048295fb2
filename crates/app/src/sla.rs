//! From a ticket's timeline to its SLA timers. The engine is `sla`; this translates and keeps nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ::sla::{Calendar, CalendarSpec, Calendars, Event, EventKind, Owner, Policy, Priority, Weekly};
pub use ::sla::{Clock, Metric, Timer, TimerState};
use domain::{
    ClientId, Instant, SlaCalendarId, SlaPolicyId, TicketId,
    access::Permission,
    tickets::{TicketEventKind, TicketPriority, TicketStatus, TimedTicketEvent, WaitingOn},
};
pub use jiff::Timestamp;
use serde_json::Value;
use store::sla::{CalendarVersion, PolicyVersion};

use crate::{Code, NoCode, OpCtx, OpError};

/// The promises and hours by which a ticket is judged: one version, fixed when the ticket was opened.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The promises.
    pub policy: Policy,
    /// The hours.
    pub calendars: Calendars,
}

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

const fn owner(waiting_on: WaitingOn) -> Owner {
    match waiting_on {
        WaitingOn::Us => Owner::Us,
        WaitingOn::Client => Owner::Client,
        WaitingOn::Meta => Owner::Meta,
        WaitingOn::ThirdParty => Owner::ThirdParty,
    }
}

/// What the engine makes of an event of the timeline.
fn event_kind(kind: &TicketEventKind) -> EventKind {
    match kind {
        TicketEventKind::Opened { .. } => EventKind::Opened,
        TicketEventKind::Replied { by_staff: true, .. } => EventKind::PublicReplyByStaff,
        TicketEventKind::WaitingOnChanged { to, .. } => EventKind::WaitingOn(owner(*to)),
        TicketEventKind::PriorityChanged { to, .. } => EventKind::PriorityChanged(priority(*to)),
        TicketEventKind::Submitted { .. } => EventKind::Submitted,
        TicketEventKind::StatusChanged { to: TicketStatus::Closed, .. } => EventKind::Closed,
        TicketEventKind::StatusChanged { to: TicketStatus::Recovery, .. } => EventKind::Recovered,
        TicketEventKind::StatusChanged { from: TicketStatus::Closed, .. } => EventKind::Reopened,
        _ => EventKind::Other,
    }
}

/// The timers of a timeline at `now`.
///
/// # Errors
/// The terms name a calendar that they do not hold.
pub fn timers(timeline: &[TimedTicketEvent], terms: &Terms, now: Instant) -> Result<Vec<Timer>, ::sla::EvaluateError> {
    let opened_with = timeline.iter().find_map(|event| match event.kind {
        TicketEventKind::Opened { priority } => Some(priority),
        _ => None,
    });
    let Some(opened_with) = opened_with else { return Ok(Vec::new()) };
    let events: Vec<Event> =
        timeline.iter().map(|event| Event::new(timestamp(event.at), event_kind(&event.kind))).collect();
    ::sla::evaluate(&events, &terms.policy, &terms.calendars, priority(opened_with), timestamp(now))
}

/// What a stored definition says.
fn read<T: serde::de::DeserializeOwned, C: Code>(definition: Value) -> Result<T, OpError<C>> {
    serde_json::from_value(definition).map_err(|error| OpError::internal("reading SLA terms", error))
}

/// The hours by which a ticket is judged: of each key the client's own calendar, else the BSP's, in the version that held when the
/// ticket was opened.
fn calendars_of<C: Code>(
    versions: &[CalendarVersion],
    client: ClientId,
    opened_at: Instant,
) -> Result<Calendars, OpError<C>> {
    let mut chosen: BTreeMap<&str, &CalendarVersion> = BTreeMap::new();
    let applies = |version: &&CalendarVersion| {
        version.client.is_none_or(|owner| owner == client) && version.effective_from <= opened_at
    };
    for version in versions.iter().filter(applies) {
        let rank = |version: &CalendarVersion| (version.client.is_some(), version.version);
        let slot = chosen.entry(&version.key).or_insert(version);
        if rank(version) > rank(slot) {
            *slot = version;
        }
    }
    let mut calendars = Calendars::new();
    for (key, version) in chosen {
        let calendar = Calendar::new(read(version.definition.clone())?)
            .map_err(|error| OpError::internal("reading SLA terms", error))?;
        calendars = calendars.with(key, calendar);
    }
    Ok(calendars)
}

/// The timers of many tickets, in four statements whatever their number.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn of_tickets(op: &OpCtx, tickets: &[TicketId]) -> Result<HashMap<TicketId, Vec<Timer>>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    let tx = op.reader().await?;
    let timelines = store::tickets::sla_timelines(&tx, tickets).await?;
    let ids: BTreeSet<SlaPolicyId> = timelines.values().filter_map(|timeline| timeline.policy).collect();
    let clients: BTreeSet<ClientId> = timelines.values().map(|timeline| timeline.client).collect();
    let ids: Vec<SlaPolicyId> = ids.into_iter().collect();
    let clients: Vec<ClientId> = clients.into_iter().collect();
    let definitions = store::sla::policies(&tx, &ids).await?;
    let versions = store::sla::calendars(&tx, &clients).await?;
    let mut answer = HashMap::with_capacity(timelines.len());
    for (ticket, timeline) in timelines {
        let Some(definition) = timeline.policy.and_then(|id| definitions.get(&id)) else { continue };
        let terms = Terms {
            policy: read(definition.clone())?,
            calendars: calendars_of(&versions, timeline.client, timeline.opened_at)?,
        };
        let timers = timers(&timeline.events, &terms, op.now())
            .map_err(|error| OpError::internal("evaluating SLA timers", error))?;
        answer.insert(ticket, timers);
    }
    Ok(answer)
}

/// Makes the BSP's first policy and calendars, if there are none: the default promises, round the clock, and Monday to Friday from
/// 09:00 to 18:00 in `time_zone`. Safe when several processes do it at once.
///
/// # Errors
/// The store failed, or there is no such zone.
pub async fn ensure_defaults(op: &OpCtx, time_zone: &str) -> Result<(), OpError<NoCode>> {
    let failed = |error: &dyn std::fmt::Display| OpError::internal("making the first SLA policy", error);
    let hours = "09:00-18:00".parse().map_err(|error| failed(&error))?;
    let business = CalendarSpec::weekly(time_zone, Weekly::monday_to_friday(&[hours]));
    Calendar::new(business.clone()).map_err(|error| failed(&error))?;
    let tx = op.write_as_system().await?;
    // Round figures of the past: the first versions hold for every ticket that there is.
    let effective_from = Instant::UNIX_EPOCH;
    let policy = PolicyVersion {
        id: SlaPolicyId::new(op.now(), op.random()),
        client: None,
        version: 1,
        effective_from,
        definition: serde_json::to_value(Policy::default_policy()).map_err(|error| failed(&error))?,
    };
    match store::sla::insert_policy(&tx, &policy, op.now()).await {
        // Somebody else was first.
        Err(error) if error.is_conflict() => return Ok(()),
        result => result?,
    }
    for (key, spec) in [(::sla::ALWAYS_OPEN, CalendarSpec::always_open()), (::sla::BUSINESS_HOURS, business)] {
        let calendar = CalendarVersion {
            id: SlaCalendarId::new(op.now(), op.random()),
            client: None,
            key: key.to_owned(),
            version: 1,
            effective_from,
            definition: serde_json::to_value(spec).map_err(|error| failed(&error))?,
        };
        store::sla::insert_calendar(&tx, &calendar, op.now()).await?;
    }
    Ok(tx.commit().await?)
}
