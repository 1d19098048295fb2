//! A ticket, as it stands now. Its timeline tells how it came to this.

use super::{
    Move, MoveRefused, SubmissionChannel, SubmissionOutcome, TicketEventKind, TicketKind, TicketLevel, TicketLinkKind,
    TicketOutcome, TicketPriority, TicketStatus, WaitingOn,
};
use crate::{ClientId, Instant, PhoneNumberId, SubmissionId, TemplateId, TicketId, UserId, WabaId, words::words};

words! {
    /// Whether Meta takes an appeal.
    Appealable {
        /// It does.
        Yes = "yes",
        /// It does not: the end has to be waited for.
        No = "no",
        /// Nobody has said.
        Unknown = "unknown",
    }
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Id.
    pub id: TicketId,
    /// Whose account it is about.
    pub client: ClientId,
    /// Number within the deployment; see [`Ticket::reference`].
    pub number: i64,
    /// What is blocked or refused.
    pub kind: TicketKind,
    /// Where in Meta's hierarchy.
    pub level: TicketLevel,
    /// How much stands still.
    pub priority: TicketPriority,
    /// Where it stands.
    pub status: TicketStatus,
    /// Who has the ball.
    pub waiting_on: WaitingOn,
    /// How it ended, once closed.
    pub outcome: Option<TicketOutcome>,
    /// How it will have ended, by what Meta said or what the recovery came from; a person confirms it by closing.
    pub proposed_outcome: Option<TicketOutcome>,
    /// One line for people.
    pub title: String,
    /// The account, when one is meant.
    pub waba: Option<WabaId>,
    /// The number, when one is meant.
    pub phone_number: Option<PhoneNumberId>,
    /// The template, when one is meant.
    pub template: Option<TemplateId>,
    /// Who opened it, when a person did.
    pub opened_by: Option<UserId>,
    /// Who works on it.
    pub assignee: Option<UserId>,
    /// Until when Meta takes an appeal.
    pub appeal_deadline: Option<Instant>,
    /// Whether Meta takes one.
    pub appealable: Appealable,
    /// When it was opened.
    pub opened_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Counts changes.
    pub version: i32,
}

impl Ticket {
    /// The reference that people use: `T-00001234`.
    pub fn reference(&self) -> String {
        format!("T-{:08}", self.number)
    }

    /// The number behind a reference, if it is one.
    pub fn number_of(reference: &str) -> Option<i64> {
        let digits = reference.strip_prefix("T-")?;
        if digits.len() < 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok()
    }

    /// Moves the ticket, and hands the ball to whoever the new status asks.
    ///
    /// # Errors
    /// The state machine does not allow it.
    pub fn moved(mut self, wanted: Move, now: Instant) -> Result<(Self, Vec<TicketEventKind>), MoveRefused> {
        let from = self.status;
        let to = from.after(wanted)?;
        self.outcome = match wanted {
            Move::Close(outcome) => Some(outcome),
            Move::To(_) | Move::Recover(_) => None,
        };
        let mut events = vec![TicketEventKind::StatusChanged { from, to, outcome: self.outcome }];
        match wanted {
            Move::Recover(lift) => {
                let (ticket, proposed) = self.proposed(lift.outcome(), now);
                self = ticket;
                events.extend(proposed);
            }
            // A reopening, and the next attempt after a refusal, begin anew.
            Move::To(TicketStatus::Triage | TicketStatus::Remediation | TicketStatus::Ready) | Move::Close(_) => {
                self.proposed_outcome = None;
            }
            Move::To(_) => {}
        }
        self.status = to;
        self.closed_at = (!to.is_open()).then_some(now);
        self.updated_at = now;
        let (ticket, turn) = self.handed_to(to.waiting_on(), now);
        events.extend(turn);
        Ok((ticket, events))
    }

    /// Notes how the ticket will have ended, for a person to confirm; nothing happens when that is noted already.
    #[must_use]
    pub fn proposed(mut self, outcome: TicketOutcome, now: Instant) -> (Self, Option<TicketEventKind>) {
        if self.proposed_outcome == Some(outcome) {
            return (self, None);
        }
        self.proposed_outcome = Some(outcome);
        self.updated_at = now;
        (self, Some(TicketEventKind::OutcomeProposed { outcome }))
    }

    /// Whether Meta may still be asked at `at`.
    pub fn may_appeal(&self, at: Instant) -> bool {
        self.appealable != Appealable::No && self.appeal_deadline.is_none_or(|deadline| at <= deadline)
    }

    /// Hands the ball to `to`; nothing happens when it is there already.
    #[must_use]
    pub fn handed_to(mut self, to: WaitingOn, now: Instant) -> (Self, Option<TicketEventKind>) {
        let from = self.waiting_on;
        if from == to {
            return (self, None);
        }
        self.waiting_on = to;
        self.updated_at = now;
        (self, Some(TicketEventKind::WaitingOnChanged { from, to }))
    }
}

