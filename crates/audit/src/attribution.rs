//! Which lists, templates, countries, hours, numbers and campaigns explain what ended badly.
//!
//! Every part of every dimension with enough messages is tested against all other messages (Fisher, one-sided); what passes
//! Benjamini and Hochberg's procedure over all of them is a factor. Then each of the strongest is looked at within the parts
//! of the other dimensions (Mantel and Haenszel): a list that fails only because it gets the failing template has an odds
//! ratio of about 1 within templates, while the template keeps its own within lists; such a list is left out. Two parts that
//! explain each other equally well, or that always come together, both stay.

use std::collections::HashMap;

use domain::traffic::{Adjusted, Attribution, BadOutcome, Dimension, Factor, ListThresholds};

use crate::{
    Names, Tally,
    numbering::Country,
    statistics::{OddsRatio, TwoByTwo, mantel_haenszel, q_values},
    tally::{Breakdown, ByDimension, Tallied},
};

/// Most factors of one kind of outcome.
const MOST: usize = 10;
/// Most of the strongest that are looked at within other dimensions.
const EXAMINED: usize = 20;

/// What is counted.
#[derive(Debug)]
struct Parts<'t> {
    breakdown: &'t Breakdown,
    by: ByDimension,
}

/// What explains each kind of bad outcome; kinds without factors are left out.
pub(crate) fn attributions(tally: &Tally, names: &Names, thresholds: &ListThresholds) -> Vec<Attribution> {
    let parts = Parts { breakdown: &tally.breakdown, by: tally.breakdown.by_dimension() };
    BadOutcome::ALL.iter().filter_map(|outcome| attribution(&parts, names, thresholds, *outcome)).collect()
}

fn attribution(
    counted: &Parts<'_>,
    names: &Names,
    thresholds: &ListThresholds,
    outcome: BadOutcome,
) -> Option<Attribution> {
    let totals = totals(counted, outcome);
    let mut parts = parts(counted, outcome, totals, thresholds);
    parts.retain(|part| part.q_value <= thresholds.false_discovery_rate);
    parts.sort_by(|one, other| {
        one.ln_p.total_cmp(&other.ln_p).then((one.dimension, one.slot).cmp(&(other.dimension, other.slot)))
    });
    let leaders: Vec<&Part> =
        Dimension::ALL.iter().filter_map(|dimension| parts.iter().find(|part| part.dimension == *dimension)).collect();
    let examined = parts.iter().take(EXAMINED);
    let remaining = examined.map(|part| (part, Remaining::of(counted, outcome, part, &leaders)));
    let factors = remaining.filter(|(_, remaining)| !remaining.is_explained).take(MOST);
    let factors: Vec<Factor> = factors.map(|(part, remaining)| part.factor(names, remaining.least)).collect();
    (!factors.is_empty()).then_some(Attribution { outcome, cases: totals.0, messages: totals.1, factors })
}

/// Cases, and messages that could be cases.
fn totals(counted: &Parts<'_>, outcome: BadOutcome) -> (u64, u64) {
    let parts = counted.by.of(Dimension::Hour).iter();
    parts.fold((0, 0), |sum, part| (sum.0 + part.cases(outcome), sum.1 + part.exposed(outcome)))
}

/// A part of a dimension against all other messages.
#[derive(Debug)]
struct Part {
    dimension: Dimension,
    slot: usize,
    table: TwoByTwo,
    p_value: f64,
    ln_p: f64,
    q_value: f64,
}

/// All parts that are large enough to be tested.
fn parts(
    counted: &Parts<'_>,
    outcome: BadOutcome,
    (cases, messages): (u64, u64),
    thresholds: &ListThresholds,
) -> Vec<Part> {
    let mut parts = Vec::new();
    if cases == 0 {
        return parts;
    }
    let enough = thresholds.bad_min_messages.max(1);
    for dimension in Dimension::ALL {
        for (slot, tallied) in counted.by.of(*dimension).iter().enumerate() {
            let table = against(tallied, outcome, cases, messages);
            if table.exposed >= enough && table.others > 0 {
                let (p_value, ln_p) = (table.greater(), table.ln_greater());
                parts.push(Part { dimension: *dimension, slot, table, p_value, ln_p, q_value: 1.0 });
            }
        }
    }
    let p_values: Vec<f64> = parts.iter().map(|part| part.p_value).collect();
    for (part, q_value) in parts.iter_mut().zip(q_values(&p_values)) {
        part.q_value = q_value;
    }
    parts
}

