//! The SLA in rows: versions of policies and calendars, what the engine last said, and what was done because of it.

mod clock;
mod effects;
mod quiet;
mod reports;
mod versions;

pub use clock::{CachedTimer, DueTicket, cache, due, has_due, mark_stale, open_tickets, set_wakeup, wake};
pub use effects::{effects_of, record};
pub use quiet::{quiet_hours, set_quiet_hours};
pub use reports::{BacklogCount, PromiseCount, backlog, opened_between, promises};
pub use versions::{
    CalendarVersion, Origin, PolicyVersion, Terms, calendar_page, calendars, calendars_by_ids, current_policy,
    everything, insert_calendar, insert_policy, latest_calendar, latest_policy, policies, policies_by_ids, policy_page,
    set_tier, tiers,
};
