//! TPL-07: the format of texts: lengths, variables, emojis, the name.
//!
//! Sources: Meta, *Template components* and *Template review* (2025 and 2026): header 60 characters and one variable, body
//! 1024, footer 60, names of 512 lower-case letters, digits and underscores; variables numbered from 1 without gaps, never
//! first or last, each with a sample. Ten emojis are common guidance.

use std::ops::Range;

use domain::traffic::{Category, Component, LintCode};
use unicode_properties::UnicodeEmoji;
use unicode_segmentation::UnicodeSegmentation;

use super::{Case, Objection};
use crate::lint::text::{Name, Part, Texts};

/// Judges the template's name and each of its texts.
pub(super) fn judge(case: &mut Case<'_>) {
    name(case);
    let texts = case.texts;
    for part in &texts.parts {
        for broken in &part.broken {
            let quoted = part.text.get(broken.clone()).unwrap_or_default();
            case.object(Objection::part(part, broken, LintCode::MalformedVariable).text("words", quoted));
        }
    }
    header(case, texts);
    body(case, texts);
    if let Some(part) = texts.part(Component::Footer) {
        too_long(case, part, case.thresholds().footer_characters, LintCode::FooterTooLong);
        if let Some(variable) = part.variables.first() {
            case.object(Objection::part(part, &variable.bytes, LintCode::FooterVariable));
        }
    }
}

fn name(case: &mut Case<'_>) {
    let name = &case.template.name;
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let limit = case.thresholds().name_characters as usize;
    if name.is_empty() || name.len() > limit || !name.bytes().all(is_allowed) {
        case.object(Objection::whole(LintCode::NameInvalid).count("limit", limit));
    }
}

fn header(case: &mut Case<'_>, texts: &Texts<'_>) {
    let Some(part) = texts.part(Component::Header) else { return };
    too_long(case, part, case.thresholds().header_characters, LintCode::HeaderTooLong);
    if let [_, second, ..] = part.variables.as_slice() {
        case.object(Objection::part(part, &second.bytes, LintCode::HeaderVariables));
    }
    numbering(case, part);
    let given = case.template.header.as_ref().and_then(|header| header.samples.as_ref()).map_or(0, Vec::len);
    samples(case, part, given);
}

fn body(case: &mut Case<'_>, texts: &Texts<'_>) {
    let Some(part) = texts.part(Component::Body).filter(|part| !part.text.trim().is_empty()) else {
        // Meta writes the body of authentication templates itself.
        if case.template.category.is_some_and(|category| category != Category::Authentication) {
            case.object(Objection::at(Component::Body, None, LintCode::BodyMissing));
        }
        return;
    };
    too_long(case, part, case.thresholds().body_characters, LintCode::BodyTooLong);
    if case.template.category == Some(Category::Authentication) {
        // Meta writes these texts, and puts its variable where it likes.
        return;
    }
    edges(case, part);
    for pair in part.variables.windows(2) {
        let [one, other] = pair else { continue };
        let between = part.text.get(one.bytes.end..other.bytes.start).unwrap_or_default();
        if is_bare(between) {
            case.object(Objection::part(part, &(one.bytes.start..other.bytes.end), LintCode::AdjacentVariables));
        }
    }
    numbering(case, part);
    samples(case, part, case.template.body_samples.as_ref().map_or(0, Vec::len));
    emojis(case, part);
}

fn too_long(case: &mut Case<'_>, part: &Part<'_>, limit: u32, code: LintCode) {
    let characters = part.text.chars().count();
    if let Some((start, _)) = part.text.char_indices().nth(limit as usize) {
        let objection = Objection::part(part, &(start..part.text.len()), code);
        case.object(objection.count("characters", characters).count("limit", limit as usize));
    }
}

/// Whether nothing that a reader sees stands there: spaces and WhatsApp's marks of format.
fn is_bare(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || matches!(character, '*' | '_' | '~' | '`'))
}

fn edges(case: &mut Case<'_>, part: &Part<'_>) {
    if let Some(first) = part.variables.first()
        && is_bare(&part.text[..first.bytes.start])
    {
        case.object(Objection::part(part, &first.bytes, LintCode::VariableAtStart));
    }
    if let Some(last) = part.variables.last()
        && is_bare(&part.text[last.bytes.end..])
    {
        case.object(Objection::part(part, &last.bytes, LintCode::VariableAtEnd));
    }
}

/// Numbers run from 1 without a gap; they may repeat and come in any order.
fn numbering(case: &mut Case<'_>, part: &Part<'_>) {
    let mut numbers: Vec<u32> = Vec::new();
    let mut is_named = false;
    for variable in &part.variables {
        match variable.name {
            Name::Number(number) => numbers.push(number),
            Name::Word(_) => is_named = true,
        }
    }
    let whole = part.variables.first().zip(part.variables.last()).map(|(one, last)| one.bytes.start..last.bytes.end);
    let Some(whole) = whole else { return };
    if is_named && !numbers.is_empty() {
        case.object(Objection::part(part, &whole, LintCode::MixedVariables));
    }
    numbers.sort_unstable();
    numbers.dedup();
    if let Some((expected, _)) = (1..).zip(&numbers).find(|(expected, number)| expected != *number) {
        let objection = Objection::part(part, &whole, LintCode::VariablesNotSequential);
        case.object(objection.count("expected", expected as usize));
    }
}

/// Each different variable needs a sample.
fn samples(case: &mut Case<'_>, part: &Part<'_>, given: usize) {
    let mut different: Vec<(Name<'_>, &Range<usize>)> = Vec::new();
    for variable in &part.variables {
        if !different.iter().any(|(name, _)| *name == variable.name) {
            different.push((variable.name, &variable.bytes));
        }
    }
    if let Some((_, bytes)) = different.get(given) {
        let objection = Objection::part(part, bytes, LintCode::MissingSample);
        case.object(objection.count("variables", different.len()).count("samples", given));
    }
}

fn emojis(case: &mut Case<'_>, part: &Part<'_>) {
    let limit = case.thresholds().emojis as usize;
    if part.text.chars().filter(|character| !character.is_ascii()).count() <= limit {
        return;
    }
    let emojis: Vec<Range<usize>> = part
        .text
        .grapheme_indices(true)
        .filter(|(_, cluster)| is_emoji(cluster))
        .map(|(start, cluster)| start..start + cluster.len())
        .collect();
    if let (Some(first), Some(last)) = (emojis.get(limit), emojis.last()) {
        let objection = Objection::part(part, &(first.start..last.end), LintCode::TooManyEmojis);
        case.object(objection.count("emojis", emojis.len()).count("limit", limit));
    }
}

/// Whether a character, as a reader counts them, is shown as an emoji.
fn is_emoji(cluster: &str) -> bool {
    let has_selector = cluster.contains('\u{fe0f}');
    let is_shown = |character: char| {
        character.is_emoji_char()
            && (has_selector || !character.is_ascii() && character as u32 >= 0x2300 && unicode_emoji(character))
    };
    cluster.chars().any(is_shown)
}

/// Whether a character is an emoji without a selector.
fn unicode_emoji(character: char) -> bool {
    use unicode_properties::EmojiStatus;
    matches!(
        character.emoji_status(),
        EmojiStatus::EmojiPresentation
            | EmojiStatus::EmojiPresentationAndModifierBase
            | EmojiStatus::EmojiPresentationAndEmojiComponent
            | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
    )
}
