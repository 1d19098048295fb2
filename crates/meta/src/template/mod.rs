//! One message template, as `GET /<WABA>/message_templates` of the Graph API returns it.
//!
//! Sources: Meta, *WhatsApp Business Account > Message Templates* and *Template components* (Graph API v23 to v25),
//! and the `message_template_*` webhooks for the sets of states. Shapes that were seen and are read: ids as strings and
//! as integers; `language` as a string and as `{"code": …}`; `quality_score` as an object and as a plain string;
//! `rejected_reason` of `NONE`; component types in upper and in lower case.
//!
//! Only `id`, `name` and `language` are required, for without them nothing can be joined to a template. Everything else
//! depends on the `fields` that were asked for. A component that cannot be read does not refuse its template.

mod components;
mod content;
#[cfg(test)]
mod tests;
mod words;

#[cfg(test)]
pub(crate) use tests::any_json;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

pub use components::{Body, Button, Components, Footer, Header};
pub use words::{Category, QualityScore, Status};

use crate::ReadError;
use crate::value::{self, Object};

/// A template's quality, rated by Meta from usage, feedback and read rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quality {
    /// The rating.
    pub score: QualityScore,
    /// Since when, if Meta said so.
    pub since: Option<DateTime<Utc>>,
}

/// A message template.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Meta's id; an integer in webhooks, a string in the Graph API.
    pub id: String,
    /// Name; with the language it identifies the template within its WABA.
    pub name: String,
    /// Meta's language code, such as `it` or `en_US`.
    pub language: String,
    /// Category, if it was asked for.
    pub category: Option<Category>,
    /// The category before Meta changed it.
    pub previous_category: Option<Category>,
    /// The category to which Meta will change it.
    pub correct_category: Option<Category>,
    /// Review and pausing state, if it was asked for.
    pub status: Option<Status>,
    /// Quality, if it was asked for.
    pub quality: Option<Quality>,
    /// Why it was rejected: Meta's word, such as `INCORRECT_CATEGORY`; absent also for Meta's `NONE`.
    pub rejected_reason: Option<String>,
    /// What it is made of.
    pub components: Components,
    /// Every other field, as it came.
    pub other: Map<String, Value>,
}

impl Template {
    /// Reads one line of a templates file.
    ///
    /// # Errors
    /// When the text is not a JSON object, or lacks `id`, `name` or `language`, or one of the known fields has a JSON
    /// type that no version of the API gives it. The error names the field.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        Self::from_value(value::parse(text)?)
    }

    /// Reads one template object.
    ///
    /// # Errors
    /// As [`Template::from_json`].
    pub fn from_value(value: Value) -> Result<Self, ReadError> {
        let mut fields = value::object(value)?;
        Ok(Self {
            id: value::require(value::take_id(&mut fields, &["id"])?, "id")?,
            name: value::require(value::take_string(&mut fields, &["name"])?, "name")?,
            language: language(&mut fields)?,
            category: take_word(&mut fields, "category")?,
            previous_category: take_word(&mut fields, "previous_category")?,
            correct_category: take_word(&mut fields, "correct_category")?,
            status: take_word(&mut fields, "status")?,
            quality: quality(&mut fields)?,
            rejected_reason: value::take_string(&mut fields, &["rejected_reason"])?.filter(|reason| reason != "NONE"),
            components: Components::read(value::take(&mut fields, "components")),
            other: fields,
        })
    }

    /// The body's text; the one part that every template but a carousel's card has.
    #[must_use]
    pub fn body_text(&self) -> Option<&str> {
        self.components.body.as_ref().and_then(|body| body.text.as_deref())
    }
}

fn take_word<W: From<String>>(fields: &mut Object, field: &'static str) -> Result<Option<W>, ReadError> {
    Ok(value::take_string(fields, &[field])?.map(W::from))
}

fn language(fields: &mut Object) -> Result<String, ReadError> {
    const FIELD: &str = "language";
    match value::take(fields, FIELD) {
        None => Err(ReadError::Missing { field: FIELD }),
        Some(Value::String(code)) if code.trim().is_empty() => Err(ReadError::Missing { field: FIELD }),
        Some(Value::String(code)) => Ok(code),
        Some(Value::Object(mut inner)) => {
            value::require(value::take_string(&mut inner, &["code"]).map_err(rename)?, "language.code")
        }
        Some(other) => Err(ReadError::WrongType {
            field: FIELD,
            expected: "a string or an object with `code`",
            found: value::type_name(&other),
        }),
    }
}

fn rename(error: ReadError) -> ReadError {
    match error {
        ReadError::WrongType { expected, found, .. } => {
            ReadError::WrongType { field: "language.code", expected, found }
        }
        other => other,
    }
}

fn quality(fields: &mut Object) -> Result<Option<Quality>, ReadError> {
    const FIELD: &str = "quality_score";
    match value::take(fields, FIELD) {
        None => Ok(None),
        Some(Value::String(score)) => Ok(Some(Quality { score: QualityScore::from(score), since: None })),
        Some(Value::Object(mut inner)) => {
            // A template that was never sent may carry an empty object. An unreadable date is no reason to lose a score.
            let since = value::take_instant(&mut inner, &["date"]).unwrap_or_default();
            Ok(take_word(&mut inner, "score")?.map(|score| Quality { score, since }))
        }
        Some(other) => Err(ReadError::WrongType {
            field: FIELD,
            expected: "an object with `score`, or a string",
            found: value::type_name(&other),
        }),
    }
}
