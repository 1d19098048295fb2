//! The SLA engine: from a ticket's log, promises and working hours to due times, warnings, breaches and an account of
//! where the time went.
//!
//! It is a pure function, [`evaluate`], over plain data. It reads no clock, keeps no counters, does no I/O, and knows nothing
//! of tickets: stored columns are a cache of its answers that can be dropped and rebuilt. Instants are whole seconds, floored
//! on entry; civil time is resolved by [`Calendar`] with the zone's rules and nowhere else.
//!
//! - [`Terms`] hold versions of policies and calendars. A version holds from an instant on, for tickets opened since, or for
//!   timers that run too; what was counted before is never judged anew. Nor is it when the client changes tiers.
//! - [`Timer`] says when a promise is due, whether it was broken (derived from the log: late is late even if nobody looked), which
//!   levels were reached, where the time went and why ([`Segment`]), and when to look again ([`Timer::next_wakeup`]).
//! - [`moved`] compares two answers: what would another policy do? (Ask [`evaluate`] with it over the real log.)
//! - [`turns`] is the counter-clock: who had the ball when.
//! - [`read_holidays`] reads lists of holidays from iCalendar files.
//!
//! ```
//! use sla::{Calendar, CalendarSpec, Calendars, Event, EventKind, Policy, Priority, Terms, TimerState, Weekly};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Mon–Fri 8–18 in Madrid; the Monday is a holiday.
//! let mut hours = CalendarSpec::weekly("Europe/Madrid", Weekly::monday_to_friday(&["08:00-18:00".parse()?]));
//! hours.holidays.insert("2026-10-12".parse()?, "Fiesta Nacional".to_owned());
//! let calendars = Calendars::new()
//!     .with(sla::BUSINESS_HOURS, Calendar::new(hours)?)
//!     .with(sla::ALWAYS_OPEN, Calendar::new(CalendarSpec::always_open())?);
//!
//! // Opened on Friday at 17:30 with 4 business hours for the first response.
//! let log = [Event::new("2026-10-09T17:30+02:00".parse()?, EventKind::Opened)];
//! let now = "2026-10-10T09:00+02:00".parse()?;
//! let terms = Terms::new(Policy::default_policy(), calendars);
//! let timers = sla::evaluate(&log, &terms, Priority::P3, now)?;
//!
//! let first_response = &timers[0];
//! assert_eq!(first_response.state, TimerState::Running);
//! assert_eq!(first_response.elapsed_seconds, 30 * 60);
//! assert_eq!(first_response.due_at, Some("2026-10-13T11:30+02:00".parse()?));
//! # Ok(())
//! # }
//! ```

mod calendar;
mod evaluate;
mod event;
mod holidays;
mod instant;
mod judge;
mod moved;
mod policy;
mod run;
mod segments;
mod terms;
mod timer;
mod turns;

pub use calendar::{Calendar, CalendarError, CalendarSpec, Interval, TimeOfDay, Weekly, Window};
pub use evaluate::{EvaluateError, evaluate};
pub use event::{Event, EventKind};
pub use holidays::{HolidayError, read_holidays};
pub use moved::{Moved, moved};
pub use policy::{
    ALWAYS_OPEN, BUSINESS_HOURS, Escalation, Goal, InvalidLevel, Level, Metric, MetricPolicy, Owner, Policy,
    PolicyError, Priority, Recipient, Target, TierGoals,
};
pub use terms::{Calendars, Scope, Terms, Version};
pub use timer::{Clock, LevelReached, Reason, Segment, Timer, TimerState};
pub use turns::{Turn, seconds_with, turns};
