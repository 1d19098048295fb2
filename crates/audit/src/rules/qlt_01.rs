//! QLT-01: a sending number whose quality fell.

use domain::traffic::{Count, PlatformEventKind, Severity, Subject, SubjectKind};

use crate::{events::micros, tally::DAY};

use super::{
    Case, Draft, Judgement,
    told::{Change, Held, held},
};

/// Judges the ratings that each number had in the period.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    let states = held(events.iter().filter_map(|event| match &event.kind {
        PlatformEventKind::NumberQuality { number, previous, rating } => Some(Change {
            subject: Subject::of(SubjectKind::Number, Some(number)),
            // A number is of one account.
            account: None,
            at: micros(event.at),
            previous: previous.as_deref(),
            value: rating,
        }),
        _ => None,
    }));
    Judgement::Judged(states.into_iter().filter_map(|((subject, _), states)| draft(case, subject, &states)).collect())
}

fn draft(case: &Case<'_>, subject: Subject, states: &[Held<'_>]) -> Option<Draft> {
    let fallen = |held: &&Held<'_>| severity(held).is_some() && case.lasted(held).is_some_and(|lasted| lasted > 0);
    let worst = states.iter().filter(fallen).filter_map(severity).max()?;
    let days = states.iter().filter(fallen).filter_map(|held| case.lasted(held)).sum::<i64>();
    Some(Draft::new(worst, subject, Count::default()).value("days", days as f64 / DAY as f64))
}

/// How bad a rating is; a number that comes up from RED to YELLOW has not fallen.
fn severity(held: &Held<'_>) -> Option<Severity> {
    match held.value {
        "RED" | "FLAGGED" => Some(Severity::High),
        "YELLOW" if !matches!(held.previous, Some("RED" | "FLAGGED")) => Some(Severity::Medium),
        _ => None,
    }
}