/// Two tickets that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketLink {
    /// The one from which it is told.
    pub ticket: TicketId,
    /// How.
    pub kind: TicketLinkKind,
    /// The other one.
    pub other: TicketId,
    /// Whose.
    pub client: ClientId,
    /// When they were tied.
    pub linked_at: Instant,
}

/// Something that was handed to Meta. Never overwritten: the next attempt is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Id.
    pub id: SubmissionId,
    /// Whose.
    pub client: ClientId,
    /// On which ticket.
    pub ticket: TicketId,
    /// Which attempt, from 1.
    pub attempt: i32,
    /// The way it went.
    pub channel: SubmissionChannel,
    /// Who recorded it.
    pub submitted_by: Option<UserId>,
    /// Who filed it, when that was somebody else: the client's portfolio admin, say.
    pub filed_by: Option<String>,
    /// When it was filed.
    pub submitted_at: Instant,
    /// Meta's reference, when it gave one.
    pub meta_reference: Option<String>,
    /// When an answer is to be expected.
    pub expected_by: Option<Instant>,
    /// Meta's answer.
    pub outcome: Option<SubmissionOutcome>,
    /// When the answer came.
    pub outcome_at: Option<Instant>,
    /// What Meta said.
    pub outcome_note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{super::Lift, *};

    fn ticket(status: TicketStatus) -> Ticket {
        Ticket {
            id: TicketId::from_uuid(uuid::Uuid::nil()),
            client: ClientId::from_uuid(uuid::Uuid::nil()),
            number: 1_234,
            kind: TicketKind::AccountRestricted,
            level: TicketLevel::Waba,
            priority: TicketPriority::P2,
            status,
            waiting_on: status.waiting_on(),
            outcome: None,
            proposed_outcome: None,
            title: String::from("Account restricted"),
            waba: None,
            phone_number: None,
            template: None,
            opened_by: None,
            assignee: None,
            appeal_deadline: None,
            appealable: Appealable::Unknown,
            opened_at: Instant::default(),
            updated_at: Instant::default(),
            closed_at: None,
            version: 1,
        }
    }

    #[test]
    fn a_reference_reads_back() {
        assert_eq!(ticket(TicketStatus::New).reference(), "T-00001234");
        assert_eq!(Ticket::number_of("T-00001234"), Some(1_234));
        assert_eq!(Ticket::number_of("T-123456789"), Some(123_456_789));
        for bad in ["T-1", "T-0000123x", "00001234", "T-", "T-99999999999999999999"] {
            assert_eq!(Ticket::number_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn entering_remediation_hands_the_ball_to_the_client() {
        let (moved, events) =
            ticket(TicketStatus::Triage).moved(Move::To(TicketStatus::Remediation), Instant::default()).unwrap();
        assert_eq!(moved.waiting_on, WaitingOn::Client);
        assert_eq!(events.len(), 2);
    }

    #[test]
    fn a_recovery_proposes_how_the_ticket_will_have_ended_and_closing_settles_it() {
        let now = Instant::default();
        let (recovering, events) = ticket(TicketStatus::Submitted).moved(Move::Recover(Lift::Expired), now).unwrap();
        assert_eq!((recovering.status, recovering.outcome), (TicketStatus::Recovery, None));
        assert_eq!(recovering.proposed_outcome, Some(TicketOutcome::Expired));
        assert!(events.contains(&TicketEventKind::OutcomeProposed { outcome: TicketOutcome::Expired }));
        let (closed, _) = recovering.moved(Move::Close(TicketOutcome::Expired), now).unwrap();
        assert_eq!((closed.outcome, closed.proposed_outcome), (Some(TicketOutcome::Expired), None));
    }

    #[test]
    fn what_meta_never_takes_or_no_longer_takes_cannot_be_appealed() {
        let now = Instant::default();
        let open = ticket(TicketStatus::Ready);
        assert!(open.may_appeal(now));
        assert!(Ticket { appeal_deadline: Some(now), ..open.clone() }.may_appeal(now), "up to the deadline");
        let late = now + chrono::TimeDelta::microseconds(1);
        assert!(!Ticket { appeal_deadline: Some(now), ..open.clone() }.may_appeal(late));
        assert!(!Ticket { appealable: Appealable::No, ..open }.may_appeal(now));
    }

    #[test]
    fn closing_keeps_the_outcome_and_reopening_drops_it() {
        let now = Instant::default();
        let (closed, _) = ticket(TicketStatus::Recovery).moved(Move::Close(TicketOutcome::Reversed), now).unwrap();
        assert_eq!((closed.outcome, closed.closed_at), (Some(TicketOutcome::Reversed), Some(now)));
        let (open, _) = closed.moved(Move::To(TicketStatus::Triage), now).unwrap();
        assert_eq!((open.outcome, open.closed_at), (None, None));
    }
}