fn against(tallied: &Tallied, outcome: BadOutcome, cases: u64, messages: u64) -> TwoByTwo {
    let (own_cases, own_messages) = (tallied.cases(outcome), tallied.exposed(outcome));
    TwoByTwo {
        cases: own_cases,
        exposed: own_messages,
        other_cases: cases.saturating_sub(own_cases),
        others: messages.saturating_sub(own_messages),
    }
}

/// What remains of a part within other dimensions.
#[derive(Debug, Default)]
struct Remaining {
    /// The least odds ratio within any of them.
    least: Option<Adjusted>,
    /// Nothing remains within a dimension of which, within this part's, something does.
    is_explained: bool,
}

impl Remaining {
    fn of(counted: &Parts<'_>, outcome: BadOutcome, part: &Part, leaders: &[&Part]) -> Self {
        let mut remaining = Self::default();
        for leader in leaders.iter().filter(|leader| leader.dimension != part.dimension) {
            let Some(ratio) = within(counted, outcome, part, leader.dimension) else { continue };
            if !exceeds_one(&ratio) {
                let back = within(counted, outcome, leader, part.dimension);
                remaining.is_explained |= back.is_some_and(|back| exceeds_one(&back));
            }
            let adjusted = Adjusted {
                within: leader.dimension,
                odds_ratio: ratio.estimate.is_finite().then_some(ratio.estimate),
                lower_bound: ratio.lower,
            };
            let odds = |adjusted: &Adjusted| adjusted.odds_ratio.unwrap_or(f64::INFINITY);
            if remaining.least.is_none_or(|least| odds(&adjusted) < odds(&least)) {
                remaining.least = Some(adjusted);
            }
        }
        remaining
    }
}

/// Whether the odds are higher beyond doubt. An infinite ratio has no bounds: nobody else had the outcome at all.
fn exceeds_one(ratio: &OddsRatio) -> bool {
    ratio.lower > 1.0 || ratio.estimate.is_infinite()
}

/// The odds of a part within the parts of another dimension.
fn within(counted: &Parts<'_>, outcome: BadOutcome, part: &Part, dimension: Dimension) -> Option<OddsRatio> {
    if !counted.breakdown.tells_apart(part.dimension, dimension) {
        return None;
    }
    let mut own: HashMap<usize, (u64, u64), foldhash::fast::FixedState> = HashMap::default();
    for (slots, tallied) in counted.breakdown.joint() {
        if slots[part.dimension as usize] as usize == part.slot {
            let (cases, exposed) = own.entry(slots[dimension as usize] as usize).or_default();
            *cases += tallied.cases(outcome);
            *exposed += tallied.exposed(outcome);
        }
    }
    let mut strata: Vec<(usize, (u64, u64))> = own.into_iter().collect();
    // Sums of fractions depend on their order.
    strata.sort_unstable();
    let whole = counted.by.of(dimension);
    mantel_haenszel(strata.into_iter().filter_map(|(slot, (cases, exposed))| {
        let all = whole.get(slot)?;
        Some(TwoByTwo {
            cases,
            exposed,
            other_cases: all.cases(outcome).saturating_sub(cases),
            others: all.exposed(outcome).saturating_sub(exposed),
        })
    }))
}

impl Part {
    fn factor(&self, names: &Names, adjusted: Option<Adjusted>) -> Factor {
        Factor {
            dimension: self.dimension,
            value: value_of(names, self.dimension, self.slot),
            messages: self.table.exposed,
            cases: self.table.cases,
            rate: self.table.rate(),
            rest_rate: self.table.other_rate(),
            lift: self.table.lift(),
            p_value: self.p_value,
            q_value: self.q_value,
            adjusted,
        }
    }
}

/// The name of a slot; `None` for none.
fn value_of(names: &Names, dimension: Dimension, slot: usize) -> Option<String> {
    match dimension {
        Dimension::List => names.list(slot).map(str::to_owned),
        Dimension::Template => names.template(slot.checked_sub(1)?),
        Dimension::Country => Country::code_of(slot).map(str::to_owned),
        Dimension::Hour => Some(format!("{:02}", slot.checked_sub(1)?)),
        Dimension::Number => names.number(slot).map(str::to_owned),
        Dimension::Campaign => names.campaign(slot).map(str::to_owned),
    }
}
