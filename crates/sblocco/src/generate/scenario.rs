//! What happens to people: each person belongs to one cohort, and most to the ordinary one, where nothing goes wrong.
//!
//! A cohort breaks one rule and keeps all others, as far as the rules allow; so that what is counted of it afterwards
//! ([`super::evidence`]) is what an audit must find.

use domain::traffic::{ConsentAction, ConsentScope, Outcome};

use super::calendar::{DAY, HOUR, MINUTE, SECOND, campaign_of};
use super::client::{
    AURORA, COUNTER, DIGITAL_PRESCRIPTION, FAIR, LOYALTY_CARD, NORDIC, Profile, RETRIED, SPRING_IMPORT,
    UNWANTED_CAMPAIGN, WEB_FORM,
};
use super::dice::scramble;
use super::history::NONE;
use super::person::{Person, Responses};

/// What goes wrong with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cohort {
    /// Nothing.
    Ordinary,
    /// A first message tells that the person cannot be reached; nothing follows.
    Unreachable,
    /// Written to without ever having agreed (CON-01).
    Unconsented,
    /// Marketing goes on after an opt-out (CON-02).
    OptOutIgnored,
    /// Agreed to notices, gets marketing (CON-03).
    ScopeMismatch,
    /// The opt-in has no evidence and no wording version (CON-04).
    Unproven,
    /// The opt-in was put on file after the messages (CON-07).
    Retroactive,
    /// An agent answers after the window (WIN-01).
    OutsideWindow,
    /// Five promotions within a day (VOL-04).
    Flooded,
    /// A loop sends the same notice again and again (VOL-05).
    RetryStorm,
    /// Written to again after failing on two days (LST-01), and fails each time (LST-02).
    Resent,
    /// Never reads, never writes (LST-05).
    Dormant,
    /// Gets one message, on the day of the spike (VOL-01, LIM-01).
    SpikeDay,
}

/// A cohort's share of a client's people, in thousandths, and the list that it stands on (ordinary lists when absent).
type Share = (Cohort, u64, Option<u8>);

const NORDIC_COHORTS: &[Share] = &[
    (Cohort::Unconsented, 50, Some(SPRING_IMPORT)),
    (Cohort::Ordinary, 30, Some(SPRING_IMPORT)),
    (Cohort::OptOutIgnored, 20, Some(0)),
    (Cohort::OutsideWindow, 20, None),
    (Cohort::Flooded, 12, Some(0)),
    (Cohort::RetryStorm, 10, Some(1)),
    (Cohort::Resent, 28, Some(FAIR)),
    (Cohort::Unreachable, 12, Some(FAIR)),
    (Cohort::Ordinary, 100, Some(FAIR)),
];

const AURORA_COHORTS: &[Share] = &[
    (Cohort::ScopeMismatch, 40, Some(LOYALTY_CARD)),
    (Cohort::Unproven, 160, Some(COUNTER)),
    (Cohort::Retroactive, 35, Some(DIGITAL_PRESCRIPTION)),
    (Cohort::Dormant, 320, Some(0)),
    (Cohort::Unreachable, 6, Some(0)),
];

const FENICE_COHORTS: &[Share] = &[(Cohort::Unreachable, 6, None)];

/// The cohort and list of a person. Evenly spread: every run of people holds each cohort in its share.
pub(super) fn cohort_of(profile: &Profile, person: u32) -> (Cohort, Option<u8>) {
    let shares = match profile.folder {
        folder if folder == NORDIC.folder => NORDIC_COHORTS,
        folder if folder == AURORA.folder => AURORA_COHORTS,
        _ => FENICE_COHORTS,
    };
    // Multiples of the golden ratio fill the unit interval evenly.
    let position = u64::from(person).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(scramble(profile.stream));
    let mut thousandth = ((position >> 32) * 1_000) >> 32;
    for (cohort, share, list) in shares {
        match thousandth.checked_sub(*share) {
            Some(rest) => thousandth = rest,
            None => return (*cohort, *list),
        }
    }
    (Cohort::Ordinary, None)
}

/// Share of those whom a campaign reaches that write STOP: far below any threshold, but for the unwanted campaign.
fn stop_share(profile: &Profile) -> impl Fn(usize, &Responses) -> f64 {
    let unwanted = (profile.folder == NORDIC.folder).then_some(UNWANTED_CAMPAIGN);
    move |campaign, responses| {
        if unwanted == Some(campaign) {
            return 0.05;
        }
        // One in a thousand, and none before a thousand were reached: even the upper bound of the rate stays below 1 %.
        if (responses.stops + 1) * 1_000 <= responses.reached { 0.001 } else { 0.0 }
    }
}

