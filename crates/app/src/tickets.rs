//! Tickets: one file for each use case.

mod appeal;
mod change;
mod code;
mod converse;
mod enforcement;
mod events;
mod link;
mod open;
mod progress;
mod read;
mod submit;

#[cfg(test)]
mod tests;

pub use appeal::{Appeal, set_appeal};
pub use change::Target;
pub use code::TicketCode;
pub use converse::{note, reply};
pub use enforcement::{NewEnforcementNotice, notices_by_ids, notices_page, record_notice};
pub use events::{StreamFilter, StreamItem, StreamPlace, TicketFeed, events};
pub use link::{LinkSeen, link, links_of, unlink};
pub use open::{NewTicket, open};
pub use progress::{Closing, assign, change_priority, close, hand_to, move_to, recover};
pub use read::{
    COUNTED, TicketCondition, TicketFilter, TicketInstant, TicketOrder, by_ids, by_reference, changes_since, count,
    findings_of, page, submissions_of, timeline_page,
};
pub use submit::{NewSubmission, SubmissionAnswer, answer, submit};
