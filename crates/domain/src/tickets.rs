//! Tickets: the work toward unblocking, whose turn it is, and the moves that are allowed.

mod event;
mod status;
mod ticket;
mod vocabulary;

pub use event::{DeadlineCause, DeadlineMove, TicketEvent, TicketEventKind, TicketEventVisibility, TimedTicketEvent};
pub use status::{Move, MoveRefused, TicketStatus};
pub use ticket::{Appealable, Submission, Ticket, TicketLink};
pub use vocabulary::{
    Lift, SubmissionChannel, SubmissionOutcome, TicketKind, TicketLevel, TicketLinkKind, TicketOutcome, TicketPriority,
    WaitingOn,
};
