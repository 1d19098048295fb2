//! The SLA engine: from a ticket's log, promises and working hours to due times, warnings, breaches and an account of
//! where the time went.
//!
//! It is a pure function, [`evaluate`], over plain data. It reads no clock, keeps no counters, does no I/O, and knows nothing
//! of tickets: stored columns are a cache of its answers that can be dropped and rebuilt. Instants are whole seconds, floored
//! on entry; civil time is resolved by [`Calendar`] with the zone's rules and nowhere else.
//!
//! ```
//! use sla::{Calendar, CalendarSpec, Calendars, Event, EventKind, Policy, Priority, TimerState, Weekly};
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
//! let timers = sla::evaluate(&log, &Policy::default_policy(), &calendars, Priority::P3, now)?;
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
mod instant;
mod judge;
mod policy;
mod run;
mod segments;
mod timer;

pub use calendar::{Calendar, CalendarError, CalendarSpec, Interval, TimeOfDay, Weekly, Window};
pub use evaluate::{Calendars, EvaluateError, evaluate};
pub use event::{Event, EventKind};
pub use policy::{
    ALWAYS_OPEN, BUSINESS_HOURS, Goal, Metric, MetricPolicy, Owner, Policy, PolicyError, Priority, Target,
};
pub use timer::{Clock, LevelReached, Reason, Segment, Timer, TimerState};
