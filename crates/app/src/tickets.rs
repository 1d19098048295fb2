//! Tickets: one file for each use case.

mod actions;
mod appeal;
mod attachments;
mod change;
mod code;
mod converse;
mod correct;
mod enforcement;
mod events;
mod evidence;
mod link;
mod mailed;
mod open;
mod organise;
mod progress;
mod read;
mod submit;
mod telling;

#[cfg(test)]
mod tests;

pub(crate) use actions::judge;
pub use actions::{
    ActionDone, ActionFilter, ActionTarget, ActionTerms, MOST_FINDINGS, NewAction, RemedyOf, actions_by_ids,
    actions_of, actions_of_remedies, actions_page, add_action, cancel_action, change_action, check_action,
    complete_action, reopen_action,
};
pub use appeal::{Appeal, set_appeal};
pub use attachments::{
    AttachmentDownload, LARGEST_ATTACHMENT, NewAttachment, attach, attachments_by_ids, attachments_of,
    download_attachment, may_attach,
};
pub use change::Target;
pub use code::TicketCode;
pub use converse::{note, reply};
pub use correct::{Correction, correct};
pub use enforcement::{NewEnforcementNotice, notices_by_ids, notices_page, record_notice};
pub use events::{StreamFilter, StreamItem, StreamPlace, TicketFeed, events};
pub use evidence::link_findings;
pub use link::{LinkSeen, link, links_of, unlink};
pub(crate) use mailed::{MailedReply, reply_by_mail};
pub(crate) use open::open_within;
pub use open::{NewTicket, open};
pub use organise::{
    NewMacro, NewTeam, NewView, change_team, create_team, delete_macro, delete_view, give_to_team, macro_text, macros,
    save_macro, save_view, tag, tags_of, teams, unwatch, views, watch, watchers_of,
};
pub use progress::{Closing, assign, change_priority, close, hand_to, move_to, recover};
pub use read::{
    COUNTED, Listed, MOST_FOUND, TicketCondition, TicketFilter, TicketInstant, TicketOrder, TicketSearch, by_ids,
    by_reference, changes_since, count, findings_of, page, page_with_relations, possible, submissions_of,
    timeline_page,
};
pub use submit::{NewSubmission, SubmissionAnswer, answer, submit};
pub(crate) use telling::{tell, tell_of_notice};
