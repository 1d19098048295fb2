//! The answers, read tolerantly: what cannot be read counts as not told.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    ReadError,
    asset::MessagingLimit,
    template::Template,
    value::{self, Object},
};

/// `health_status` of an account or number: whether it can send, and what stands against it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// `can_send_message`, upper case: `AVAILABLE`, `LIMITED`, `BLOCKED`.
    pub can_send: Option<String>,
    /// Codes of all errors of the account itself: 141014 says that it is banned.
    pub account_errors: Vec<i64>,
    /// `can_send_message` of the account itself.
    pub account_can_send: Option<String>,
}

impl Health {
    /// How the account itself stands, in one word with the codes against it: `BLOCKED 141006`.
    pub fn of_account(&self) -> Option<String> {
        in_words(self.account_can_send.clone(), &self.account_errors)
    }

    fn read(value: Option<&Value>) -> Self {
        let Some(value) = value else { return Self::default() };
        let (account_can_send, account_errors) = of_entity(value, "WABA");
        Self { can_send: can_send(value), account_errors, account_can_send }
    }
}

fn can_send(value: &Value) -> Option<String> {
    value.get("can_send_message").and_then(Value::as_str).map(str::to_ascii_uppercase)
}

/// Of a `health_status`, whether the entity of this type can send, and the codes of what stands against it.
fn of_entity(value: &Value, kind: &str) -> (Option<String>, Vec<i64>) {
    let entities = value.get("entities").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let own = entities.iter().find(|entity| entity.get("entity_type").and_then(Value::as_str) == Some(kind));
    let errors = own.and_then(|own| own.get("errors")).and_then(Value::as_array);
    let code = |error: &Value| error.get("error_code").and_then(Value::as_i64);
    (own.and_then(can_send), errors.into_iter().flatten().filter_map(code).collect())
}

fn in_words(can_send: Option<String>, errors: &[i64]) -> Option<String> {
    let mut text = can_send?;
    for code in errors {
        text.push(' ');
        text.push_str(&code.to_string());
    }
    Some(text)
}

/// What stands of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountState {
    /// `account_review_status`, upper case.
    pub review_status: Option<String>,
    /// `business_verification_status`, lower case as Meta writes it.
    pub verification_status: Option<String>,
    /// `status`, upper case.
    pub status: Option<String>,
    /// `whatsapp_business_manager_messaging_limit`.
    pub messaging_limit: Option<MessagingLimit>,
    /// `owner_business_info.id`: the portfolio.
    pub portfolio: Option<String>,
    /// `health_status`.
    pub health: Health,
}

fn text(object: &Object, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned).filter(|text| !text.trim().is_empty())
}

fn upper(object: &Object, name: &str) -> Option<String> {
    text(object, name).map(|text| text.to_ascii_uppercase())
}

fn limit(object: &Object) -> Option<MessagingLimit> {
    const NAME: &str = "whatsapp_business_manager_messaging_limit";
    MessagingLimit::read(NAME, object.get(NAME)?).ok().flatten()
}

impl AccountState {
    pub(super) fn read(value: Value) -> Result<Self, ReadError> {
        let object = value::object(value)?;
        Ok(Self {
            review_status: upper(&object, "account_review_status"),
            verification_status: text(&object, "business_verification_status"),
            status: upper(&object, "status"),
            messaging_limit: limit(&object),
            portfolio: object.get("owner_business_info").and_then(|owner| text(owner.as_object()?, "id")),
            health: Health::read(object.get("health_status")),
        })
    }
}

/// What stands of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberState {
    /// `id`.
    pub id: String,
    /// `display_phone_number`.
    pub display_number: String,
    /// `verified_name`.
    pub verified_name: Option<String>,
    /// `status`, upper case.
    pub status: Option<String>,
    /// `quality_rating`, upper case: `GREEN`, `YELLOW`, `RED`, `NA`, `UNKNOWN`.
    pub quality: Option<String>,
    /// `name_status`, upper case.
    pub name_status: Option<String>,
    /// `throughput.level`, upper case.
    pub throughput: Option<String>,
    /// How the number itself stands in its `health_status`, with the codes against it.
    pub health: Option<String>,
}

impl NumberState {
    pub(super) fn read(value: Value) -> Result<Self, ReadError> {
        let mut object = value::object(value)?;
        let id = value::require(value::take_id(&mut object, &["id"])?, "id")?;
        Ok(Self {
            id,
            display_number: text(&object, "display_phone_number").unwrap_or_default(),
            verified_name: text(&object, "verified_name"),
            status: upper(&object, "status"),
            quality: upper(&object, "quality_rating"),
            name_status: upper(&object, "name_status"),
            throughput: object.get("throughput").and_then(Value::as_object).and_then(|level| upper(level, "level")),
            health: object.get("health_status").and_then(|health| {
                let (can_send, errors) = of_entity(health, "PHONE_NUMBER");
                in_words(can_send, &errors)
            }),
        })
    }
}

/// What stands of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateState {
    /// As it is read.
    pub template: Template,
    /// `components`, as they came.
    pub components: Option<Value>,
}

impl TemplateState {
    /// `None` for what is no template: an entry that is none keeps no other from being read.
    pub(super) fn read(value: Value) -> Option<Self> {
        let components = value.get("components").filter(|components| components.is_array()).cloned();
        Some(Self { template: Template::from_value(value).ok()?, components })
    }
}

/// How many messages Meta counted of an account in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume {
    /// Its start, included.
    pub from: DateTime<Utc>,
    /// Its end, excluded.
    pub to: DateTime<Utc>,
    /// `sent`.
    pub sent: u64,
    /// `delivered`.
    pub delivered: u64,
}

impl Volume {
    /// The data points of an answer that can be read, the earliest first.
    pub(super) fn read_all(answer: &Value) -> Vec<Self> {
        let points = answer.pointer("/analytics/data_points").and_then(Value::as_array);
        let mut volumes: Vec<Self> = points.into_iter().flatten().filter_map(Self::read).collect();
        volumes.sort_by_key(|volume| volume.from);
        volumes
    }

    fn read(point: &Value) -> Option<Self> {
        let instant = |name: &str| DateTime::from_timestamp(point.get(name)?.as_i64()?, 0);
        let count = |name: &str| point.get(name)?.as_u64();
        Some(Self {
            from: instant("start")?,
            to: instant("end")?,
            sent: count("sent")?,
            delivered: count("delivered")?,
        })
    }
}
