//! TPL-12: almost the text of a template that was rejected, paused or disabled lately. Submitting it again escalates.
//!
//! Texts are compared by their sets of 5 consecutive characters (Broder's shingles), folded, with variables and links as one
//! sign each: in texts as short as templates, sets of 5 words would change by a fifth with a single word.

use std::collections::HashMap;

use domain::{
    Instant,
    traffic::{LintArgument, LintCode, PlatformEvent, PlatformEventKind, TemplateContent},
};
use xxhash_rust::xxh3::xxh3_64;

use super::{Case, Objection};
use crate::lint::{
    LintContext,
    text::{Kind, Texts},
};

/// Characters of a shingle.
const LENGTH: usize = 5;

/// States that say that Meta did not want a text.
const STATES: [&str; 3] = ["REJECTED", "PAUSED", "DISABLED"];

/// The unwanted templates of a context, by their shingles.
#[derive(Debug, Default)]
pub(in crate::lint) struct Rejects {
    templates: Vec<Reject>,
    by_shingle: HashMap<u64, Vec<u32>>,
}

#[derive(Debug)]
struct Reject {
    name: String,
    language: String,
    status: String,
    shingles: usize,
}

impl Rejects {
    pub(in crate::lint) fn of(context: &LintContext<'_>) -> Self {
        let mut rejects = Self::default();
        let days = chrono::TimeDelta::days(context.thresholds.resubmission_days.into());
        let since = context.now.and_then(|now| now.checked_sub_signed(days));
        for template in context.others {
            let Some(status) = template.status.as_deref().filter(|status| STATES.contains(status)) else { continue };
            let changed = template.status_since.or_else(|| told_at(context.events, template, status));
            let is_old = since.zip(changed).is_some_and(|(since, changed)| changed < since);
            let shingles = shingles(&Texts::of(template));
            if is_old || shingles.is_empty() {
                continue;
            }
            let id = rejects.templates.len() as u32;
            for shingle in &shingles {
                rejects.by_shingle.entry(*shingle).or_default().push(id);
            }
            rejects.templates.push(Reject {
                name: template.name.clone(),
                language: template.language.clone(),
                status: status.to_owned(),
                shingles: shingles.len(),
            });
        }
        rejects
    }
}

/// When Meta last told of a template's status.
fn told_at(events: &[PlatformEvent], template: &TemplateContent, wanted: &str) -> Option<Instant> {
    let told = events.iter().filter(|event| {
        matches!(&event.kind, PlatformEventKind::TemplateStatus { name, language, status, .. }
            if *name == template.name && *language == template.language && status == wanted)
    });
    told.map(|event| event.at).max()
}

/// Names the unwanted template that is most alike, if it is alike enough.
pub(super) fn judge(case: &mut Case<'_>, rejects: &Rejects) {
    if rejects.templates.is_empty() {
        return;
    }
    let own = shingles(case.texts);
    let mut shared: HashMap<u32, usize> = HashMap::new();
    for ids in own.iter().filter_map(|shingle| rejects.by_shingle.get(shingle)) {
        for id in ids {
            *shared.entry(*id).or_default() += 1;
        }
    }
    let alike = |(id, shared): (u32, usize)| {
        let reject = &rejects.templates[id as usize];
        let likeness = shared as f64 / (own.len() + reject.shingles - shared) as f64;
        let is_itself = reject.name == case.template.name && reject.language == case.template.language;
        (!is_itself && likeness >= case.thresholds().likeness).then_some((id, likeness))
    };
    let most =
        shared.into_iter().filter_map(alike).max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
    if let Some((id, likeness)) = most {
        let reject = &rejects.templates[id as usize];
        let objection = Objection::whole(LintCode::NearDuplicate)
            .text("template", &format!("{}/{}", reject.name, reject.language))
            .text("status", &reject.status)
            .with("likeness", LintArgument::Share(likeness));
        case.object(objection);
    }
}

/// The set of shingles, in order.
fn shingles(texts: &Texts<'_>) -> Vec<u64> {
    let tokens = &texts.tokens;
    let mut text = String::new();
    for token in tokens.list.iter().filter(|token| token.kind != Kind::End) {
        if !text.is_empty() {
            text.push(' ');
        }
        match token.kind {
            Kind::Variable => text.push('\u{1}'),
            Kind::Link => text.push('\u{2}'),
            _ => text.push_str(tokens.text(token)),
        }
    }
    if text.is_empty() {
        return Vec::new();
    }
    let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
    let last = starts.len().saturating_sub(LENGTH).max(1);
    let shingle = |place: usize| {
        let end = starts.get(place + LENGTH).copied().unwrap_or(text.len());
        xxh3_64(&text.as_bytes()[starts[place]..end])
    };
    let mut shingles: Vec<u64> = (0..last).map(shingle).collect();
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}
