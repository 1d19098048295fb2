//! What Meta tells of a client's assets: the events that the enforcement and quality rules are defined over.
//!
//! Whoever reads them (webhooks, polls, a hand-written notice) has already understood Meta's payload. Sources: Meta's
//! webhook reference of September 2026 (`account_update`, `account_alerts`, `business_capability_update`,
//! `phone_number_quality_update`, `message_template_status_update`, `message_template_quality_update`,
//! `template_category_update`).

use super::Category;
use crate::{
    Instant,
    enforcement::{Restriction, RestrictionType},
};

/// Something that Meta told.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformEvent {
    /// When Meta says that it happened; when it was received, if Meta does not say.
    pub at: Instant,
    /// Meta's id of the account that it is about; `None` when it names none, and may concern every account of the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What.
    #[serde(flatten)]
    pub kind: PlatformEventKind,
}

impl PlatformEvent {
    /// An event that names no account.
    pub const fn new(at: Instant, kind: PlatformEventKind) -> Self {
        Self { at, account: None, kind }
    }

    /// The same of an account, by Meta's id.
    #[must_use]
    pub fn of(self, account: Option<String>) -> Self {
        Self { account, ..self }
    }
}

/// The kinds of events. Words of Meta's open lists are kept in upper case.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum PlatformEventKind {
    /// A template's status changed.
    TemplateStatus {
        /// Name of the template.
        name: String,
        /// Its language.
        language: String,
        /// `APPROVED`, `PAUSED`, `DISABLED`, `REJECTED`, `REINSTATED`, ….
        status: String,
        /// Why, when Meta said so: `ABUSIVE_CONTENT`, `FIRST_PAUSE`, ….
        reason: Option<String>,
    },
    /// A template's quality score changed.
    TemplateQuality {
        /// Name of the template.
        name: String,
        /// Its language.
        language: String,
        /// The score before.
        previous: Option<String>,
        /// The score now: `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
        score: String,
    },
    /// Meta put a template into another category. Impending changes are no event of this kind.
    TemplateCategory {
        /// Name of the template.
        name: String,
        /// Its language.
        language: String,
        /// The category before.
        previous: Category,
        /// The category now.
        category: Category,
    },
    /// A number's quality rating or status changed.
    NumberQuality {
        /// Meta's id of the number.
        number: String,
        /// The rating before.
        previous: Option<String>,
        /// The rating or status now: `GREEN`, `YELLOW`, `RED`, `FLAGGED`.
        rating: String,
    },
    /// The portfolio's messaging limit changed.
    MessagingLimit {
        /// The limit before, in people in a moving 24 h; `None` when unknown, `u64::MAX` when unlimited.
        previous: Option<u64>,
        /// The limit now; `u64::MAX` when unlimited.
        limit: u64,
    },
    /// Meta puts off, refuses or wants to know more before a higher limit.
    ScalingAlert {
        /// `INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED`, `…_FAILED`, `…_NEED_MORE_INFO`.
        alert: String,
    },
    /// Meta holds that a policy was violated.
    Violation {
        /// Meta's `violation_type`: `SCAM`, `SPAM`, `UTILITY_TEMPLATE_ABUSE`, ….
        violation: String,
    },
    /// Meta takes capabilities away.
    Restriction {
        /// The violation it follows from, when Meta said so.
        violation: Option<String>,
        /// What may no longer be done, until when.
        restrictions: Vec<Restriction>,
    },
    /// A restriction ended, or was lifted before its end.
    RestrictionLifted {
        /// The violation that is forgiven, when Meta said so.
        violation: Option<String>,
        /// What is given back, when not everything that the violation speaks of.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        restrictions: Vec<RestrictionType>,
    },
    /// The account's ban.
    Ban {
        /// `SCHEDULE_FOR_DISABLE`, `DISABLE`, `REINSTATE`; of an account that is put off the platform `OFFBOARDED`, or `DISCONNECTED`
        /// when Meta took it away from us, and `RECONNECTED` when it is back.
        state: String,
        /// The day that Meta names.
        date: Option<Instant>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_flat_object() {
        let json = serde_json::json!({
            "at": "2026-09-12T08:00:00Z", "kind": "template_status",
            "name": "autumn_sale", "language": "it", "status": "PAUSED", "reason": "FIRST_PAUSE"
        });
        let event: PlatformEvent = serde_json::from_value(json.clone()).unwrap();
        assert!(matches!(&event.kind, PlatformEventKind::TemplateStatus { status, .. } if status == "PAUSED"));
        assert_eq!(serde_json::to_value(&event).unwrap(), json);
        let of_account = serde_json::to_value(event.of(Some("1022".into()))).unwrap();
        assert_eq!(of_account["account"], "1022");
    }
}
