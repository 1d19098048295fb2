//! An entry of a ticket's timeline.

use async_graphql::{
    Context, Enum, ID, Name, Object, Result, ScalarType as _, SimpleObject, Value, indexmap::IndexMap,
    resolver_utils::enum_value,
};
use domain::tickets::TicketEventKind as Kind;

use super::{
    Attachment, CorrectiveAction, Ticket, sentence,
    words::{
        ActionState, Appealable, SubmissionOutcome, TicketEventVisibility, TicketLinkKind, TicketOutcome,
        TicketPriority, TicketStatus, WaitingOn,
    },
};
use crate::{scalars::DateTime, types::User, words::graphql_words};

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
    /// What the ticket is about was put right.
    Corrected,
    /// Somebody took the ticket, or gave it back.
    Assigned,
    /// A team was given the ticket, or gave it back.
    TeamAssigned,
    /// Tags were given or taken away.
    Tagged,
    /// Somebody watches the ticket, or no longer.
    WatcherChanged,
    /// A reply that the client sees.
    Replied,
    /// A note among staff.
    Noted,
    /// Something was handed to Meta.
    Submitted,
    /// Meta answered a submission, or did not.
    SubmissionAnswered,
    /// It was learned whether and until when Meta takes an appeal.
    AppealChanged,
    /// It shows how the ticket will have ended.
    OutcomeProposed,
    /// Another ticket was tied to this one.
    TicketLinked,
    /// Another ticket is no longer tied to this one.
    TicketUnlinked,
    /// A file was added.
    FileAdded,
    /// A corrective action was added.
    ActionAdded,
    /// A corrective action stands elsewhere now.
    ActionChanged,
    /// Findings of an audit were tied to the ticket.
    FindingsLinked,
    /// A notice of enforcement was tied to the ticket.
    EnforcementLinked,
    /// Promises are due at other instants than before, because of a change of their terms.
    DeadlinesMoved,
    /// A promise reached a level: a warning, the breach, a reminder.
    SlaLevelReached,
}

graphql_words! {
    /// Why deadlines moved.
    DeadlineCause = domain::tickets::DeadlineCause {
        /// Another version of the policy or of a calendar began to hold.
        Terms,
        /// The priority changed.
        Priority,
    }
}

/// A deadline that stands elsewhere.
#[derive(Debug, SimpleObject)]
pub(crate) struct DeadlineMove {
    /// Stable name of the metric.
    metric: String,
    /// Which cycle.
    cycle: i32,
    /// Where it stood; `null` when nothing was promised.
    from_at: Option<DateTime>,
    /// Where it stands; `null` when nothing is promised.
    to_at: Option<DateTime>,
    /// Whether the promise was broken by the change.
    is_breached: bool,
}

impl From<&domain::tickets::DeadlineMove> for DeadlineMove {
    fn from(moved: &domain::tickets::DeadlineMove) -> Self {
        Self {
            metric: moved.metric.clone(),
            cycle: i32::try_from(moved.cycle).unwrap_or(i32::MAX),
            from_at: moved.from.map(Into::into),
            to_at: moved.to.map(Into::into),
            is_breached: moved.breached,
        }
    }
}

/// An entry of a ticket's timeline: append-only, numbered without gaps.
#[derive(Debug, Clone)]
pub(crate) struct TicketEvent(pub(crate) domain::tickets::TicketEvent);

impl TicketEvent {
    const fn kind(&self) -> TicketEventType {
        Self::kind_of(&self.0.kind)
    }

    /// The same of what happened alone.
    pub(crate) const fn kind_of(kind: &Kind) -> TicketEventType {
        match kind {
            Kind::Opened { .. } => TicketEventType::Opened,
            Kind::StatusChanged { .. } => TicketEventType::StatusChanged,
            Kind::WaitingOnChanged { .. } => TicketEventType::WaitingOnChanged,
            Kind::PriorityChanged { .. } => TicketEventType::PriorityChanged,
            Kind::Corrected { .. } => TicketEventType::Corrected,
            Kind::Assigned { .. } => TicketEventType::Assigned,
            Kind::TeamAssigned { .. } => TicketEventType::TeamAssigned,
            Kind::Tagged { .. } => TicketEventType::Tagged,
            Kind::WatcherChanged { .. } => TicketEventType::WatcherChanged,
            Kind::Replied { .. } => TicketEventType::Replied,
            Kind::Noted { .. } => TicketEventType::Noted,
            Kind::Submitted { .. } => TicketEventType::Submitted,
            Kind::SubmissionAnswered { .. } => TicketEventType::SubmissionAnswered,
            Kind::AppealChanged { .. } => TicketEventType::AppealChanged,
            Kind::OutcomeProposed { .. } => TicketEventType::OutcomeProposed,
            Kind::TicketLinked { .. } => TicketEventType::TicketLinked,
            Kind::TicketUnlinked { .. } => TicketEventType::TicketUnlinked,
            Kind::FileAdded { .. } => TicketEventType::FileAdded,
            Kind::ActionAdded { .. } => TicketEventType::ActionAdded,
            Kind::ActionChanged { .. } => TicketEventType::ActionChanged,
            Kind::FindingsLinked { .. } => TicketEventType::FindingsLinked,
            Kind::EnforcementLinked { .. } => TicketEventType::EnforcementLinked,
            Kind::DeadlinesMoved { .. } => TicketEventType::DeadlinesMoved,
            Kind::SlaLevelReached { .. } => TicketEventType::SlaLevelReached,
        }
    }

