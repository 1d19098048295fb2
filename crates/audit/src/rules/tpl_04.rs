//! TPL-04: a template whose quality Meta rates YELLOW or RED.

use std::collections::BTreeMap;

use domain::traffic::{Count, PlatformEventKind, Severity, Subject};

use crate::{events::micros, tally::DAY};

use super::{
    Case, Draft, Judgement,
    told::{self, Change, Held, States, held},
};

/// Judges the ratings that each template had in the period: from events, and for templates of which no event tells, from
/// what Meta says of them now.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (events, contents) = (case.told(), case.inputs.surroundings.templates.as_deref());
    if events.is_none() && contents.is_none() {
        return Judgement::NotFed;
    }
    let mut states = held(events.iter().flatten().filter_map(|event| match &event.kind {
        PlatformEventKind::TemplateQuality { name, language, previous, score } => Some(Change {
            subject: told::template(name, language),
            account: event.account.as_deref(),
            at: micros(event.at),
            previous: previous.as_deref(),
            value: score,
        }),
        _ => None,
    }));
    for content in contents.unwrap_or_default() {
        let Some(value) = content.quality.as_deref() else { continue };
        // Without a date nobody knows for how long: not at all, then.
        let end = case.tally.period_to().map_or(i64::MAX, |to| to.saturating_sub(1));
        let from = content.quality_since.map_or(end, micros);
        let key = (told::template(&content.name, &content.language), None);
        let is_told = states.range(&key..).next().is_some_and(|((known, _), _)| *known == key.0);
        if !is_told {
            states.insert(key, vec![Held { value, previous: None, from, until: i64::MAX }]);
        }
    }
    Judgement::Judged(drafts(case, states))
}

/// Of templates that have the same name in several accounts, the worst is told.
fn drafts(case: &Case<'_>, states: States<'_>) -> Vec<Draft> {
    let mut worst = BTreeMap::<Subject, Rated>::new();
    for ((subject, _), states) in states {
        if let Some(rated) = rated(case, &states) {
            let known = worst.entry(subject).or_insert(rated);
            *known = (*known).max(rated);
        }
    }
    let days = |lasted: i64| lasted as f64 / DAY as f64;
    let draft = |(subject, (severity, yellow, red)): (Subject, Rated)| {
        Draft::new(severity, subject, Count::default()).value("yellowDays", days(yellow)).value("redDays", days(red))
    };
    worst.into_iter().map(draft).collect()
}

/// How bad the ratings of the period are, and the longest that was YELLOW and RED.
type Rated = (Severity, i64, i64);

fn rated(case: &Case<'_>, states: &[Held<'_>]) -> Option<Rated> {
    let limit = i64::from(case.thresholds.platform.yellow_days) * DAY;
    let mut worst = None;
    let (mut yellow, mut red) = (0, 0);
    for held in states {
        let Some(lasted) = case.lasted(held).filter(|lasted| *lasted > 0) else { continue };
        let severity = match held.value {
            "RED" => Severity::High,
            "YELLOW" if lasted > limit => Severity::High,
            "YELLOW" => Severity::Medium,
            _ => continue,
        };
        let longest = if held.value == "RED" { &mut red } else { &mut yellow };
        *longest = lasted.max(*longest);
        worst = worst.max(Some(severity));
    }
    Some((worst?, yellow, red))
}
