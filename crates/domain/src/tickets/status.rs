//! The state machine of a ticket. Who has the ball is a second, independent field.

use super::{Lift, TicketOutcome, WaitingOn};
use crate::words::words;

words! {
    /// Where a ticket stands.
    TicketStatus {
        /// Opened; nobody has looked.
        New = "new",
        /// Being understood.
        Triage = "triage",
        /// The client mends what Meta objects to.
        Remediation = "remediation",
        /// The submission can be filed.
        Ready = "ready",
        /// Filed with Meta.
        Submitted = "submitted",
        /// Meta says that it is looking.
        InReview = "in_review",
        /// Lifted; sending grows again under watch.
        Recovery = "recovery",
        /// Over.
        Closed = "closed",
    }
}

/// A move of a ticket, with what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// To another open status.
    To(TicketStatus),
    /// To recovery out of turn: what Meta took away came back, and why.
    Recover(Lift),
    /// To closed, with how it ended.
    Close(TicketOutcome),
}

/// A move that the state machine does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a ticket cannot go from {from} to {to}")]
pub struct MoveRefused {
    /// Where it stands.
    pub from: TicketStatus,
    /// Where it was to go.
    pub to: TicketStatus,
}

impl TicketStatus {
    /// Whether work goes on.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }

    /// Whose turn it is when a ticket enters this status.
    pub const fn waiting_on(self) -> WaitingOn {
        match self {
            Self::Remediation => WaitingOn::Client,
            Self::Submitted | Self::InReview => WaitingOn::Meta,
            Self::New | Self::Triage | Self::Ready | Self::Recovery | Self::Closed => WaitingOn::Us,
        }
    }

    /// The open statuses that a ticket may go to from here. From every open status it may be closed besides, and go to recovery when
    /// what Meta took away came back.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::New | Self::Closed => &[Self::Triage],
            Self::Triage => &[Self::Remediation, Self::Ready],
            Self::Remediation => &[Self::Ready],
            Self::Ready => &[Self::Submitted],
            Self::Submitted => &[Self::InReview],
            Self::InReview => &[Self::Recovery, Self::Remediation, Self::Ready],
            Self::Recovery => &[],
        }
    }

    /// Where `wanted` leads.
    ///
    /// # Errors
    /// Every move that the table does not name is refused.
    pub fn after(self, wanted: Move) -> Result<Self, MoveRefused> {
        let (to, allowed) = match wanted {
            Move::To(to) => (to, self.next().contains(&to)),
            Move::Recover(_) => (Self::Recovery, self.is_open() && self != Self::Recovery),
            Move::Close(_) => (Self::Closed, self.is_open()),
        };
        if allowed { Ok(to) } else { Err(MoveRefused { from: self, to }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_road_leads_from_new_to_closed() {
        use TicketStatus::{InReview, New, Ready, Recovery, Remediation, Submitted, Triage};
        let mut status = New;
        for next in [Triage, Remediation, Ready, Submitted, InReview, Recovery] {
            status = status.after(Move::To(next)).unwrap();
        }
        assert_eq!(status.after(Move::Close(TicketOutcome::Reversed)), Ok(TicketStatus::Closed));
    }

    #[test]
    fn every_open_status_can_be_closed_and_closed_only_reopened() {
        for status in TicketStatus::ALL {
            assert_eq!(status.after(Move::Close(TicketOutcome::Withdrawn)).is_ok(), status.is_open(), "{status}");
        }
        assert_eq!(TicketStatus::Closed.next(), [TicketStatus::Triage]);
    }

    #[test]
    fn of_all_pairs_of_statuses_the_named_moves_are_allowed_and_no_other() {
        use TicketStatus::{Closed, InReview, New, Ready, Recovery, Remediation, Submitted, Triage};
        const ALLOWED: &[(TicketStatus, TicketStatus)] = &[
            (New, Triage),
            (Triage, Remediation),
            (Triage, Ready),
            (Remediation, Ready),
            (Ready, Submitted),
            (Submitted, InReview),
            (InReview, Recovery),
            (InReview, Remediation),
            (InReview, Ready),
            (Closed, Triage),
        ];
        for from in TicketStatus::ALL {
            for to in TicketStatus::ALL {
                let expected = ALLOWED.contains(&(*from, *to));
                assert_eq!(from.after(Move::To(*to)).is_ok(), expected, "{from} to {to}");
            }
        }
    }

    #[test]
    fn what_came_back_leads_to_recovery_from_every_open_status_but_recovery() {
        for status in TicketStatus::ALL {
            let allowed = status.is_open() && *status != TicketStatus::Recovery;
            for lift in Lift::ALL {
                assert_eq!(status.after(Move::Recover(*lift)).is_ok(), allowed, "{status}");
            }
        }
    }

    #[test]
    fn a_move_that_the_table_does_not_name_is_refused_by_name() {
        let refused = TicketStatus::New.after(Move::To(TicketStatus::Submitted)).unwrap_err();
        assert_eq!(refused.to_string(), "a ticket cannot go from new to submitted");
        assert!(TicketStatus::Triage.after(Move::To(TicketStatus::Closed)).is_err(), "closing needs an outcome");
    }

    #[test]
    fn the_client_has_the_ball_while_it_mends_and_meta_while_it_looks() {
        assert_eq!(TicketStatus::Remediation.waiting_on(), WaitingOn::Client);
        assert_eq!(TicketStatus::Submitted.waiting_on(), WaitingOn::Meta);
        assert_eq!(TicketStatus::InReview.waiting_on(), WaitingOn::Meta);
        assert_eq!(TicketStatus::Triage.waiting_on(), WaitingOn::Us);
    }
}
