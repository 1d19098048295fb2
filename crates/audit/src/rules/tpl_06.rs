//! TPL-06: utility templates that Meta holds to be marketing.

use domain::traffic::{Category, Count, PlatformEventKind, Severity, Subject};

use crate::{
    events::{Account, micros},
    tally::DAY,
};

use super::{Case, Draft, Judgement, told};

/// Meta's words for systematic misclassification.
const ABUSE: [&str; 2] = ["UTILITY_TEMPLATE_ABUSE", "UTILITY_TEMPLATE_ABUSE_RATE_LIMIT"];

/// A template that Meta moved, and when; `None` when only its present state tells.
type Flip = (Subject, Option<i64>);

/// Any template that Meta moved from utility to marketing is a finding; several of an account, or Meta's own word for abuse, make it
/// CRITICAL.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (events, contents) = (case.told(), case.inputs.surroundings.templates.as_deref());
    if events.is_none() && contents.is_none() {
        return Judgement::NotFed;
    }
    let mut flips: Vec<Flip> = Vec::new();
    let mut moments: Vec<(Account<'_>, i64)> = Vec::new();
    let mut abused = false;
    for event in events.iter().flatten() {
        let at = micros(event.at);
        match &event.kind {
            PlatformEventKind::TemplateCategory { name, language, previous, category }
                if is_flip(*previous, *category) =>
            {
                flips.push((told::template(name, language), Some(at)));
                moments.push((event.account.as_deref(), at));
            }
            PlatformEventKind::Violation { violation } => abused |= is_abuse(violation) && case.is_in_period(at),
            PlatformEventKind::Restriction { violation: Some(violation), .. } => {
                abused |= is_abuse(violation) && case.is_in_period(at);
            }
            _ => {}
        }
    }
    for content in contents.unwrap_or_default() {
        let subject = told::template(&content.name, &content.language);
        let flipped = content.previous_category.zip(content.category).is_some_and(|(old, new)| is_flip(old, new));
        if flipped && !flips.iter().any(|(known, _)| *known == subject) {
            flips.push((subject, None));
        }
    }
    Judgement::Judged(drafts(case, flips, &moments, abused))
}

fn drafts(case: &Case<'_>, mut flips: Vec<Flip>, moments: &[(Account<'_>, i64)], abused: bool) -> Vec<Draft> {
    let thresholds = &case.thresholds.platform;
    let span = i64::from(thresholds.flip_days) * DAY;
    let crowded = |(account, at): &(Account<'_>, i64)| {
        let same = moments.iter().filter(|(other, _)| other == account);
        let recent = same.filter(|(_, other)| (at.saturating_sub(span)..=*at).contains(other));
        case.is_in_period(*at) && recent.count() >= thresholds.flips as usize
    };
    flips.retain(|(_, at)| at.is_none_or(|at| case.is_in_period(at)));
    flips.sort();
    flips.dedup_by(|later, earlier| later.0 == earlier.0);
    let critical = abused || moments.iter().any(crowded);
    let severity = if critical { Severity::Critical } else { Severity::High };
    if flips.is_empty() && abused {
        return vec![Draft::new(severity, Subject::client(), Count::default()).count("abuse", 1).count("flips", 0)];
    }
    let count = flips.len() as u64;
    let draft = |(subject, _): Flip| {
        Draft::new(severity, subject, Count::default()).count("abuse", abused.into()).count("flips", count)
    };
    flips.into_iter().map(draft).collect()
}

fn is_flip(previous: Category, category: Category) -> bool {
    (previous, category) == (Category::Utility, Category::Marketing)
}

fn is_abuse(violation: &str) -> bool {
    ABUSE.contains(&violation)
}
