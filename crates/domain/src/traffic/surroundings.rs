//! What is known around the messages of an audit: facts of assets that no message carries, for the rules that need them.
//!
//! `None` says that nobody told: a rule that needs it is NOT_FED. An empty list says that there is nothing. Words of Meta's
//! are kept as Meta writes them, for its lists are open.

use super::{Category, PlatformEvent, PlatformEventKind};
use crate::{ImportId, Instant, imports::ImportKind};

/// The surroundings of an audit.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Surroundings {
    /// Kinds of files that the client has given, those that turned out empty too: a rule that needs such a kind is not NOT_FED.
    /// A kind of which there are rows need not be named.
    pub given: Vec<ImportKind>,
    /// The portfolio's messaging limit (unique people in a moving 24 h); `None` when unknown, `u64::MAX` when unlimited.
    pub messaging_limit: Option<u64>,
    /// Campaigns that were declared beforehand; `None` when the client does not declare any.
    pub campaigns: Option<Vec<DeclaredCampaign>>,
    /// The client's templates, those that are no longer approved too.
    pub templates: Option<Vec<TemplateContent>>,
    /// Who the client is.
    pub client: Option<ClientFacts>,
    /// The client's sending numbers.
    pub numbers: Option<Vec<NumberFacts>>,
    /// The texts under which people opt in.
    pub wordings: Option<Vec<Wording>>,
    /// People whom a former provider no longer wrote to, as the exchange formats write recipients.
    pub suppressed: Option<Vec<String>>,
    /// The imports that told of these people, where they are kept apart. An audit keeps these in their stead.
    pub suppressed_by: Vec<ImportId>,
    /// What Meta told of the client's assets, by time.
    pub events: Option<Vec<PlatformEvent>>,
    /// Words by which people say stop, beside those of everybody: the BSP's own and the client's.
    pub stop_words: Vec<String>,
}

impl Surroundings {
    /// The same without the people who are suppressed, for keeping: they are named by the imports that told of them.
    #[must_use]
    pub fn without_people(self) -> Self {
        Self { suppressed: self.suppressed.filter(|_| self.suppressed_by.is_empty()), ..self }
    }

    /// When Meta first told of a violation or took something away for one, if it did.
    pub fn first_violation_at(&self) -> Option<Instant> {
        let accuses = |event: &&PlatformEvent| {
            matches!(event.kind, PlatformEventKind::Violation { .. } | PlatformEventKind::Restriction { .. })
        };
        self.events.iter().flatten().filter(accuses).map(|event| event.at).min()
    }
}

/// Says how many people are suppressed, not who.
impl std::fmt::Debug for Surroundings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Surroundings")
            .field("given", &self.given)
            .field("messaging_limit", &self.messaging_limit)
            .field("campaigns", &self.campaigns)
            .field("templates", &self.templates.as_ref().map(Vec::len))
            .field("client", &self.client)
            .field("numbers", &self.numbers)
            .field("wordings", &self.wordings.as_ref().map(Vec::len))
            .field("suppressed", &self.suppressed.as_ref().map(Vec::len))
            .field("suppressed_by", &self.suppressed_by)
            .field("events", &self.events.as_ref().map(Vec::len))
            .field("stop_words", &self.stop_words)
            .finish()
    }
}

/// A campaign that was declared beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DeclaredCampaign {
    /// As `campaign_id` of messages names it, when the client says so.
    pub id: Option<String>,
    /// Meta's id of the sending number; `None` for any.
    pub number: Option<String>,
    /// Name of the template; `None` for any.
    pub template_name: Option<String>,
    /// When it starts (microseconds since 1970-01-01 UTC).
    pub start: i64,
    /// How many people it is meant for.
    pub size: Option<u64>,
}

