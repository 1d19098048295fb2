//! TPL-07: the format of buttons.
//!
//! Sources: Meta, *Template components* (2025 and 2026): ten buttons, of them two addresses of 2,000 characters and one
//! number; 25 characters on a button (some pages say 20); quick replies stand together; an address has one variable, at its end.

use domain::traffic::{Component, LintCode, Span};

use super::{Case, Objection};
use crate::lint::text::Variable;

/// Judges the buttons.
pub(super) fn judge(case: &mut Case<'_>) {
    labels(case);
    addresses(case);
    numbers(case);
}

fn labels(case: &mut Case<'_>) {
    let texts = case.texts;
    let limit = case.thresholds().button_characters as usize;
    for part in texts.parts.iter().filter(|part| part.component == Component::Button) {
        let characters = part.text.chars().count();
        if let Some((start, _)) = part.text.char_indices().nth(limit) {
            let objection = Objection::part(part, &(start..part.text.len()), LintCode::ButtonTooLong);
            case.object(objection.count("characters", characters).count("limit", limit));
        }
        if let Some(variable) = part.variables.first() {
            case.object(Objection::part(part, &variable.bytes, LintCode::ButtonVariable));
        }
    }
    let template = case.template;
    for (place, button) in (0_u32..).zip(&template.buttons) {
        // Meta writes what stands on the others.
        let is_labelled = matches!(button.kind.as_str(), "QUICK_REPLY" | "URL" | "PHONE_NUMBER");
        if is_labelled && button.text.as_deref().is_none_or(|text| text.trim().is_empty()) {
            case.object(Objection::at(Component::Button, Some(place), LintCode::ButtonEmpty));
        }
    }
}

fn addresses(case: &mut Case<'_>) {
    let template = case.template;
    let limit = case.thresholds().url_characters as usize;
    for (place, button) in (0_u32..).zip(&template.buttons) {
        let Some(url) = button.url.as_deref() else { continue };
        let at = |code| Objection::at(Component::ButtonUrl, Some(place), code);
        let characters = url.chars().count();
        if characters > limit {
            case.object(at(LintCode::UrlTooLong).count("characters", characters).count("limit", limit));
        }
        let (variables, broken) = crate::lint::text::variables_of(url);
        let is_last = |variable: &Variable<'_>| variable.bytes.end == url.trim_end().len();
        let misplaced = variables.iter().find(|variable| !is_last(variable)).map(|variable| variable.bytes.clone());
        if let Some(bytes) = misplaced {
            let start = url[..bytes.start].chars().count() as u32;
            let mut objection = at(LintCode::UrlVariable);
            objection.place.span = Some(Span { start, end: start + url[bytes].chars().count() as u32 });
            case.object(objection);
        }
        if !broken.is_empty() {
            case.object(at(LintCode::MalformedVariable).text("words", url.get(broken[0].clone()).unwrap_or_default()));
        }
        let given = button.samples.as_ref().map_or(0, Vec::len);
        if variables.len() > given {
            case.object(at(LintCode::MissingSample).count("variables", variables.len()).count("samples", given));
        }
    }
}

fn numbers(case: &mut Case<'_>) {
    let buttons = &case.template.buttons;
    let of = |kind: &str| buttons.iter().filter(|button| button.kind == kind).count();
    let thresholds = case.thresholds();
    for (count, limit, code) in [
        (buttons.len(), thresholds.buttons, LintCode::TooManyButtons),
        (of("URL"), thresholds.url_buttons, LintCode::TooManyUrlButtons),
        (of("PHONE_NUMBER"), thresholds.phone_buttons, LintCode::TooManyPhoneButtons),
    ] {
        if count > limit as usize {
            case.object(Objection::whole(code).count("buttons", count).count("limit", limit as usize));
        }
    }
    let replies: Vec<bool> = buttons.iter().map(|button| button.kind == "QUICK_REPLY").collect();
    if replies.chunk_by(PartialEq::eq).filter(|run| run[0]).count() > 1 {
        case.object(Objection::whole(LintCode::QuickRepliesApart));
    }
}
