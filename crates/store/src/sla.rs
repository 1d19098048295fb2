//! The SLA in rows: versions of policies and calendars, what the engine last said, and what was done because of it.

mod clock;
mod effects;
mod holiday_lists;
mod quiet;
mod reports;
mod tiers;
mod versions;

pub use clock::{CachedTimer, DueTicket, Look, due, has_due, keep, mark_stale, open_tickets, wake};
pub use effects::{effects_of, record};
pub use holiday_lists::{
    HolidayList, holiday_list_page, holiday_lists_by_ids, insert_holiday_list, latest_holiday_list,
};
pub use quiet::{quiet_hours, set_quiet_hours};
pub use reports::{BacklogCount, PromiseCount, backlog, opened_between, promises};
pub use tiers::{TierChange, set_tier, tier_changes, tiers};
pub use versions::{
    CalendarVersion, Origin, PolicyVersion, Terms, all_calendars, calendar_page, calendars, calendars_by_ids,
    everything, insert_calendar, insert_policy, latest_calendar, latest_policy, policies, policies_by_ids, policy_page,
};
