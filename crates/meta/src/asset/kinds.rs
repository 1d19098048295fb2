//! The kinds of assets, each with the fields that are read. Every other field is kept in `other`.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::MessagingLimit;
use crate::ReadError;
use crate::value::{self, Object};

/// `client`: who the client is. Nothing is required.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// `id`.
    pub id: Option<String>,
    /// `name`: what the BSP calls it.
    pub name: Option<String>,
    /// `legal_names` or `legal_name`: as registered.
    pub legal_names: Vec<String>,
    /// `brand_names`, `brand_name` or `brands`: as people know it.
    pub brand_names: Vec<String>,
    /// `verified_domains` or `domains`.
    pub verified_domains: Vec<String>,
    /// `permits`: regulated trades that it may pursue, as they came.
    pub permits: Vec<Value>,
    /// Every other field.
    pub other: Map<String, Value>,
}

/// `portfolio`: a business portfolio of Meta. `id` is required.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// `id` or `portfolio_id`.
    pub id: String,
    /// `name`.
    pub name: Option<String>,
    /// `messaging_limit`, `whatsapp_business_manager_messaging_limit`, `max_daily_conversations_per_business` or
    /// `messaging_limit_tier`; absent when none is stated or Meta has set none.
    pub messaging_limit: Option<MessagingLimit>,
    /// Every other field.
    pub other: Map<String, Value>,
}

/// `number`: a sending number. `id` is required.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// `id` or `phone_number_id`: Meta's id.
    pub id: String,
    /// `display_phone_number`.
    pub display_phone_number: Option<String>,
    /// `waba_id`.
    pub waba_id: Option<String>,
    /// `portfolio_id`.
    pub portfolio_id: Option<String>,
    /// `first_used_at` or `first_use`: the first send that the platform ever accepted from it.
    pub first_used_at: Option<DateTime<Utc>>,
    /// Every other field.
    pub other: Map<String, Value>,
}

/// `wording`: a version of the text under which people opt in. `version` and `text` are required.
#[derive(Debug, Clone, PartialEq)]
pub struct Wording {
    /// `version`, `wording_version` or `id`: as `wording_version` of consents names it.
    pub version: String,
    /// `language`.
    pub language: Option<String>,
    /// `text`.
    pub text: String,
    /// Every other field.
    pub other: Map<String, Value>,
}

/// `campaign`: a campaign that was declared beforehand. `id` is required.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// `id` or `campaign_id`: as `campaign_id` of messages names it.
    pub id: String,
    /// `name`.
    pub name: Option<String>,
    /// `template_name` or `template`.
    pub template_name: Option<String>,
    /// `template_language`.
    pub template_language: Option<String>,
    /// `phone_number_id` or `number`.
    pub phone_number_id: Option<String>,
    /// `starts_at` or `start`.
    pub starts_at: Option<DateTime<Utc>>,
    /// `size`: how many people it is meant for.
    pub size: Option<u64>,
    /// Every other field.
    pub other: Map<String, Value>,
}

/// `suppression`: people whom a former provider no longer wrote to. One of `recipients`, `recipient` is required.
#[derive(Clone, PartialEq)]
pub struct Suppression {
    /// `recipients` or `recipient`: as they came, not normalised.
    pub recipients: Vec<String>,
    /// `reason`.
    pub reason: Option<String>,
    /// `provider`: who kept the list.
    pub provider: Option<String>,
    /// `suppressed_at` or `since`.
    pub suppressed_at: Option<DateTime<Utc>>,
    /// Every other field.
    pub other: Map<String, Value>,
}

/// Says how many people, not who: a recipient is personal data and does not belong into a log.
impl std::fmt::Debug for Suppression {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Suppression")
            .field("recipients", &self.recipients.len())
            .field("reason", &self.reason)
            .field("provider", &self.provider)
            .field("suppressed_at", &self.suppressed_at)
            .finish_non_exhaustive()
    }
}

/// `domain`: a domain of the client. `domain` is required.
#[derive(Debug, Clone, PartialEq)]
pub struct Domain {
    /// `domain` or `name`, in lower case.
    pub domain: String,
    /// `verified`: whether the client has proved that it is theirs; absent when not said.
    pub verified: Option<bool>,
    /// Every other field.
    pub other: Map<String, Value>,
}

