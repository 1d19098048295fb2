//! Enforcement by Meta, as told by e-mail, in Account Quality, or (later) by webhook.

mod episode;

use crate::{
    ClientId, EnforcementEpisodeId, EnforcementNoticeId, Instant, PhoneNumberId, TicketId, UserId, WabaId,
    tickets::TicketPriority, words::words,
};

pub use episode::{
    Capability, CapabilityState, CapabilityStatus, EnforcementStage, Episode, EpisodeEnd, StageReason, UtilityMisuse,
    WARNING_DAYS, capabilities, episodes, is_lift, is_lifted_by, is_sign,
};

words! {
    /// How the BSP learned of it.
    NoticeSource {
        /// Meta's e-mail to the portfolio's admins.
        Email = "email",
        /// Account Quality, or Business Support Home.
        AccountQuality = "account_quality",
        /// An `account_update` webhook.
        Webhook = "webhook",
        /// The Graph API, asked how the account stands.
        Graph = "graph",
        /// Somebody said so.
        Other = "other",
    }
}

impl NoticeSource {
    /// Whether somebody recorded it; what Meta told our program stands among the platform's events too.
    pub const fn is_by_hand(self) -> bool {
        !matches!(self, Self::Webhook | Self::Graph)
    }
}

words! {
    /// What Meta takes away, in the words of Meta's `restriction_type` (documentation of `account_update`, September 2026).
    RestrictionType {
        /// No number can be added.
        AddPhoneNumber = "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
        /// No message that the business starts.
        BusinessInitiatedMessaging = "RESTRICTED_BIZ_INITIATED_MESSAGING",
        /// No reply to people either.
        CustomerInitiatedMessaging = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING",
        /// No utility template.
        UtilityTemplates = "RESTRICTED_UTILITY_TEMPLATES",
        /// Fewer utility messages.
        UtilityRateLimit = "RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING",
        /// No utility template by Direct Send.
        DirectSendUtilityTemplates = "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES",
        /// No call that the business starts.
        BusinessInitiatedCalling = "RESTRICTED_BUSINESS_INITIATED_CALLING",
        /// No call that a person starts.
        UserInitiatedCalling = "RESTRICTED_USER_INITIATED_CALLING",
        /// The call button is hidden.
        CallButtonHidden = "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN",
        /// No call at all.
        AllCalling = "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING",
        /// The account is disabled.
        Disabled = "DISABLED",
        /// Anything that this release does not know.
        Unknown = "UNKNOWN",
    }
}

/// One thing that the account or number may not do, and until when.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Restriction {
    /// What.
    pub restriction_type: RestrictionType,
    /// Meta's own word, when it is none of the known ones.
    pub raw_type: Option<String>,
    /// Until when; `None` is without end.
    pub ends_at: Option<Instant>,
}

/// A notice that Meta took something away, or warns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnforcementNotice {
    /// Id.
    pub id: EnforcementNoticeId,
    /// Whose account.
    pub client: ClientId,
    /// The account that is meant.
    pub waba: Option<WabaId>,
    /// The number that is meant, when one is.
    pub phone_number: Option<PhoneNumberId>,
    /// Meta's `violation_type`, an open list (`SCAM`, `UTILITY_TEMPLATE_ABUSE`, …), when Meta named one.
    pub violation_type: Option<String>,
    /// How the BSP learned of it.
    pub source: NoticeSource,
    /// When Meta told.
    pub noticed_at: Instant,
    /// What is taken away; nothing for a warning.
    pub restrictions: Vec<Restriction>,
    /// What Meta wrote, or what staff adds.
    pub note: Option<String>,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The ticket that deals with it.
    pub ticket: Option<TicketId>,
}

/// An episode, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEpisode {
    /// Id.
    pub id: EnforcementEpisodeId,
    /// Whose account.
    pub client: ClientId,
    /// The account.
    pub waba: WabaId,
    /// The ticket that deals with it.
    pub ticket: Option<TicketId>,
    /// What is known of it.
    pub episode: Episode,
}

/// Days after the notice within which an appeal is taken (BSPs' published word; Meta's page no longer says).
pub const APPEAL_DAYS: i64 = 90;

/// The priority that a set of restrictions proposes (tickets-and-sla: P1 nothing can be sent, P2 business-initiated messages are
/// blocked, P3 some capabilities). A violation without restrictions is a warning: P3.
pub fn proposed_priority(restrictions: &[Restriction]) -> TicketPriority {
    let has = |wanted: RestrictionType| restrictions.iter().any(|restriction| restriction.restriction_type == wanted);
    if has(RestrictionType::Disabled) || has(RestrictionType::CustomerInitiatedMessaging) {
        TicketPriority::P1
    } else if has(RestrictionType::BusinessInitiatedMessaging) {
        TicketPriority::P2
    } else {
        TicketPriority::P3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_priority_follows_what_can_still_be_sent() {
        let one = |restriction_type| [Restriction { restriction_type, raw_type: None, ends_at: None }];
        assert_eq!(proposed_priority(&one(RestrictionType::Disabled)), TicketPriority::P1);
        assert_eq!(proposed_priority(&one(RestrictionType::CustomerInitiatedMessaging)), TicketPriority::P1);
        assert_eq!(proposed_priority(&one(RestrictionType::BusinessInitiatedMessaging)), TicketPriority::P2);
        assert_eq!(proposed_priority(&one(RestrictionType::UtilityTemplates)), TicketPriority::P3);
        assert_eq!(proposed_priority(&[]), TicketPriority::P3);
    }
}
