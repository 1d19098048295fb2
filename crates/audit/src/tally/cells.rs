//! Counts by name and day.

use domain::traffic::Outcome;

use super::{Count, Traced, evidence::Evidence, timeline::Cell};

/// Sends to one contact list.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListCell {
    pub(crate) sent: u64,
    /// Distinct recipients of them.
    pub(crate) recipients: Count,
    /// Recipients by what to do with them: remove, ask again, rest, warm up, keep.
    pub(crate) advice: [Count; 5],
    /// Due sends by verdict.
    pub(crate) verdicts: [Count; 6],
    pub(crate) none: Evidence,
    /// Of the verdict `opted_out`, those whose opt-out was older than the grace.
    pub(crate) after_grace: Traced,
    pub(crate) scope_mismatch: Evidence,
    /// Of the verdict `scope_mismatch`, marketing.
    pub(crate) scope_mismatch_marketing: u64,
    /// Of the verdict `valid`, those decided by an opt-in that lacks proof.
    pub(crate) incomplete: Traced,
    pub(crate) lacking_source: u64,
    pub(crate) lacking_evidence: u64,
    pub(crate) lacking_wording: u64,
    pub(crate) retroactive: Evidence,
    /// Of the verdict `retroactive`, those whose opt-in was recorded after a violation.
    pub(crate) after_violation: u64,
    /// Failures with 131026.
    pub(crate) undeliverable: Traced,
    /// Sends to people who were known to be undeliverable.
    pub(crate) resends: Count,
    /// Of the verdict `expired`, and of `valid` those of a stale consent.
    pub(crate) aged: Traced,
    /// Of them the stale.
    pub(crate) stale: Count,
    /// Due sends without a valid consent.
    pub(crate) uncovered: Count,
    /// Of the verdict `valid`, those decided by an opt-in that somebody else collected.
    pub(crate) third_party: Traced,
    /// Of them those whose source says so.
    pub(crate) third_party_source: u64,
    /// Failures that speak of the person.
    pub(crate) refused: Traced,
    /// Marketing that reached the person, and people who said stop after some of it.
    pub(crate) reached: u64,
    pub(crate) stops: Traced,
    /// Failures that speak of the person, and messages after which people said stop.
    pub(crate) troubled: Traced,
    /// Sends to numbers that cannot be, and to fixed lines.
    pub(crate) unsuitable: Count,
    /// Of them the fixed lines.
    pub(crate) fixed_lines: Count,
    pub(crate) duplicates: Count,
    /// Sends that are either, or both.
    pub(crate) unclean: Traced,
    /// Sends to people whom a former provider no longer wrote to.
    pub(crate) suppressed: Traced,
    /// Marketing to numbers of the United States.
    pub(crate) to_united_states: Count,
}

impl ListCell {
    pub(crate) fn merge(&mut self, limit: usize, other: Self) {
        self.sent += other.sent;
        self.recipients.merge(other.recipients);
        for (count, added) in self.advice.iter_mut().zip(other.advice) {
            count.merge(added);
        }
        for (count, added) in self.verdicts.iter_mut().zip(other.verdicts) {
            count.merge(added);
        }
        self.none.merge(limit, other.none);
        self.after_grace.merge(limit, other.after_grace);
        self.scope_mismatch.merge(limit, other.scope_mismatch);
        self.scope_mismatch_marketing += other.scope_mismatch_marketing;
        self.incomplete.merge(limit, other.incomplete);
        self.lacking_source += other.lacking_source;
        self.lacking_evidence += other.lacking_evidence;
        self.lacking_wording += other.lacking_wording;
        self.retroactive.merge(limit, other.retroactive);
        self.after_violation += other.after_violation;
        self.undeliverable.merge(limit, other.undeliverable);
        self.resends.merge(other.resends);
        self.aged.merge(limit, other.aged);
        self.stale.merge(other.stale);
        self.uncovered.merge(other.uncovered);
        self.third_party.merge(limit, other.third_party);
        self.third_party_source += other.third_party_source;
        self.refused.merge(limit, other.refused);
        self.reached += other.reached;
        self.stops.merge(limit, other.stops);
        self.troubled.merge(limit, other.troubled);
        self.unsuitable.merge(other.unsuitable);
        self.fixed_lines.merge(other.fixed_lines);
        self.duplicates.merge(other.duplicates);
        self.unclean.merge(limit, other.unclean);
        self.suppressed.merge(limit, other.suppressed);
        self.to_united_states.merge(other.to_united_states);
    }
}

