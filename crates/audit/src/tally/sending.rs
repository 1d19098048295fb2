//! What the rules about templates, windows, volume, warm-up and limits count.

use std::collections::BTreeSet;

use domain::traffic::Thresholds;

use super::{
    Count, Minutes, Timeline, Traced,
    cluster::{Cluster, Dense},
    merge_cells,
    timeline::Cell,
};

/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;

/// Counts of sends that no figure of the exchange formats speaks of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sending {
    /// By template.
    pub(crate) templates: Vec<TemplateSends>,
    /// By sending number; see [`super::slot_of`].
    pub(crate) numbers: Vec<NumberSends>,
    pub(crate) clock: Clock,
    /// Marketing templates in the window.
    pub(crate) marketing_inside: u64,
    /// Of them those to people without any opt-in.
    pub(crate) unagreed_inside: Traced,
    /// The same by template.
    pub(crate) unagreed_inside_templates: Vec<Count>,
    /// Template sends that no declared campaign is named by, by template name, then number.
    pub(crate) bursts: Vec<Vec<Minutes>>,
    /// The same sends by template name.
    pub(crate) undeclared: Vec<Count>,
    /// Sends that Meta had forbidden.
    pub(crate) forbidden: Traced,
    /// Marketing to people of whom the country, and so the time of day, is known.
    pub(crate) timed: u64,
    /// Of it what came outside of the hours in which it is welcome.
    pub(crate) untimely: Traced,
    /// The same by country.
    pub(crate) untimely_countries: Vec<Count>,
}

/// When failures come so thick that they are a finding whatever their share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Thick {
    /// Parameter mismatches of one template.
    pub(crate) mismatches: Dense,
    /// Throughput errors of one number.
    pub(crate) throttled: Dense,
}

impl Thick {
    pub(crate) fn of(thresholds: &Thresholds) -> Self {
        let dense = |enough: u32, minutes: u32| Dense { enough: enough as usize, within: i64::from(minutes) * MINUTE };
        let (parameters, throughput) = (&thresholds.parameters, &thresholds.throughput);
        Self {
            mismatches: dense(parameters.errors, parameters.minutes),
            throttled: dense(throughput.errors, throughput.minutes),
        }
    }
}

/// Sends of one template.
#[derive(Debug, Clone, Default)]
pub(crate) struct TemplateSends {
    /// Failures because of a wrong number or format of parameters.
    pub(crate) mismatches: Traced,
    pub(crate) mismatch_cluster: Cluster,
    /// Sends while Meta had paused or disabled the template.
    pub(crate) barred: Traced,
    /// Of them failures that say so, and such failures while no event tells of a pause.
    pub(crate) refused_paused: u64,
    pub(crate) refused_disabled: u64,
    /// Countries to which it went, by index, where permits ask for them.
    pub(crate) countries: BTreeSet<u32>,
}

impl TemplateSends {
    fn merge(&mut self, limit: usize, thick: Dense, other: Self) {
        self.mismatches.merge(limit, other.mismatches);
        self.mismatch_cluster.merge(other.mismatch_cluster, thick);
        self.barred.merge(limit, other.barred);
        self.refused_paused += other.refused_paused;
        self.refused_disabled += other.refused_disabled;
        self.countries.extend(other.countries);
    }
}

/// Sends of one number.
#[derive(Debug, Clone, Default)]
pub(crate) struct NumberSends {
    pub(crate) sent: u64,
    /// Failures because the number sent too fast.
    pub(crate) throttled: Traced,
    pub(crate) throttle_cluster: Cluster,
    /// While the number was in its first days: people with counted messages, each with the first of them if the person was
    /// cold then.
    pub(crate) audience: Count,
    pub(crate) cold: Traced,
    /// While the number was in its very first days: counted messages, and of them marketing of templates without rating.
    pub(crate) early: u64,
    pub(crate) early_unrated: Traced,
    /// Sends while Meta had forbidden them.
    pub(crate) forbidden: Count,
    /// Sends of which nothing is known but that they were accepted.
    pub(crate) silent: Minutes,
    /// The minutes of the others, by 64.
    pub(crate) heard: Timeline<HeardMinutes>,
}

/// Minutes of a block of 64, a bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct HeardMinutes(u64);

impl HeardMinutes {
    /// Takes note of a minute; `heard` are the blocks.
    pub(crate) fn mark(heard: &mut Timeline<Self>, at: i64) {
        let minute = at.div_euclid(MINUTE);
        heard.at(minute.div_euclid(64)).0 |= 1 << minute.rem_euclid(64);
    }

    /// The minutes since 1970 that are marked, of the block with this number.
    pub(crate) fn of(self, block: i64) -> impl Iterator<Item = i64> {
        (0..64).filter(move |bit| self.0 & 1 << bit != 0).map(move |bit| block * 64 + bit)
    }
}

impl Cell for HeardMinutes {
    fn is_empty(&self) -> bool {
        self.0 == 0
    }

    fn merge(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl NumberSends {
    fn merge(&mut self, limit: usize, thick: Dense, other: Self) {
        self.sent += other.sent;
        self.throttled.merge(limit, other.throttled);
        self.throttle_cluster.merge(other.throttle_cluster, thick);
        self.audience.merge(other.audience);
        self.cold.merge(limit, other.cold);
        self.early += other.early;
        self.early_unrated.merge(limit, other.early_unrated);
        self.forbidden.merge(other.forbidden);
        self.silent.merge(other.silent);
        self.heard.merge(other.heard);
    }
}

/// Free-form messages of which Meta said whether the window was open.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock {
    pub(crate) judged: u64,
    /// In the window by our clock and refused by Meta's, or outside by ours and delivered.
    pub(crate) disagreements: Traced,
    /// Of them the former.
    pub(crate) refused_inside: u64,
    /// All of them by number.
    pub(crate) numbers: Vec<Count>,
}

impl Sending {
    /// Adds sends to other recipients.
    pub(crate) fn merge(&mut self, limit: usize, thick: Thick, other: Self) {
        merge_cells(&mut self.templates, other.templates, |cell, added| cell.merge(limit, thick.mismatches, added));
        merge_cells(&mut self.numbers, other.numbers, |cell, added| cell.merge(limit, thick.throttled, added));
        self.forbidden.merge(limit, other.forbidden);
        self.timed += other.timed;
        self.untimely.merge(limit, other.untimely);
        merge_cells(&mut self.untimely_countries, other.untimely_countries, Count::merge);
        self.clock.judged += other.clock.judged;
        self.clock.disagreements.merge(limit, other.clock.disagreements);
        self.clock.refused_inside += other.clock.refused_inside;
        merge_cells(&mut self.clock.numbers, other.clock.numbers, Count::merge);
        self.marketing_inside += other.marketing_inside;
        self.unagreed_inside.merge(limit, other.unagreed_inside);
        merge_cells(&mut self.unagreed_inside_templates, other.unagreed_inside_templates, Count::merge);
        merge_cells(&mut self.undeclared, other.undeclared, Count::merge);
        merge_cells(&mut self.bursts, other.bursts, |numbers, added| merge_cells(numbers, added, Minutes::merge));
    }
}
