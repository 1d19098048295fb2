//! Tickets: the work toward unblocking, whose turn it is, and the moves that are allowed.

mod action;
mod attachment;
mod can;
mod event;
mod status;
mod ticket;
mod vocabulary;
mod work;

pub use action::{ActionMove, ActionOwner, ActionState, CheckResult, CorrectiveAction, check};
pub use attachment::{Attachment, kept_file_name};
pub use can::TicketAction;
pub use event::{
    Corrected, DeadlineCause, DeadlineMove, TicketEvent, TicketEventKind, TicketEventVisibility, TimedTicketEvent,
};
pub use status::{Move, MoveRefused, TicketStatus};
pub use ticket::{Appealable, Submission, Ticket, TicketLink};
pub use vocabulary::{
    Lift, SubmissionChannel, SubmissionOutcome, TicketKind, TicketLevel, TicketLinkKind, TicketOutcome, TicketPriority,
    WaitingOn,
};
pub use work::{MacroPlace, ReplyMacro, SavedView, Team, UnknownPlace, kept_tag};
