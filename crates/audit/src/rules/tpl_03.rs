//! TPL-03: how far a template has gone on Meta's ladder: a first pause, a second, the end.

use std::collections::BTreeMap;

use domain::traffic::{Count, Severity};

use crate::events::statuses;

use super::{Case, Draft, Judgement, told};

/// Counts each template's pauses in its life. Of templates that have the same name in several accounts, the worst is told.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.inputs.surroundings.events.as_deref() else { return Judgement::NotFed };
    let to = case.tally.period_to().unwrap_or(i64::MAX);
    let mut worst = BTreeMap::new();
    for ((template, _), mut states) in statuses(events) {
        states.retain(|(at, _)| *at < to);
        let pauses = states.iter().filter(|(_, status)| *status == "PAUSED").count() as u64;
        let standing =
            states.iter().rev().find(|(_, status)| matches!(*status, "DISABLED" | "APPROVED" | "REINSTATED"));
        let disabled = standing.is_some_and(|(_, status)| *status == "DISABLED");
        let severity = match pauses {
            _ if disabled => Severity::Critical,
            0 => continue,
            pauses if pauses >= case.thresholds.platform.high_pauses.into() => Severity::High,
            _ => Severity::Medium,
        };
        let known = worst.entry(template).or_insert((severity, pauses, disabled));
        *known = (*known).max((severity, pauses, disabled));
    }
    let draft = |((name, language), (severity, pauses, disabled)): ((&str, &str), (Severity, u64, bool))| {
        Draft::new(severity, told::template(name, language), Count::default())
            .count("pauses", pauses)
            .count("disabled", disabled.into())
    };
    Judgement::Judged(worst.into_iter().map(draft).collect())
}
