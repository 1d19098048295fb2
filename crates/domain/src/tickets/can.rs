//! What somebody may do with a ticket now: for programs that show only the buttons that would do something.

use super::{Lift, Move, Ticket, TicketOutcome, TicketStatus};
use crate::{
    Instant,
    access::Permission::{self, TicketsOpen, TicketsWrite},
    words::words,
};

words! {
    /// Something that can be done with a ticket.
    TicketAction {
        /// Write a public reply.
        Reply = "reply",
        /// Add a file.
        Attach = "attach",
        /// Write a note among staff.
        AddNote = "add_note",
        /// Move it to one of its next statuses.
        Move = "move",
        /// Note that what Meta took away came back.
        Recover = "recover",
        /// Close it.
        Close = "close",
        /// Hand the ball to somebody.
        HandOver = "hand_over",
        /// Set the priority.
        Prioritize = "prioritize",
        /// Give it to a member of staff.
        Assign = "assign",
        /// Give it to a team.
        SetTeam = "set_team",
        /// Give it tags.
        Tag = "tag",
        /// Watch it.
        Watch = "watch",
        /// Tie it to another ticket, or to findings.
        Link = "link",
        /// Note whether and until when Meta takes an appeal.
        SetAppeal = "set_appeal",
        /// Record what was filed with Meta.
        RecordSubmission = "record_submission",
        /// Add something that has to be mended.
        AddCorrectiveAction = "add_corrective_action",
    }
}

impl TicketAction {
    /// What whoever does it needs.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Reply | Self::Attach => TicketsOpen,
            _ => TicketsWrite,
        }
    }
}

impl Ticket {
    /// Whether an action would do something at `now`, as far as the ticket itself tells.
    pub fn takes(&self, action: TicketAction, now: Instant) -> bool {
        let may_go = |wanted: Move| self.status.after(wanted).is_ok();
        match action {
            TicketAction::Move => !self.status.next().is_empty(),
            TicketAction::Recover => may_go(Move::Recover(Lift::Expired)),
            TicketAction::Close => may_go(Move::Close(TicketOutcome::Withdrawn)),
            TicketAction::RecordSubmission => may_go(Move::To(TicketStatus::Submitted)) && self.may_appeal(now),
            TicketAction::Reply
            | TicketAction::Attach
            | TicketAction::HandOver
            | TicketAction::Prioritize
            | TicketAction::SetAppeal
            | TicketAction::AddCorrectiveAction => self.status.is_open(),
            TicketAction::AddNote
            | TicketAction::Assign
            | TicketAction::SetTeam
            | TicketAction::Tag
            | TicketAction::Watch
            | TicketAction::Link => true,
        }
    }
}
