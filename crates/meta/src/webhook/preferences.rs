//! `user_preferences`: people who stopped marketing from this business, took it up again, or signed up in the app.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    Event,
    fields::Fields,
    words::{PREFERENCE_CATEGORIES, PREFERENCES},
};

/// What somebody decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreferenceValue {
    /// No more marketing.
    Stop,
    /// Marketing again.
    Resume,
    /// Signed up in WhatsApp itself.
    Signup,
}

/// A decision of one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Preference {
    /// `wa_id`.
    pub number: Option<String>,
    /// `user_id`: a business-scoped user id.
    pub user_id: Option<String>,
    /// What.
    pub value: PreferenceValue,
    /// `category`, lower case: `marketing_messages`.
    pub category: Option<String>,
    /// `signup_id`.
    pub signup: Option<String>,
    /// `timestamp`.
    pub at: Option<DateTime<Utc>>,
}

/// Says what, not who.
impl fmt::Debug for Preference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preference").field("value", &self.value).field("at", &self.at).finish_non_exhaustive()
    }
}

pub(super) fn preferences(mut fields: Fields<'_>) -> Event {
    let mut decisions = Vec::new();
    for object in fields.objects(&["user_preferences"]) {
        let read = preference(fields.within("user_preferences", object));
        decisions.extend(read);
    }
    fields.skip(&["messaging_product", "metadata", "contacts"]);
    fields.end();
    Event::Preferences(decisions)
}

fn preference(mut fields: Fields<'_>) -> Option<Preference> {
    let number = fields.text(&["wa_id"]).map(|number| number.trim().trim_start_matches('+').to_owned());
    let user_id = fields.text(&["user_id"]);
    let word = fields.word(&["value"], PREFERENCES);
    let category = fields.word(&["category"], PREFERENCE_CATEGORIES).map(|category| category.to_ascii_lowercase());
    let signup = fields.text(&["signup_id"]);
    let at = fields.instant(&["timestamp"]);
    fields.skip(&["parent_user_id", "detail", "phone_number_id"]);
    let value = match word.as_deref() {
        Some("STOP") => Some(PreferenceValue::Stop),
        Some("RESUME") => Some(PreferenceValue::Resume),
        Some("SIGNUP") => Some(PreferenceValue::Signup),
        _ => None,
    };
    if number.is_none() && user_id.is_none() {
        fields.missing("wa_id");
        fields.end();
        return None;
    }
    fields.end();
    Some(Preference { number, user_id, value: value?, category, signup, at })
}