    /// What a lost race shows of it.
    pub(crate) fn as_extension(&self) -> Value {
        let fields = [
            ("sequence", Value::from(self.0.sequence)),
            ("type", enum_value(self.kind())),
            ("at", DateTime(self.0.at).to_value()),
            ("isByStaff", Value::from(self.0.actor_kind == "staff")),
        ];
        Value::Object(fields.into_iter().map(|(name, value)| (Name::new(name), value)).collect::<IndexMap<_, _>>())
    }
}

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
        self.kind()
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

    /// What happened, in a sentence of the reader's language. Texts of replies and notes are in `text`.
    async fn sentence(&self, ctx: &Context<'_>) -> Result<String> {
        sentence::of(ctx, &self.0).await
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

    /// How the ticket ended, when this closed it, or how it will have ended, when that shows.
    async fn outcome(&self) -> Option<TicketOutcome> {
        match self.0.kind {
            Kind::StatusChanged { outcome, .. } => outcome.map(Into::into),
            Kind::OutcomeProposed { outcome } => Some(outcome.into()),
            _ => None,
        }
    }

    /// Whether Meta takes an appeal, when that was learned.
    async fn appealable(&self) -> Option<Appealable> {
        match self.0.kind {
            Kind::AppealChanged { appealable, .. } => Some(appealable.into()),
            _ => None,
        }
    }

    /// Until when Meta takes an appeal, when that was learned.
    async fn appeal_deadline_at(&self) -> Option<DateTime> {
        match self.0.kind {
            Kind::AppealChanged { deadline, .. } => deadline.map(Into::into),
            _ => None,
        }
    }

    /// The file that was added.
    async fn attachment(&self, ctx: &Context<'_>) -> Result<Option<Attachment>> {
        match &self.0.kind {
            Kind::FileAdded { attachment, .. } => Attachment::fetch(ctx, &(*attachment).into()).await,
            _ => Ok(None),
        }
    }

    /// The corrective action that was added, or stands elsewhere now.
    async fn corrective_action(&self, ctx: &Context<'_>) -> Result<Option<CorrectiveAction>> {
        match &self.0.kind {
            Kind::ActionAdded { action, .. } | Kind::ActionChanged { action, .. } => {
                CorrectiveAction::fetch(ctx, &(*action).into()).await
            }
            _ => Ok(None),
        }
    }

    /// Where a corrective action stood from then on.
    async fn to_action_state(&self) -> Option<ActionState> {
        match self.0.kind {
            Kind::ActionChanged { to, .. } => Some(to.into()),
            _ => None,
        }
    }

    /// The ticket that was tied to this one, or no longer is.
    async fn other_ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        match self.0.kind {
            Kind::TicketLinked { other, .. } | Kind::TicketUnlinked { other, .. } => Ticket::load(ctx, other).await,
            _ => Ok(None),
        }
    }

    /// How the other ticket belongs to this one; told from the other when `isLinkOutgoing` is false.
    async fn link_kind(&self) -> Option<TicketLinkKind> {
        match self.0.kind {
            Kind::TicketLinked { kind, .. } | Kind::TicketUnlinked { kind, .. } => Some(kind.into()),
            _ => None,
        }
    }

    /// Whether the link is told from this ticket.
    async fn is_link_outgoing(&self) -> Option<bool> {
        match self.0.kind {
            Kind::TicketLinked { outgoing, .. } | Kind::TicketUnlinked { outgoing, .. } => Some(outgoing),
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

    /// What moved the deadlines.
    async fn deadline_cause(&self) -> Option<DeadlineCause> {
        match self.0.kind {
            Kind::DeadlinesMoved { cause, .. } => Some(cause.into()),
            _ => None,
        }
    }

    /// The deadlines that moved.
    async fn deadline_moves(&self) -> Vec<DeadlineMove> {
        match &self.0.kind {
            Kind::DeadlinesMoved { moves, .. } => moves.iter().map(Into::into).collect(),
            _ => Vec::new(),
        }
    }

    /// The level that a promise reached, such as `75%`, `due-1800` or `breach`, after its metric: `resolution 75%`.
    async fn sla_level(&self) -> Option<String> {
        match &self.0.kind {
            Kind::SlaLevelReached { metric, level, .. } => Some(format!("{metric} {level}")),
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
