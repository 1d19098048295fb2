//! The files beside the traffic: templates as the Graph API lists them, assets as the exchange formats do.

use domain::traffic::Category;
use serde_json::{Value, json};

use super::calendar::{CAMPAIGN_DAYS, Calendar, DAY, rfc3339};
use super::client::{IdleTemplate, Profile, TemplateText};
use super::evidence::Evidence;
use super::rows::WORDINGS;

/// The lines of templates.ndjson.
pub(super) fn templates(profile: &Profile, calendar: &Calendar) -> Vec<Value> {
    let rated = calendar.start() / 1_000_000 - 86_400;
    let sent = profile.templates.iter().map(|text| IdleTemplate {
        text: *text,
        status: "APPROVED",
        quality: "GREEN",
        rejected_reason: "NONE",
    });
    sent.chain(profile.idle.iter().copied())
        .enumerate()
        .map(|(index, template)| {
            json!({
                "id": (620_000_000_000_000_u64 + profile.stream * 7_000_003 + index as u64 * 104_729).to_string(),
                "name": template.text.name,
                "language": template.text.language,
                "category": category(template.text.category),
                "status": template.status,
                "quality_score": {"score": template.quality, "date": rated},
                "rejected_reason": template.rejected_reason,
                "parameter_format": "POSITIONAL",
                "components": components(&template.text),
            })
        })
        .collect()
}

fn category(category: Category) -> &'static str {
    match category {
        Category::Marketing => "MARKETING",
        Category::Authentication => "AUTHENTICATION",
        _ => "UTILITY",
    }
}

fn components(text: &TemplateText) -> Value {
    let examples: Vec<&str> = match text.body.matches("{{").count() {
        0 => Vec::new(),
        1 if text.category == Category::Authentication => vec!["123456"],
        1 => vec!["Giulia"],
        _ => vec!["Giulia", "2026-1042"],
    };
    let mut parts = vec![json!({"type": "BODY", "text": text.body, "example": {"body_text": [examples]}})];
    if text.category == Category::Marketing {
        let footer =
            if text.language == "it" { "Rispondi STOP per non ricevere altro" } else { "Reply STOP to opt out" };
        parts.push(json!({"type": "FOOTER", "text": footer}));
    }
    let mut buttons: Vec<Value> = Vec::new();
    if let Some((label, url)) = text.link {
        buttons.push(json!({"type": "URL", "text": label, "url": url, "example": [url.replace("{{1}}", "a1")]}));
    }
    buttons.extend(text.quick_replies.iter().map(|label| json!({"type": "QUICK_REPLY", "text": label})));
    if text.category == Category::Authentication {
        let label = if text.language == "it" { "Copia codice" } else { "Copy code" };
        buttons.push(json!({"type": "OTP", "otp_type": "COPY_CODE", "text": label}));
    }
    if !buttons.is_empty() {
        parts.push(json!({"type": "BUTTONS", "buttons": buttons}));
    }
    Value::from(parts)
}

/// The lines of assets.ndjson. Only the calendar's campaigns are declared.
pub(super) fn assets(
    profile: &Profile,
    calendar: &Calendar,
    campaigns: &[String],
    evidence: &Evidence,
    limit: &Value,
) -> Vec<Value> {
    let mut lines = vec![
        json!({"kind": "client", "id": profile.folder, "name": profile.name, "brand_names": [profile.name],
               "legal_names": [profile.legal_name], "verified_domains": [profile.domain], "permits": []}),
        json!({"kind": "portfolio", "id": profile.portfolio_id(), "name": profile.legal_name, "messaging_limit": limit}),
        json!({"kind": "domain", "domain": profile.domain, "verified": true}),
    ];
    for number in 0..profile.numbers {
        lines.push(json!({
            "kind": "number", "id": profile.number_id(number), "waba_id": profile.waba_id(),
            "portfolio_id": profile.portfolio_id(),
            "display_phone_number": format!("+39 02 9000 {}{}00", profile.stream, number),
            "first_used_at": rfc3339(calendar.start() - 400 * DAY),
        }));
    }
    let mut wordings = WORDINGS.to_vec();
    wordings.dedup();
    lines.extend(wordings.into_iter().map(|version| {
        let text = format!(
            "Acconsento a ricevere messaggi da {} ({}). Posso revocare il consenso in ogni momento rispondendo STOP.",
            profile.name, profile.legal_name
        );
        json!({"kind": "wording", "version": version, "language": "it", "text": text})
    }));
    for (index, id) in campaigns.iter().enumerate().take(calendar.campaigns()) {
        let day = index as i64 * CAMPAIGN_DAYS;
        let turn = (day / 7) as usize % profile.marketing.len();
        let template = profile.templates[usize::from(profile.marketing[turn][0])];
        lines.push(json!({
            "kind": "campaign", "id": id, "name": id, "template_name": template.name,
            "template_language": template.language, "starts_at": rfc3339(calendar.at(day, 0)),
            "size": evidence.reached.get(index),
        }));
    }
    lines
}
