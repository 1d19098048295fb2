//! TPL-08: more variables than words around them, and variables that stand for whole texts.
//!
//! Source: Meta refuses templates with too many variables for their length (error 2388293) without saying how many are too
//! many; the ratio is ours.

use domain::traffic::{Component, LintCode};

use super::{Case, Objection};
use crate::lint::text::{Part, links_of};

/// Judges the words around the body's variables, and the samples of all.
pub(super) fn judge(case: &mut Case<'_>) {
    let texts = case.texts;
    if let Some(body) = texts.part(Component::Body)
        && let (Some(first), Some(last)) = (body.variables.first(), body.variables.last())
    {
        let words = words(body);
        if (words as f64) < case.thresholds().words_per_variable * body.variables.len() as f64 {
            let objection = Objection::part(body, &(first.bytes.start..last.bytes.end), LintCode::FewWords);
            case.object(objection.count("words", words).count("variables", body.variables.len()));
        }
    }
    let header = case.template.header.as_ref().and_then(|header| header.samples.as_deref());
    samples(case, Component::Header, header.unwrap_or_default());
    samples(case, Component::Body, case.template.body_samples.as_deref().unwrap_or_default());
}

/// Words, as spaces tell them apart, without variables.
fn words(part: &Part<'_>) -> usize {
    let mut text = part.text.to_owned();
    for variable in part.variables.iter().rev() {
        text.replace_range(variable.bytes.clone(), " ");
    }
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// A value of several words and many characters is text that nobody reviews; a link hides from review too.
fn samples(case: &mut Case<'_>, component: Component, samples: &[String]) {
    let Some(part) = case.texts.part(component) else { return };
    for (place, sample) in samples.iter().enumerate() {
        let characters = sample.chars().count();
        let objection = |code| {
            let objection = match part.variables.get(place) {
                Some(variable) => Objection::part(part, &variable.bytes, code),
                None => Objection::at(component, None, code),
            };
            objection.count("position", place + 1)
        };
        if !links_of(sample).is_empty() {
            case.object(objection(LintCode::LinkInSample));
        } else if characters > case.thresholds().sample_characters as usize && sample.split_whitespace().count() > 1 {
            let limit = case.thresholds().sample_characters as usize;
            case.object(objection(LintCode::LongSample).count("characters", characters).count("limit", limit));
        }
    }
}
