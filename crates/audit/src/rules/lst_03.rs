//! LST-03: a list of whose people far more refuse, or cannot be reached, or say stop, than of all others'.
//!
//! Failures are those that speak of the person (undeliverable, stopped, blocked): what a template or the platform did is not the
//! list's fault. Both kinds are tested for every list, and chance among many lists is sorted out over all of these tests.

use domain::traffic::Severity;

use crate::{
    statistics::{TwoByTwo, q_values},
    tally::{ListCell, Traced},
};

use super::{Case, Draft, Judgement};

/// One kind of trouble of one list.
struct Suspect {
    slot: usize,
    kind: Kind,
    table: TwoByTwo,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Refused,
    Stops,
}

impl Kind {
    fn traced(self, list: &ListCell) -> &Traced {
        match self {
            Self::Refused => &list.refused,
            Self::Stops => &list.stops,
        }
    }

    fn exposed(self, list: &ListCell) -> u64 {
        match self {
            Self::Refused => list.sent,
            Self::Stops => list.reached,
        }
    }

    /// Names of the rate and of the lift among the figures.
    fn figures(self) -> [&'static str; 5] {
        match self {
            Self::Refused => ["failures", "failureRate", "failureRestRate", "failureLift", "failureQ"],
            Self::Stops => ["stops", "stopRate", "stopRestRate", "stopLift", "stopQ"],
        }
    }
}

/// Tests every list with enough messages against all other messages, those of no list among them.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.list;
    let mut suspects = suspects(case, Kind::Refused);
    suspects.extend(suspects_of_stops(case));
    if suspects.is_empty() {
        return Judgement::Insufficient;
    }
    let p_values: Vec<f64> = suspects.iter().map(|suspect| suspect.table.greater()).collect();
    let q_values = q_values(&p_values);
    let is_bad = |(suspect, q): &(&Suspect, f64)| {
        suspect.table.cases > 0
            && *q <= thresholds.false_discovery_rate
            && suspect.table.lift().is_none_or(|lift| lift >= thresholds.bad_lift)
    };
    let mut bad: Vec<(&Suspect, f64)> = suspects.iter().zip(q_values).filter(is_bad).collect();
    bad.sort_by_key(|(suspect, _)| suspect.slot);
    Judgement::Judged(bad.chunk_by(|one, other| one.0.slot == other.0.slot).map(|list| draft(case, list)).collect())
}

/// Stops are known from texts, or from Meta's switch; without either there are none to compare.
fn suspects_of_stops(case: &Case<'_>) -> Vec<Suspect> {
    let tally = case.tally;
    let speechless = tally.texts == 0 && tally.preference_stops == 0;
    if speechless { Vec::new() } else { suspects(case, Kind::Stops) }
}

fn suspects(case: &Case<'_>, kind: Kind) -> Vec<Suspect> {
    let lists = &case.tally.lists;
    let cases: u64 = lists.iter().map(|list| kind.traced(list).count.messages).sum();
    let all: u64 = lists.iter().map(|list| kind.exposed(list)).sum();
    let enough = case.thresholds.list.bad_min_messages.max(1);
    // Slot 0 holds the messages of no list.
    let large = lists.iter().enumerate().skip(1).filter(|(_, list)| kind.exposed(list) >= enough);
    let suspect = |(slot, list): (usize, &ListCell)| {
        let (own_cases, exposed) = (kind.traced(list).count.messages, kind.exposed(list));
        let table = TwoByTwo { cases: own_cases, exposed, other_cases: cases - own_cases, others: all - exposed };
        (table.others > 0).then_some(Suspect { slot, kind, table })
    };
    large.filter_map(suspect).collect()
}

fn draft(case: &Case<'_>, of_list: &[(&Suspect, f64)]) -> Draft {
    let slot = of_list[0].0.slot;
    let list = &case.tally.lists[slot];
    let kind = of_list[0].0.kind;
    // What failed reached nobody who could say stop: no message is of both kinds.
    let main = if of_list.iter().all(|(suspect, _)| suspect.kind == kind) { kind.traced(list) } else { &list.troubled };
    let draft = Draft::new(Severity::High, case.list(slot), main.count)
        .count("sent", list.sent)
        .count("reached", list.reached)
        .count("failures", list.refused.count.messages)
        .count("stops", list.stops.count.messages)
        .sample(case, &main.evidence);
    of_list.iter().fold(draft, |draft, (suspect, q)| {
        let [cases, rate, rest_rate, lift, q_name] = suspect.kind.figures();
        let draft = draft
            .count(cases, suspect.table.cases)
            .value(rate, suspect.table.rate())
            .value(rest_rate, suspect.table.other_rate())
            .value(q_name, *q);
        match suspect.table.lift() {
            Some(factor) => draft.value(lift, factor),
            None => draft,
        }
    })
}