/// Who a client is, for judging what people read.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ClientFacts {
    /// As people know it.
    pub brand_names: Vec<String>,
    /// As registered.
    pub legal_names: Vec<String>,
    /// Domains that are proved to be the client's, in lower case; `None` when nobody told.
    pub verified_domains: Option<Vec<String>>,
    /// Regulated trades that the client may pursue (`alcohol`, `gambling`, `otc_drugs`), with the countries where it may;
    /// `None` when nobody told.
    pub permits: Option<Vec<Permit>>,
}

/// A permit for a regulated trade.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Permit {
    /// The trade, in lower case: `alcohol`, `gambling`, `otc_drugs`; others are kept and match nothing.
    pub trade: String,
    /// Two-letter codes of the countries where it holds, upper case; nothing is everywhere.
    #[serde(default)]
    pub countries: Vec<String>,
}

/// A sending number.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NumberFacts {
    /// Meta's id.
    pub id: String,
    /// Meta's id of the account that it belongs to; `None` when unknown.
    #[serde(default)]
    pub account: Option<String>,
    /// The first send that the platform ever accepted from it; `None` when unknown.
    #[serde(default)]
    pub first_used_at: Option<Instant>,
}

/// A version of the text under which people opt in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wording {
    /// As `wording_version` of consents names it.
    pub version: String,
    /// Its language, when told: `it`, `en`, ….
    #[serde(default)]
    pub language: Option<String>,
    /// The text.
    pub text: String,
}

/// A template and what Meta says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TemplateContent {
    /// Name.
    pub name: String,
    /// Language code, as Meta writes it: `it`, `en_US`.
    pub language: String,
    /// Its category now; `None` when Meta's word is none of ours, or absent.
    pub category: Option<Category>,
    /// The category that Meta's last re-categorisation took away.
    pub previous_category: Option<Category>,
    /// Meta's `status` (`APPROVED`, `PAUSED`, …), upper case.
    pub status: Option<String>,
    /// Since when it has this status, when known.
    pub status_since: Option<Instant>,
    /// Meta's quality score (`GREEN`, `YELLOW`, `RED`, `UNKNOWN`), upper case.
    pub quality: Option<String>,
    /// Since when it has this score, when known.
    pub quality_since: Option<Instant>,
    /// Why Meta rejected it.
    pub rejected_reason: Option<String>,
    /// The header.
    pub header: Option<TemplateHeader>,
    /// Text of the body.
    pub body: Option<String>,
    /// Sample values of the body's variables, in order; `None` when there are none.
    pub body_samples: Option<Vec<String>>,
    /// Text of the footer.
    pub footer: Option<String>,
    /// Buttons, in order.
    pub buttons: Vec<TemplateButton>,
}

/// The header of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TemplateHeader {
    /// Meta's `format`, upper case: `TEXT`, `IMAGE`, `VIDEO`, `DOCUMENT`, `LOCATION`.
    pub format: String,
    /// The text of a `TEXT` header.
    pub text: Option<String>,
    /// Sample values of its variables; `None` when there are none.
    pub samples: Option<Vec<String>>,
}

/// A button of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TemplateButton {
    /// Meta's `type`, upper case: `URL`, `QUICK_REPLY`, `PHONE_NUMBER`, `COPY_CODE`, `OTP`, ….
    pub kind: String,
    /// What stands on it.
    pub text: Option<String>,
    /// Where it leads.
    pub url: Option<String>,
    /// Sample values of its variables; `None` when there are none.
    pub samples: Option<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_told_is_not_the_same_as_nothing_there() {
        let told: Surroundings = serde_json::from_str(r#"{"campaigns": [], "numbers": [{"id": "1055"}]}"#).unwrap();
        assert_eq!(told.campaigns, Some(vec![]));
        assert_eq!(told.numbers.unwrap()[0].first_used_at, None);
        assert_eq!((told.templates, told.events), (None, None));
    }

    #[test]
    fn what_is_logged_names_nobody() {
        let known = Surroundings { suppressed: Some(vec!["393331234567".into()]), ..Surroundings::default() };
        assert!(!format!("{known:?}").contains("39333"), "{known:?}");
    }
}