/// Sends of one template in one language.
#[derive(Debug, Clone, Default)]
pub(crate) struct TemplateCell {
    pub(crate) all: Count,
    /// By outcome, in the order of [`Outcome`].
    pub(crate) outcomes: [u64; 4],
    /// Failures that speak of the template itself.
    pub(crate) own_failures: Traced,
    /// By day, with the days before the period: what other templates are compared with.
    pub(crate) days: super::Timeline<TemplateDay>,
}

impl TemplateCell {
    /// Messages whose strongest outcome is this one.
    pub(crate) const fn ended(&self, outcome: Outcome) -> u64 {
        self.outcomes[outcome as usize]
    }

    pub(crate) fn merge(&mut self, limit: usize, other: Self) {
        self.all.merge(other.all);
        for (count, added) in self.outcomes.iter_mut().zip(other.outcomes) {
            *count += added;
        }
        self.own_failures.merge(limit, other.own_failures);
        self.days.merge(other.days);
    }
}

/// One template on one day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TemplateDay {
    pub(crate) sent: u64,
    pub(crate) own_failures: u64,
}

impl Cell for TemplateDay {
    fn is_empty(&self) -> bool {
        self.sent == 0
    }

    fn merge(&mut self, other: Self) {
        self.sent += other.sent;
        self.own_failures += other.own_failures;
    }
}

/// Counted sends of one number on one day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NumberDay {
    /// Of the whole day, before the period too.
    pub(crate) whole: u64,
    /// Of the period.
    pub(crate) period: Count,
}

impl Cell for NumberDay {
    fn is_empty(&self) -> bool {
        self.whole == 0
    }

    fn merge(&mut self, other: Self) {
        self.whole += other.whole;
        self.period.merge(other.period);
    }
}

/// Sends of one day, and a part of them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PartDay {
    pub(crate) whole: u64,
    pub(crate) part: u64,
    /// Whether any of them belongs to the period.
    pub(crate) in_period: bool,
}

impl PartDay {
    pub(crate) fn add(&mut self, is_part: bool, in_period: bool) {
        self.whole += 1;
        self.part += u64::from(is_part);
        self.in_period |= in_period;
    }
}

impl Cell for PartDay {
    fn is_empty(&self) -> bool {
        self.whole == 0
    }

    fn merge(&mut self, other: Self) {
        self.whole += other.whole;
        self.part += other.part;
        self.in_period |= other.in_period;
    }
}

/// Delivered sends of one day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ReadDay {
    /// Of the whole day, before the period too.
    pub(crate) delivered: u64,
    pub(crate) read: u64,
    /// Of the period.
    pub(crate) delivered_in_period: u64,
    pub(crate) read_in_period: u64,
}

impl Cell for ReadDay {
    fn is_empty(&self) -> bool {
        self.delivered == 0
    }

    fn merge(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.read += other.read;
        self.delivered_in_period += other.delivered_in_period;
        self.read_in_period += other.read_in_period;
    }
}

/// Free-form sends of one day of the period.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WindowDay {
    pub(crate) free_form: u64,
    pub(crate) outside: u64,
}

impl Cell for WindowDay {
    fn is_empty(&self) -> bool {
        self.free_form == 0
    }

    fn merge(&mut self, other: Self) {
        self.free_form += other.free_form;
        self.outside += other.outside;
    }
}

/// Marketing messages of one campaign.
#[derive(Debug, Clone, Default)]
pub(crate) struct CampaignCell {
    /// Delivered or read.
    pub(crate) delivered: Count,
    /// People who said stop after one of them, each with the message.
    pub(crate) stops: Traced,
}

impl CampaignCell {
    pub(crate) fn merge(&mut self, limit: usize, other: Self) {
        self.delivered.merge(other.delivered);
        self.stops.merge(limit, other.stops);
    }
}
