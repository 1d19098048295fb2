//! An entry of a ticket's timeline.

use async_graphql::{Context, Enum, ID, Object, Result};
use domain::tickets::TicketEventKind as Kind;

use super::words::{SubmissionOutcome, TicketEventVisibility, TicketOutcome, TicketPriority, TicketStatus, WaitingOn};
use crate::{scalars::DateTime, types::User};

/// What kind of thing happened; more kinds may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum TicketEventType {
    /// The ticket was opened.
    Opened,
    /// The status changed.
    StatusChanged,
    /// The ball changed hands.
    WaitingOnChanged,
    /// The priority changed.
    PriorityChanged,
    /// Somebody took the ticket, or gave it back.
    Assigned,
    /// A reply that the client sees.
    Replied,
    /// A note among staff.
    Noted,
    /// Something was handed to Meta.
    Submitted,
    /// Meta answered a submission, or did not.
    SubmissionAnswered,
    /// Findings of an audit were tied to the ticket.
    FindingsLinked,
    /// A notice of enforcement was tied to the ticket.
    EnforcementLinked,
    /// What Meta told, or the end of what it took away, speaks for an outcome: confirm it by closing the ticket.
    OutcomeProposed,
}

/// An entry of a ticket's timeline: append-only, numbered without gaps.
#[derive(Debug, Clone)]
pub(crate) struct TicketEvent(pub(crate) domain::tickets::TicketEvent);

/// An entry of a ticket's timeline: append-only, numbered without gaps.
#[Object]
impl TicketEvent {
    /// Id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Place in the timeline, from 1.
    async fn sequence(&self) -> i32 {
        i32::try_from(self.0.sequence).unwrap_or(i32::MAX)
    }

    /// What kind of thing happened.
    #[graphql(name = "type")]
    async fn event_type(&self) -> TicketEventType {
        match self.0.kind {
            Kind::Opened { .. } => TicketEventType::Opened,
            Kind::StatusChanged { .. } => TicketEventType::StatusChanged,
            Kind::WaitingOnChanged { .. } => TicketEventType::WaitingOnChanged,
            Kind::PriorityChanged { .. } => TicketEventType::PriorityChanged,
            Kind::Assigned { .. } => TicketEventType::Assigned,
            Kind::Replied { .. } => TicketEventType::Replied,
            Kind::Noted { .. } => TicketEventType::Noted,
            Kind::Submitted { .. } => TicketEventType::Submitted,
            Kind::SubmissionAnswered { .. } => TicketEventType::SubmissionAnswered,
            Kind::FindingsLinked { .. } => TicketEventType::FindingsLinked,
            Kind::EnforcementLinked { .. } => TicketEventType::EnforcementLinked,
            Kind::OutcomeProposed { .. } => TicketEventType::OutcomeProposed,
        }
    }

    /// Who may see it.
    async fn visibility(&self) -> TicketEventVisibility {
        self.0.visibility.into()
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// The person who did it, when one did and you may see users.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.user {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Whether somebody of the BSP did it.
    async fn is_by_staff(&self) -> bool {
        self.0.actor_kind == "staff"
    }

    /// The text of a reply or note.
    async fn text(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Replied { text, .. } | Kind::Noted { text } => Some(text),
            _ => None,
        }
    }

    /// The status after a change.
    async fn to_status(&self) -> Option<TicketStatus> {
        match self.0.kind {
            Kind::StatusChanged { to, .. } => Some(to.into()),
            _ => None,
        }
    }

    /// How the ticket ended, when this closed it; the outcome that is proposed.
    async fn outcome(&self) -> Option<TicketOutcome> {
        match self.0.kind {
            Kind::StatusChanged { outcome, .. } => outcome.map(Into::into),
            Kind::OutcomeProposed { outcome } => Some(outcome.into()),
            _ => None,
        }
    }

    /// Who has the ball after a change.
    async fn to_waiting_on(&self) -> Option<WaitingOn> {
        match self.0.kind {
            Kind::WaitingOnChanged { to, .. } => Some(to.into()),
            _ => None,
        }
    }

    /// The priority at the opening, or after a change.
    async fn to_priority(&self) -> Option<TicketPriority> {
        match self.0.kind {
            Kind::Opened { priority } => Some(priority.into()),
            Kind::PriorityChanged { to, .. } => Some(to.into()),
            _ => None,
        }
    }

    /// Meta's answer to a submission.
    async fn submission_outcome(&self) -> Option<SubmissionOutcome> {
        match self.0.kind {
            Kind::SubmissionAnswered { outcome, .. } => Some(outcome.into()),
            _ => None,
        }
    }
}
