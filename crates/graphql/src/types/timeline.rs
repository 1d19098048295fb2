//! How a block came: what happened to an account, in one order.

use app::timeline::{Block as LastBlock, TimelineEntry as Entry, TimelineKind as Kind};
use async_graphql::{Enum, ID, Object};
use domain::{tickets::TicketEventKind, traffic::PlatformEventKind};

use super::{AssetChange, Audit, EnforcementEpisode, Finding, TicketEvent};
use crate::scalars::{BigInt, DateTime, Json};

/// What kind of thing happened; more kinds may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum TimelineEntryType {
    /// An audit counted the volumes of its period.
    Traffic,
    /// Meta counted the account's messages of a day.
    Volume,
    /// A finding came up, new or again.
    Finding,
    /// Meta named a violation.
    Violation,
    /// Meta took something away.
    Restriction,
    /// Meta gave something back.
    RestrictionLifted,
    /// Meta announced, did or took back that the account is disabled.
    Ban,
    /// Meta told something of a template: status, quality, category.
    Template,
    /// Meta told something of a number.
    Number,
    /// The messaging limit, or what stands against a higher one.
    MessagingLimit,
    /// An attribute of an account, number or template changed.
    AssetChanged,
    /// A ticket about the account was opened.
    TicketOpened,
    /// A ticket was handed to Meta, or Meta answered.
    Submission,
    /// A corrective action was added, or stands elsewhere.
    CorrectiveAction,
    /// Anything else happened to a ticket.
    TicketEvent,
}

/// What the timeline of an account says of its last block.
#[derive(Debug)]
pub(crate) struct TimelineBlock(pub(crate) Option<LastBlock>);

/// What the timeline of an account says of its last block.
#[Object]
impl TimelineBlock {
    /// The last episode of enforcement that began in the time that was asked for.
    async fn episode(&self) -> Option<EnforcementEpisode> {
        self.0.as_ref().map(|block| EnforcementEpisode(block.episode.clone()))
    }

    /// Of the findings, high or critical, of the last audit before that episode, the one that had stood longest without a break.
    async fn first_finding(&self) -> Option<Finding> {
        self.0.as_ref().and_then(|block| block.finding.clone()).map(Finding)
    }

    /// How long that finding had stood when the episode began, in seconds: the time in which it could have been mended.
    async fn lead_seconds(&self) -> Option<BigInt> {
        let lead = self.0.as_ref().and_then(LastBlock::lead_seconds)?;
        u64::try_from(lead).ok().map(BigInt)
    }
}

/// One thing that happened.
#[derive(Debug)]
pub(crate) struct TimelineEntry(pub(crate) Entry);

const fn of_platform(kind: &PlatformEventKind) -> TimelineEntryType {
    match kind {
        PlatformEventKind::Violation { .. } => TimelineEntryType::Violation,
        PlatformEventKind::Restriction { .. } => TimelineEntryType::Restriction,
        PlatformEventKind::RestrictionLifted { .. } => TimelineEntryType::RestrictionLifted,
        PlatformEventKind::Ban { .. } => TimelineEntryType::Ban,
        PlatformEventKind::NumberQuality { .. } => TimelineEntryType::Number,
        PlatformEventKind::MessagingLimit { .. } | PlatformEventKind::ScalingAlert { .. } => {
            TimelineEntryType::MessagingLimit
        }
        PlatformEventKind::TemplateStatus { .. }
        | PlatformEventKind::TemplateQuality { .. }
        | PlatformEventKind::TemplateCategory { .. } => TimelineEntryType::Template,
    }
}

const fn of_ticket(kind: &TicketEventKind) -> TimelineEntryType {
    match kind {
        TicketEventKind::Opened { .. } => TimelineEntryType::TicketOpened,
        TicketEventKind::Submitted { .. } | TicketEventKind::SubmissionAnswered { .. } => TimelineEntryType::Submission,
        TicketEventKind::ActionAdded { .. } | TicketEventKind::ActionChanged { .. } => {
            TimelineEntryType::CorrectiveAction
        }
        _ => TimelineEntryType::TicketEvent,
    }
}

/// One thing that happened.
#[Object]
impl TimelineEntry {
    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// What kind of thing.
    #[graphql(name = "type")]
    async fn entry_type(&self) -> TimelineEntryType {
        match &self.0.kind {
            Kind::Traffic(..) => TimelineEntryType::Traffic,
            Kind::Volume(_) => TimelineEntryType::Volume,
            Kind::Finding(_) => TimelineEntryType::Finding,
            Kind::Asset(_) => TimelineEntryType::AssetChanged,
            Kind::Ticket(event) => of_ticket(&event.kind),
            Kind::Platform(event) => of_platform(&event.kind),
        }
    }

    /// What Meta told, in our words for its fields; of the kinds that Meta tells.
    async fn told(&self) -> Option<Json> {
        match &self.0.kind {
            Kind::Platform(event) => serde_json::to_value(&event.kind).ok().map(Json),
            _ => None,
        }
    }

    /// Sends of the period, of `TRAFFIC`; messages that Meta took, of `VOLUME`.
    async fn messages(&self) -> Option<BigInt> {
        match &self.0.kind {
            Kind::Traffic(_, totals) => Some(BigInt(totals.messages)),
            Kind::Volume(volume) => Some(BigInt(volume.sent)),
            _ => None,
        }
    }

    /// Templates of the period that count toward the messaging limit, of `TRAFFIC`.
    async fn counted(&self) -> Option<BigInt> {
        match &self.0.kind {
            Kind::Traffic(_, totals) => Some(BigInt(totals.counted)),
            _ => None,
        }
    }

    /// Messages that arrived, of `VOLUME`.
    async fn delivered(&self) -> Option<BigInt> {
        match &self.0.kind {
            Kind::Volume(volume) => Some(BigInt(volume.delivered)),
            _ => None,
        }
    }

    /// The audit that counted, of `TRAFFIC`.
    async fn audit(&self) -> Option<Audit> {
        match &self.0.kind {
            Kind::Traffic(audit, _) => Some(Audit((**audit).clone())),
            _ => None,
        }
    }

    /// The finding, of `FINDING`.
    async fn finding(&self) -> Option<Finding> {
        match &self.0.kind {
            Kind::Finding(finding) => Some(Finding((**finding).clone())),
            _ => None,
        }
    }

    /// The change, of `ASSET_CHANGED`.
    async fn change(&self) -> Option<AssetChange> {
        match &self.0.kind {
            Kind::Asset(change) => Some(AssetChange((**change).clone())),
            _ => None,
        }
    }

    /// What happened to a ticket, of `TICKET_OPENED`, `SUBMISSION`, `CORRECTIVE_ACTION` and `TICKET_EVENT`.
    async fn ticket_event(&self) -> Option<TicketEvent> {
        match &self.0.kind {
            Kind::Ticket(event) => Some(TicketEvent((**event).clone())),
            _ => None,
        }
    }

    /// Id of the ticket, of the same kinds.
    async fn ticket_id(&self) -> Option<ID> {
        match &self.0.kind {
            Kind::Ticket(event) => Some(event.ticket.into()),
            _ => None,
        }
    }
}
