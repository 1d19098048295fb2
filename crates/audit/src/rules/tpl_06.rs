//! TPL-06: utility templates that Meta holds to be marketing.

use std::collections::BTreeMap;

use domain::traffic::{Category, Count, PlatformEvent, PlatformEventKind, Severity, Subject};

use crate::{
    events::{Account, micros},
    tally::DAY,
};

use super::{Case, Draft, Judgement, told};

/// Meta's words for systematic misclassification.
const ABUSE: [&str; 2] = ["UTILITY_TEMPLATE_ABUSE", "UTILITY_TEMPLATE_ABUSE_RATE_LIMIT"];

/// When Meta moved a template, and in which account.
type Moment<'e> = (Account<'e>, i64);

/// A template that Meta moved; without a moment when only its present state tells.
type Flip<'e> = (Subject, Option<Moment<'e>>);

/// Any template that Meta moved from utility to marketing is a finding; several of an account, or Meta's own word for abuse of
/// that account, make it CRITICAL.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (events, contents) = (case.told(), case.inputs.surroundings.templates.as_deref());
    if events.is_none() && contents.is_none() {
        return Judgement::NotFed;
    }
    let events = events.unwrap_or_default();
    let mut flips: Vec<Flip<'_>> = events.iter().filter_map(|event| flip(event)).collect();
    for content in contents.unwrap_or_default() {
        let subject = told::template(&content.name, &content.language);
        let flipped = content.previous_category.zip(content.category).is_some_and(|(old, new)| is_flip(old, new));
        if flipped && !flips.iter().any(|(known, _)| *known == subject) {
            flips.push((subject, None));
        }
    }
    let accused = events.iter().filter(|event| is_abuse(event) && case.is_in_period(micros(event.at)));
    let accused: Vec<Account<'_>> = accused.map(|event| event.account.as_deref()).collect();
    Judgement::Judged(drafts(case, flips, &accused))
}

/// Of templates that have the same name in several accounts, the worst is told. Abuse of which no template tells stands alone.
fn drafts(case: &Case<'_>, mut flips: Vec<Flip<'_>>, accused: &[Account<'_>]) -> Vec<Draft> {
    let moments: Vec<Moment<'_>> = flips.iter().filter_map(|(_, moment)| *moment).collect();
    flips.retain(|(_, moment)| moment.is_none_or(|(_, at)| case.is_in_period(at)));
    let crowded = crowded(case, &moments);
    // What names no account may be of any.
    let is_among = |accounts: &[Account<'_>], own: Account<'_>| {
        accounts.iter().any(|account| account.is_none() || own.is_none() || *account == own)
    };
    let mut worst = BTreeMap::<Subject, (Severity, bool)>::new();
    for (subject, moment) in flips {
        let account = moment.and_then(|(account, _)| account);
        let abused = is_among(accused, account);
        let severity = if abused || is_among(&crowded, account) { Severity::Critical } else { Severity::High };
        let known = worst.entry(subject).or_insert((severity, abused));
        *known = (*known).max((severity, abused));
    }
    let (count, is_explained) = (worst.len() as u64, worst.values().any(|(_, abused)| *abused));
    let draft = |(subject, (severity, abused)): (Subject, (Severity, bool))| {
        Draft::new(severity, subject, Count::default()).count("abuse", abused.into()).count("flips", count)
    };
    let mut drafts: Vec<Draft> = worst.into_iter().map(draft).collect();
    if !accused.is_empty() && !is_explained {
        let draft = Draft::new(Severity::Critical, Subject::client(), Count::default());
        drafts.push(draft.count("abuse", 1).count("flips", 0));
    }
    drafts
}

/// The accounts in which so many templates were moved within so many days, up to a moment of the period.
fn crowded<'e>(case: &Case<'_>, moments: &[Moment<'e>]) -> Vec<Account<'e>> {
    let thresholds = &case.thresholds.platform;
    let span = i64::from(thresholds.flip_days) * DAY;
    let is_crowded = |(account, at): &&Moment<'e>| {
        let same = moments.iter().filter(|(other, _)| other == account);
        let recent = same.filter(|(_, other)| (at.saturating_sub(span)..=*at).contains(other));
        case.is_in_period(*at) && recent.count() >= thresholds.flips as usize
    };
    moments.iter().filter(is_crowded).map(|(account, _)| *account).collect()
}

/// What an event says of a template that was moved.
fn flip(event: &PlatformEvent) -> Option<Flip<'_>> {
    match &event.kind {
        PlatformEventKind::TemplateCategory { name, language, previous, category } if is_flip(*previous, *category) => {
            Some((told::template(name, language), Some((event.account.as_deref(), micros(event.at)))))
        }
        _ => None,
    }
}

fn is_flip(previous: Category, category: Category) -> bool {
    (previous, category) == (Category::Utility, Category::Marketing)
}

/// Whether Meta speaks of abuse.
fn is_abuse(event: &PlatformEvent) -> bool {
    let (PlatformEventKind::Violation { violation }
    | PlatformEventKind::Restriction { violation: Some(violation), .. }) = &event.kind
    else {
        return false;
    };
    ABUSE.contains(&violation.as_str())
}