impl Person<'_> {
    /// Lives through the period.
    pub(super) fn lives(&mut self, cohort: Cohort, responses: &mut [Responses]) {
        match cohort {
            Cohort::Ordinary | Cohort::Unproven | Cohort::Dormant => self.ordinary(responses),
            Cohort::Unreachable => self.unreachable(),
            Cohort::Unconsented => self.unconsented(),
            Cohort::OptOutIgnored => self.opt_out_ignored(),
            Cohort::ScopeMismatch => self.scope_mismatch(),
            Cohort::Retroactive => self.retroactive(),
            Cohort::OutsideWindow => self.outside_window(),
            Cohort::Flooded => self.flooded(),
            Cohort::RetryStorm => self.retry_storm(),
            Cohort::Resent => self.resent(),
            Cohort::SpikeDay => {}
        }
    }

    fn ordinary(&mut self, responses: &mut [Responses]) {
        let joined = if self.silent { self.joined_long_ago() } else { self.joins() };
        let span = (joined.from, self.calendar.end());
        if joined.marketing {
            self.reads_newsletter(span, responses, stop_share(self.profile));
        }
        self.orders(span);
        self.signs_in(span);
        self.asks(span);
    }

    fn unreachable(&mut self) {
        self.joined_long_ago();
        let day = self.dice.between(0, self.calendar.days());
        let sent_at = self.calendar.at(day, 0) + self.between_hours(8, 12);
        self.send_with(sent_at, self.newsletter_template(day), campaign_of(day), (Outcome::Failed, 131_026));
    }

    fn unconsented(&mut self) {
        for day in self.newsletter_days() {
            self.newsletter(day);
        }
    }

    /// The newsletter of a day, to people who answer nothing.
    fn newsletter(&mut self, day: i64) {
        let sent_at = self.calendar.at(day, 0) + self.between_hours(8, 12);
        self.send(sent_at, self.newsletter_template(day), campaign_of(day));
    }

    /// The opt-out comes through the web site; nothing is sent in the two days after, so that no grace excuses the rest.
    fn opt_out_ignored(&mut self) {
        self.joined_long_ago();
        let day = self.dice.between(14, self.calendar.days() - 28);
        let opted_out_at = self.calendar.at(day, 0) + self.between_hours(7, 20);
        self.consent(ConsentAction::OptOut, ConsentScope::Marketing, WEB_FORM, opted_out_at);
        for day in self.newsletter_days() {
            let pause = opted_out_at - DAY..opted_out_at + 2 * DAY;
            if !pause.contains(&self.calendar.at(day, 12 * HOUR)) {
                self.newsletter(day);
            }
        }
        self.orders((self.calendar.start(), self.calendar.end()));
    }

    fn scope_mismatch(&mut self) {
        let at = self.before_start();
        self.joined(ConsentScope::Utility, WEB_FORM, at);
        for day in self.newsletter_days() {
            self.newsletter(day);
        }
        self.orders((self.calendar.start(), self.calendar.end()));
    }

    /// Consents said to be old are put on file on one day, three weeks before the end.
    fn retroactive(&mut self) {
        let said_at = self.before_start();
        let recorded_at = self.calendar.at(self.calendar.days() - 21, 3 * HOUR) + i64::from(self.id % 3_600) * SECOND;
        self.recorded_consent(ConsentAction::OptIn, ConsentScope::All, WEB_FORM, (said_at, recorded_at));
        for day in self.newsletter_days() {
            self.newsletter(day);
        }
        self.orders((self.calendar.start(), self.calendar.end()));
    }

    fn outside_window(&mut self) {
        self.joined_long_ago();
        let day = self.dice.between(0, self.calendar.days() - 5);
        let asked_at = self.calendar.at(day, 0) + self.between_hours(7, 18);
        self.asks_at(asked_at);
        for _ in 0..=self.dice.below(2) {
            let answered_at = asked_at + DAY + self.dice.between(1, 40 * HOUR);
            let outcome = if self.dice.chance(0.6) { (Outcome::Failed, 131_047) } else { (Outcome::Delivered, 0) };
            self.send_with(answered_at, NONE, NONE, outcome);
        }
    }

    fn flooded(&mut self) {
        self.joined_long_ago();
        let day = self.dice.between(0, self.calendar.days());
        for turn in 0..5 {
            let sent_at = self.calendar.at(day, (8 + 2 * turn) * HOUR) + self.dice.between(0, 40 * MINUTE);
            let pair = self.profile.marketing[turn as usize % self.profile.marketing.len()];
            self.send_with(sent_at, self.in_language(pair), campaign_of(day), (Outcome::Delivered, 0));
        }
        self.orders((self.calendar.start(), self.calendar.end()));
    }

    fn retry_storm(&mut self) {
        self.joined_long_ago();
        let day = self.dice.between(3, self.calendar.days());
        let mut sent_at = self.calendar.at(day, 0) + self.between_hours(7, 12);
        for _ in 0..4 + self.dice.below(3) {
            self.send_with(sent_at, self.in_language(RETRIED), NONE, (Outcome::Failed, 131_026));
            sent_at += self.dice.between(10 * MINUTE, 40 * MINUTE);
        }
    }

    fn resent(&mut self) {
        self.joined_long_ago();
        let first = self.dice.between(0, self.calendar.days() - 28);
        for week in 0..5 {
            let day = first + 7 * week;
            let sent_at = self.calendar.at(day, 0) + self.between_hours(9, 12);
            self.send_with(sent_at, self.newsletter_template(day), campaign_of(day), (Outcome::Failed, 131_026));
        }
    }

    /// Gets the one message of the spike day.
    pub(super) fn gets_spike(&mut self, day: i64, campaign: u8) {
        self.joined_long_ago();
        let sent_at = self.calendar.at(day, 0) + self.between_hours(8, 13);
        self.send(sent_at, self.newsletter_template(day), campaign);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::client::FENICE;
    use super::*;

    #[test]
    fn every_run_of_people_holds_every_cohort_in_its_share() {
        for (profile, shares) in [(&NORDIC, NORDIC_COHORTS), (&AURORA, AURORA_COHORTS), (&FENICE, FENICE_COHORTS)] {
            for start in [0, 5_000, 1_000_000] {
                let mut seen = BTreeMap::new();
                for person in start..start + 1_000 {
                    *seen.entry(cohort_of(profile, person)).or_insert(0_u64) += 1;
                }
                for (cohort, share, list) in shares {
                    let count = seen.get(&(*cohort, *list)).copied().unwrap_or_default();
                    assert!(count.abs_diff(*share) <= 4, "{cohort:?} of {}: {count} for {share}", profile.folder);
                }
            }
        }
    }
}
