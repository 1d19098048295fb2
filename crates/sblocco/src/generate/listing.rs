//! The files beside the traffic: templates as the Graph API lists them, assets as the exchange formats do.

use domain::traffic::Category;
use serde_json::{Value, json};

use super::calendar::{CAMPAIGN_DAYS, Calendar, DAY, HOUR, rfc3339};
use super::client::{IdleTemplate, MOVED_TEMPLATE, NORDIC, Profile, TemplateText, WORDINGS};
use super::identity::Identities;
use super::spike::limit_value;
use super::truth::{Facts, overplanned};

/// People on a former provider's list to whom nobody writes any more.
const FORMER: u32 = 25;
/// Where the indexes of those begin: far above anybody's who is written to.
const FORMER_INDEX: u32 = 1 << 29;

/// The lines of templates.ndjson.
pub(super) fn templates(profile: &Profile, calendar: &Calendar) -> Vec<Value> {
    let rated = calendar.start() / 1_000_000 - 86_400;
    let sent = profile.templates.iter().map(|text| IdleTemplate {
        text: *text,
        status: "APPROVED",
        quality: text.quality,
        rejected_reason: "NONE",
    });
    sent.chain(profile.idle.iter().copied())
        .enumerate()
        .map(|(index, template)| {
            let mut line = json!({
                "id": profile.template_id(index).to_string(),
                "name": template.text.name,
                "language": template.text.language,
                "category": category(template.text.category),
                "status": template.status,
                "quality_score": {"score": template.quality, "date": rated},
                "rejected_reason": template.rejected_reason,
                "parameter_format": "POSITIONAL",
                "components": components(&template.text),
            });
            if profile.folder == NORDIC.folder && index == usize::from(MOVED_TEMPLATE) {
                line["previous_category"] = "UTILITY".into();
            }
            line
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
    let examples: &[&str] = match text.body.matches("{{").count() {
        0 => &[],
        1 if text.category == Category::Authentication => &["123456"],
        1 => &["Giulia"],
        2 => &["Giulia", "2026-1042"],
        _ => &["Giulia", "2026-1042", "17:30"],
    };
    let mut parts = vec![json!({"type": "BODY", "text": text.body, "example": {"body_text": [examples]}})];
    if text.footer {
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

/// The lines of assets.ndjson.
pub(super) fn assets(facts: &Facts<'_>, identities: &Identities) -> Vec<Value> {
    let Facts { profile, .. } = facts;
    let mut lines = vec![
        json!({"kind": "client", "id": profile.folder, "name": profile.name, "brand_names": [profile.name],
               "legal_names": [profile.legal_name], "verified_domains": [profile.domain], "permits": profile.permits}),
        json!({"kind": "portfolio", "id": profile.portfolio_id(), "name": profile.legal_name,
               "messaging_limit": limit_value(facts.limit)}),
        json!({"kind": "domain", "domain": profile.domain, "verified": true}),
    ];
    lines.extend((0..profile.all_numbers()).map(|number| phone_number(facts, number)));
    lines.extend(wordings(profile));
    lines.extend(campaigns(facts));
    lines.push(suppression(facts, identities));
    lines
}

fn phone_number(facts: &Facts<'_>, number: u8) -> Value {
    let Facts { profile, calendar, .. } = facts;
    let first_day = facts.crowd.filter(|crowd| crowd.number == number && number >= profile.numbers);
    let first_used_at = first_day.map_or(calendar.start() - 400 * DAY, |crowd| calendar.at(crowd.day, 7 * HOUR));
    json!({
        "kind": "number", "id": profile.number_id(number), "waba_id": profile.waba_of(number),
        "portfolio_id": profile.portfolio_id(),
        "display_phone_number": profile.display_number(number),
        "first_used_at": rfc3339(first_used_at),
    })
}

fn wordings(profile: &Profile) -> Vec<Value> {
    let mut versions = WORDINGS.to_vec();
    versions.dedup();
    let good = format!(
        "Acconsento a ricevere messaggi da {} ({}). Posso revocare il consenso in ogni momento rispondendo STOP.",
        profile.name, profile.legal_name
    );
    let text = |version: &str| match profile.flawed_wording {
        Some((flawed, text)) if flawed == version => text,
        _ => &good,
    };
    versions
        .into_iter()
        .map(|version| json!({"kind": "wording", "version": version, "language": "it", "text": text(version)}))
        .collect()
}

/// The campaigns that were declared, and those that are planned.
fn campaigns(facts: &Facts<'_>) -> Vec<Value> {
    let Facts { profile, calendar, evidence, .. } = facts;
    let mut lines = Vec::new();
    for (index, id) in facts.campaigns.iter().enumerate().take(calendar.campaigns()) {
        let day = index as i64 * CAMPAIGN_DAYS;
        let turn = (day / 7) as usize % profile.marketing.len();
        let template = profile.templates[usize::from(profile.marketing[turn][0])];
        lines.push(json!({
            "kind": "campaign", "id": id, "name": id, "template_name": template.name,
            "template_language": template.language, "starts_at": rfc3339(calendar.at(day, 0)),
            "size": profile.declares_sizes.then(|| evidence.reached.get(index)),
        }));
    }
    if let (Some(crowd), Some(id)) = (facts.crowd.filter(|crowd| crowd.declared), facts.campaigns.last()) {
        lines.push(json!({
            "kind": "campaign", "id": id, "name": id, "phone_number_id": profile.number_id(crowd.number),
            "template_name": crowd.campaign, "starts_at": rfc3339(calendar.at(crowd.day, 7 * HOUR)),
            "size": crowd.people,
        }));
    }
    lines.extend(overplanned(facts).map(|plan| {
        json!({
            "kind": "campaign", "id": plan.id, "name": plan.id, "template_name": "black_friday",
            "template_language": "it", "starts_at": rfc3339(plan.starts_at), "size": plan.size,
        })
    }));
    lines
}

/// The list of the provider from which the client came: people who are no longer written to, and those who are.
fn suppression(facts: &Facts<'_>, identities: &Identities) -> Value {
    let mut number = String::new();
    let former = (0..FORMER).map(|index| FORMER_INDEX + index);
    let people: Vec<String> = former
        .chain(facts.evidence.suppressed.iter().copied())
        .map(|person| {
            identities.number(person, &mut number);
            number.clone()
        })
        .collect();
    json!({"kind": "suppression", "provider": "Messaggi Veloci", "reason": "opt_out",
           "suppressed_at": rfc3339(facts.calendar.start() - 200 * DAY), "recipients": people})
}