impl Client {
    pub(super) fn read(mut fields: Object) -> Result<Self, ReadError> {
        Ok(Self {
            id: value::take_id(&mut fields, &["id"])?,
            name: value::take_string(&mut fields, &["name"])?,
            legal_names: value::take_strings(&mut fields, &["legal_names", "legal_name"])?,
            brand_names: value::take_strings(&mut fields, &["brand_names", "brand_name", "brands"])?,
            verified_domains: value::take_strings(&mut fields, &["verified_domains", "domains"])?,
            permits: match value::take(&mut fields, "permits") {
                None => Vec::new(),
                Some(Value::Array(permits)) => permits,
                Some(permit) => vec![permit],
            },
            other: fields,
        })
    }
}

impl Portfolio {
    pub(super) fn read(mut fields: Object) -> Result<Self, ReadError> {
        Ok(Self {
            id: value::require(value::take_id(&mut fields, &["id", "portfolio_id"])?, "id")?,
            name: value::take_string(&mut fields, &["name"])?,
            messaging_limit: messaging_limit(&mut fields)?,
            other: fields,
        })
    }
}

fn messaging_limit(fields: &mut Object) -> Result<Option<MessagingLimit>, ReadError> {
    const SPELLINGS: [&str; 4] = [
        "messaging_limit",
        "whatsapp_business_manager_messaging_limit",
        "max_daily_conversations_per_business",
        "messaging_limit_tier",
    ];
    for field in SPELLINGS {
        if let Some(limit) = value::take(fields, field) {
            return MessagingLimit::read(field, &limit);
        }
    }
    Ok(None)
}

impl Number {
    pub(super) fn read(mut fields: Object) -> Result<Self, ReadError> {
        Ok(Self {
            id: value::require(value::take_id(&mut fields, &["id", "phone_number_id"])?, "id")?,
            display_phone_number: value::take_id(&mut fields, &["display_phone_number"])?,
            waba_id: value::take_id(&mut fields, &["waba_id"])?,
            portfolio_id: value::take_id(&mut fields, &["portfolio_id"])?,
            first_used_at: value::take_instant(&mut fields, &["first_used_at", "first_use"])?,
            other: fields,
        })
    }
}

impl Wording {
    pub(super) fn read(mut fields: Object) -> Result<Self, ReadError> {
        Ok(Self {
            version: value::require(value::take_id(&mut fields, &["version", "wording_version", "id"])?, "version")?,
            language: value::take_string(&mut fields, &["language"])?,
            text: value::require(value::take_string(&mut fields, &["text"])?, "text")?,
            other: fields,
        })
    }
}

impl Campaign {
    pub(super) fn read(mut fields: Object) -> Result<Self, ReadError> {
        Ok(Self {
            id: value::require(value::take_id(&mut fields, &["id", "campaign_id"])?, "id")?,
            name: value::take_string(&mut fields, &["name"])?,
            template_name: value::take_string(&mut fields, &["template_name", "template"])?,
            template_language: value::take_string(&mut fields, &["template_language"])?,
            phone_number_id: value::take_id(&mut fields, &["phone_number_id", "number"])?,
            starts_at: value::take_instant(&mut fields, &["starts_at", "start"])?,
            size: value::take_count(&mut fields, &["size"])?,
            other: fields,
        })
    }
}

impl Suppression {
    pub(super) fn read(mut fields: Object) -> Result<Self, ReadError> {
        let recipients = value::take_ids(&mut fields, &["recipients", "recipient"])?;
        Ok(Self {
            recipients: value::require(Some(recipients).filter(|all| !all.is_empty()), "recipients")?,
            reason: value::take_string(&mut fields, &["reason"])?,
            provider: value::take_string(&mut fields, &["provider"])?,
            suppressed_at: value::take_instant(&mut fields, &["suppressed_at", "since"])?,
            other: fields,
        })
    }
}

impl Domain {
    pub(super) fn read(mut fields: Object) -> Result<Self, ReadError> {
        let domain = value::require(value::take_string(&mut fields, &["domain", "name"])?, "domain")?;
        let verified = match value::take(&mut fields, "verified") {
            None => None,
            Some(Value::Bool(verified)) => Some(verified),
            Some(other) => {
                return Err(ReadError::WrongType {
                    field: "verified",
                    expected: "true or false",
                    found: value::type_name(&other),
                });
            }
        };
        Ok(Self { domain: domain.trim().trim_end_matches('.').to_lowercase(), verified, other: fields })
    }
}
