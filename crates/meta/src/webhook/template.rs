//! What is told of a template: status, quality, category, components.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    Event,
    fields::Fields,
    words::{BUTTON_TYPES, CATEGORIES, PAUSE_TITLES, SCORES, TEMPLATE_EVENTS, TEMPLATE_REASONS},
};

/// Which template is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateRef {
    /// `message_template_id`, which Meta writes as an integer.
    pub id: Option<String>,
    /// `message_template_name`.
    pub name: Option<String>,
    /// `message_template_language`.
    pub language: Option<String>,
}

fn which(fields: &mut Fields<'_>) -> TemplateRef {
    let which = TemplateRef {
        id: fields.text(&["message_template_id", "template_id"]),
        name: fields.text(&["message_template_name", "template_name"]),
        language: fields.text(&["message_template_language", "template_language"]),
    };
    if which.id.is_none() && which.name.is_none() {
        fields.missing("message_template_id");
    }
    which
}

/// `message_template_status_update`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateStatus {
    /// Which template.
    pub template: TemplateRef,
    /// `event`, upper case.
    pub status: Option<String>,
    /// `message_template_category`, upper case.
    pub category: Option<String>,
    /// `other_info.title` (the rung of the pause ladder), else `reason`; upper case.
    pub reason: Option<String>,
    /// `rejection_info.recommendation`, `other_info.description`: what Meta says about it.
    pub explanation: Option<String>,
    /// `disable_info.disable_date`.
    pub disabled_at: Option<DateTime<Utc>>,
}

pub(super) fn status(mut fields: Fields<'_>) -> Event {
    let mut told = TemplateStatus {
        template: which(&mut fields),
        status: fields.word(&["event", "status"], TEMPLATE_EVENTS),
        category: fields.word(&["message_template_category", "category"], CATEGORIES),
        reason: fields.word(&["reason"], TEMPLATE_REASONS).filter(|reason| reason != "NONE"),
        ..TemplateStatus::default()
    };
    if let Some(object) = fields.object(&["rejection_info"]) {
        let mut within = fields.within("rejection_info", object);
        told.reason = within.word(&["reason"], TEMPLATE_REASONS).or(told.reason);
        told.explanation = within.text(&["recommendation"]);
        within.end();
    }
    if let Some(object) = fields.object(&["other_info"]) {
        let mut within = fields.within("other_info", object);
        told.reason = within.word(&["title"], PAUSE_TITLES).or(told.reason);
        told.explanation = within.text(&["description"]).or(told.explanation);
        within.end();
    }
    if let Some(object) = fields.object(&["disable_info"]) {
        let mut within = fields.within("disable_info", object);
        told.disabled_at = within.instant(&["disable_date"]);
        within.end();
    }
    if told.status.is_none() {
        fields.missing("event");
    }
    fields.end();
    Event::TemplateStatus(told)
}

/// `message_template_quality_update`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateQuality {
    /// Which template.
    pub template: TemplateRef,
    /// `previous_quality_score`, upper case.
    pub previous: Option<String>,
    /// `new_quality_score`, upper case.
    pub score: Option<String>,
}

pub(super) fn quality(mut fields: Fields<'_>) -> Event {
    let told = TemplateQuality {
        template: which(&mut fields),
        previous: fields.word(&["previous_quality_score"], SCORES),
        score: fields.word(&["new_quality_score"], SCORES),
    };
    fields.skip(&["message_template_category"]);
    if told.score.is_none() {
        fields.missing("new_quality_score");
    }
    fields.end();
    Event::TemplateQuality(told)
}

/// `template_category_update`, in its two forms, and `template_correct_category_detection`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateCategory {
    /// Which template.
    pub template: TemplateRef,
    /// The category now, upper case.
    pub category: Option<String>,
    /// The category that a change took away; absent as long as the change is only announced.
    pub previous: Option<String>,
    /// The category that Meta holds to be right and will set, of an announced change.
    pub announced: Option<String>,
    /// `category_update_timestamp`: when it will.
    pub announced_for: Option<DateTime<Utc>>,
}

/// In an announced change Meta's `new_category` is the current one.
pub(super) fn category(mut fields: Fields<'_>) -> Event {
    let told = TemplateCategory {
        template: which(&mut fields),
        category: fields.word(&["new_category", "category"], CATEGORIES),
        previous: fields.word(&["previous_category"], CATEGORIES),
        announced: fields.word(&["correct_category"], CATEGORIES),
        announced_for: fields.instant(&["category_update_timestamp"]),
    };
    fields.end();
    Event::TemplateCategory(told)
}

/// `message_template_components_update`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateComponents {
    /// Which template.
    pub template: TemplateRef,
    /// `message_template_title`: the header's text.
    pub header: Option<String>,
    /// `message_template_element`: the body.
    pub body: Option<String>,
    /// `message_template_footer`.
    pub footer: Option<String>,
    /// `message_template_buttons`.
    pub buttons: Vec<Button>,
}

/// A button of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Button {
    /// `message_template_button_type`, upper case.
    pub kind: String,
    /// `message_template_button_text`.
    pub text: Option<String>,
    /// `message_template_button_url`.
    pub url: Option<String>,
    /// `message_template_button_phone_number`.
    pub phone_number: Option<String>,
}

pub(super) fn components(mut fields: Fields<'_>) -> Event {
    let mut told = TemplateComponents {
        template: which(&mut fields),
        header: fields.text(&["message_template_title"]),
        body: fields.text(&["message_template_element"]),
        footer: fields.text(&["message_template_footer"]),
        buttons: Vec::new(),
    };
    for object in fields.objects(&["message_template_buttons"]) {
        let mut within = fields.within("message_template_buttons", object);
        let kind = within.word(&["message_template_button_type"], BUTTON_TYPES).unwrap_or_default();
        told.buttons.push(Button {
            kind,
            text: within.text(&["message_template_button_text"]),
            url: within.text(&["message_template_button_url"]),
            phone_number: within.text(&["message_template_button_phone_number"]),
        });
        within.end();
    }
    fields.end();
    Event::TemplateComponents(told)
}

impl TemplateComponents {
    /// The components as the Graph API returns them.
    #[must_use]
    pub fn as_components(&self) -> Value {
        use serde_json::json;

        let text = |kind: &str, text: &Option<String>| text.as_ref().map(|text| json!({ "type": kind, "text": text }));
        let mut components: Vec<Value> = Vec::new();
        components.extend(self.header.as_ref().map(|text| json!({ "type": "HEADER", "format": "TEXT", "text": text })));
        components.extend(text("BODY", &self.body));
        components.extend(text("FOOTER", &self.footer));
        if !self.buttons.is_empty() {
            let buttons: Vec<Value> = self
                .buttons
                .iter()
                .map(|button| {
                    let mut told = serde_json::Map::new();
                    told.insert("type".to_owned(), json!(button.kind));
                    for (name, value) in
                        [("text", &button.text), ("url", &button.url), ("phone_number", &button.phone_number)]
                    {
                        if let Some(value) = value {
                            told.insert(name.to_owned(), json!(value));
                        }
                    }
                    Value::Object(told)
                })
                .collect();
            components.push(json!({ "type": "BUTTONS", "buttons": buttons }));
        }
        Value::Array(components)
    }
}
