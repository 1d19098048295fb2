//! The timeline of a ticket.

use super::{
    ActionOwner, ActionState, Appealable, SubmissionChannel, SubmissionOutcome, TicketKind, TicketLevel,
    TicketLinkKind, TicketOutcome, TicketPriority, TicketStatus, WaitingOn,
};
use crate::{
    AttachmentId, AuditId, ClientId, CorrectiveActionId, EnforcementNoticeId, FindingId, Instant, SubmissionId, TeamId,
    TicketEventId, TicketId, UserId, words::words,
};

words! {
    /// Who may see an event.
    TicketEventVisibility {
        /// The client's users too.
        Public = "public",
        /// Staff alone.
        Internal = "internal",
    }
}

words! {
    /// Why deadlines moved.
    DeadlineCause {
        /// Another version of the policy or of a calendar began to hold.
        Terms = "terms",
        /// The priority changed.
        Priority = "priority",
    }
}

/// A deadline that stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineMove {
    /// Stable name of the metric.
    pub metric: String,
    /// Which cycle.
    pub cycle: u32,
    /// Where it stood; absent, nothing was promised.
    pub from: Option<Instant>,
    /// Where it stands; absent, nothing is promised.
    pub to: Option<Instant>,
    /// Whether the promise is broken by the change.
    pub breached: bool,
}

/// Something that was put right.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Corrected<T> {
    /// What stood there.
    pub from: T,
    /// What is right.
    pub to: T,
}

impl<T: PartialEq> Corrected<T> {
    /// That `to` is right; `None` when that stood there.
    pub fn of(from: T, to: T) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }
}

/// What happened. Stored as JSON with a `type`; append-only, so variants and fields are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum TicketEventKind {
    /// The ticket was opened.
    Opened {
        /// With this priority.
        priority: TicketPriority,
    },
    /// The status changed; closing carries the outcome.
    StatusChanged {
        /// From.
        from: TicketStatus,
        /// To.
        to: TicketStatus,
        /// How it ended, when `to` is closed.
        outcome: Option<TicketOutcome>,
    },
    /// The ball changed hands.
    WaitingOnChanged {
        /// From.
        from: WaitingOn,
        /// To.
        to: WaitingOn,
    },
    /// The priority changed.
    PriorityChanged {
        /// From.
        from: TicketPriority,
        /// To.
        to: TicketPriority,
    },
    /// What the ticket is about was put right; what is absent was right.
    Corrected {
        /// One line for people.
        title: Option<Corrected<String>>,
        /// What is blocked or refused.
        kind: Option<Corrected<TicketKind>>,
        /// Where in Meta's hierarchy.
        level: Option<Corrected<TicketLevel>>,
    },
    /// Somebody took the ticket, or gave it back.
    Assigned {
        /// Who has it now.
        assignee: Option<UserId>,
    },
    /// A team was given the ticket, or gave it back.
    TeamAssigned {
        /// Which has it now.
        team: Option<TeamId>,
    },
    /// Tags were given or taken away.
    Tagged {
        /// Given.
        added: Vec<String>,
        /// Taken away.
        removed: Vec<String>,
    },
    /// Somebody watches the ticket, or no longer.
    WatcherChanged {
        /// Who.
        user: UserId,
        /// Whether from now on.
        watches: bool,
    },
    /// A reply that the client sees.
    Replied {
        /// The text, plain.
        text: String,
        /// Whether staff wrote it.
        by_staff: bool,
    },
    /// A note among staff.
    Noted {
        /// The text, plain.
        text: String,
    },
    /// Something was handed to Meta.
    Submitted {
        /// The submission.
        submission: SubmissionId,
        /// Which attempt it is, from 1.
        attempt: u32,
        /// The way it went.
        channel: SubmissionChannel,
    },
    /// Meta answered a submission, or did not.
    SubmissionAnswered {
        /// The submission.
        submission: SubmissionId,
        /// How.
        outcome: SubmissionOutcome,
    },
    /// It was learned whether and until when Meta takes an appeal.
    AppealChanged {
        /// Whether.
        appealable: Appealable,
        /// Until when.
        deadline: Option<Instant>,
    },
    /// It shows how the ticket will have ended; a person confirms it by closing.
    OutcomeProposed {
        /// How.
        outcome: TicketOutcome,
    },
    /// Another ticket was tied to this one.
    TicketLinked {
        /// How, told from this one, when `outgoing`, else from the other.
        kind: TicketLinkKind,
        /// The other one.
        other: TicketId,
        /// Whether it is told from this one.
        outgoing: bool,
    },
    /// Another ticket is no longer tied to this one.
    TicketUnlinked {
        /// How it was.
        kind: TicketLinkKind,
        /// The other one.
        other: TicketId,
        /// Whether it was told from this one.
        outgoing: bool,
    },
    /// A file was added.
    FileAdded {
        /// The file.
        attachment: AttachmentId,
        /// Its name.
        file_name: String,
        /// Whether it is internal.
        internal: bool,
    },
    /// A corrective action was added.
    ActionAdded {
        /// The action.
        action: CorrectiveActionId,
        /// What has to be done.
        title: String,
        /// Who has to act.
        owner: ActionOwner,
    },
    /// A corrective action stands elsewhere now.
    ActionChanged {
        /// The action.
        action: CorrectiveActionId,
        /// From.
        from: ActionState,
        /// To.
        to: ActionState,
    },
    /// Findings of an audit were tied to the ticket.
    FindingsLinked {
        /// The audit.
        audit: AuditId,
        /// Its findings.
        findings: Vec<FindingId>,
    },
    /// A notice of enforcement was tied to the ticket.
    EnforcementLinked {
        /// The notice.
        notice: EnforcementNoticeId,
    },
    /// Promises are due at other instants than before, because of a change of their terms.
    DeadlinesMoved {
        /// What changed.
        cause: DeadlineCause,
        /// Which, from where to where.
        moves: Vec<DeadlineMove>,
    },
    /// A promise reached a level: a warning, the breach, a reminder.
    SlaLevelReached {
        /// Stable name of the metric.
        metric: String,
        /// Which cycle.
        cycle: u32,
        /// The level as the policy writes it: `75%`, `due-1800`, `breach`, `due+3600`.
        level: String,
    },
}

impl TicketEventKind {
    /// Whether the client's users may see it.
    pub const fn visibility(&self) -> TicketEventVisibility {
        match self {
            Self::FileAdded { internal: true, .. }
            | Self::TeamAssigned { .. }
            | Self::Tagged { .. }
            | Self::WatcherChanged { .. }
            | Self::Assigned { .. }
            | Self::Noted { .. }
            | Self::OutcomeProposed { .. }
            | Self::SlaLevelReached { .. } => TicketEventVisibility::Internal,
            _ => TicketEventVisibility::Public,
        }
    }
}

/// An instant and what happened then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedTicketEvent {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: TicketEventKind,
}

/// An entry of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketEvent {
    /// Id.
    pub id: TicketEventId,
    /// On which ticket.
    pub ticket: TicketId,
    /// Whose.
    pub client: ClientId,
    /// Place in the timeline, from 1 without gaps.
    pub sequence: i64,
    /// The ticket's version from then on; unknown for the oldest ones.
    pub version: Option<i32>,
    /// Who may see it.
    pub visibility: TicketEventVisibility,
    /// Which kind of actor did it: `staff`, `client`, `token` or `system`.
    pub actor_kind: String,
    /// The person, when one did it.
    pub user: Option<UserId>,
    /// When.
    pub at: Instant,
    /// What.
    pub kind: TicketEventKind,
}
