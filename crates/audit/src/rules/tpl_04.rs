//! TPL-04: a template whose quality Meta rates YELLOW or RED.

use domain::traffic::{Count, PlatformEventKind, Severity, Subject};

use crate::{events::micros, tally::DAY};

use super::{
    Case, Draft, Judgement,
    told::{self, Change, Held, held},
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
        let state = vec![Held { value, previous: None, from, until: i64::MAX }];
        states.entry(told::template(&content.name, &content.language)).or_insert(state);
    }
    Judgement::Judged(states.into_iter().filter_map(|(subject, states)| draft(case, subject, &states)).collect())
}

fn draft(case: &Case<'_>, subject: Subject, states: &[Held<'_>]) -> Option<Draft> {
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
    let days = |lasted: i64| lasted as f64 / DAY as f64;
    let draft = Draft::new(worst?, subject, Count::default());
    Some(draft.value("yellowDays", days(yellow)).value("redDays", days(red)))
}
