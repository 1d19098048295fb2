//! What happens to the people of each cohort in the period.

use domain::traffic::{ConsentAction, ConsentScope, Outcome};

use super::calendar::{DAY, HOUR, MINUTE, SECOND, campaign_of};
use super::client::{
    CART_REMINDER, NORDIC, OUTLET_OPENING, PAUSE_DAY, PAUSED_TEMPLATE, Profile, RETRIED, UNWANTED_CAMPAIGN, WEB_FORM,
};
use super::history::NONE;
use super::person::{Person, Responses};
use super::scenario::{Cohort, THROTTLED};

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
            Cohort::Unconsented => self.complains(responses),
            Cohort::OptOutIgnored => self.opt_out_ignored(),
            Cohort::ScopeMismatch => self.scope_mismatch(),
            Cohort::Retroactive => self.retroactive(),
            Cohort::OutsideWindow => self.outside_window(),
            Cohort::Flooded => self.flooded(),
            Cohort::RetryStorm => self.retry_storm(),
            Cohort::Resent => self.resent(),
            Cohort::Partner => {
                self.joined_long_ago();
                self.complains(responses);
            }
            Cohort::Expired => self.expired(),
            Cohort::Paused => self.paused(),
            Cohort::Nudged => self.nudged(),
            Cohort::Night => self.night(),
            Cohort::American => self.american(),
            Cohort::ClockDisagrees => self.clock_disagrees(),
            Cohort::Pitched => self.pitched(),
            Cohort::Suppressed => self.suppressed(),
            Cohort::Launch | Cohort::SpikeDay => {}
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

    /// Says stop as others do, and no more.
    fn complains(&mut self, responses: &mut [Responses]) {
        let whole = (self.calendar.start(), self.calendar.end());
        self.reads_newsletter(whole, responses, stop_share(self.profile));
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
            self.send_with(answered_at, NONE, NONE, (Outcome::Failed, 131_047));
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

    fn expired(&mut self) {
        self.joined_for_half_a_year(WEB_FORM);
        for day in self.newsletter_days() {
            self.newsletter(day);
        }
    }

    /// The refusal comes on the day of the pause; the other weeks' newsletters come as usual.
    fn paused(&mut self) {
        self.joined_long_ago();
        let refused_at = self.calendar.at(PAUSE_DAY, 0) + self.between_hours(9, 12);
        self.send_with(refused_at, PAUSED_TEMPLATE, campaign_of(PAUSE_DAY), (Outcome::Failed, 132_015));
        for day in self.newsletter_days() {
            if day / 7 != PAUSE_DAY / 7 {
                self.newsletter(day);
            }
        }
    }

    fn nudged(&mut self) {
        self.joined_long_ago();
        for _ in 0..=self.dice.below(3) {
            let day = self.dice.between(0, self.calendar.days());
            let sent_at = self.calendar.at(day, 0) + self.between_hours(9, 17);
            self.send(sent_at, self.in_language(CART_REMINDER), NONE);
        }
        self.orders((self.calendar.start(), self.calendar.end()));
    }

    /// Half past eight in the evening in Greenwich is half past nine in Rome, or later.
    fn night(&mut self) {
        self.joined_long_ago();
        for day in self.newsletter_days() {
            let sent_at = self.calendar.at(day, 20 * HOUR) + self.dice.between(30 * MINUTE, 90 * MINUTE);
            self.send(sent_at, self.newsletter_template(day), campaign_of(day));
        }
    }

    /// In the afternoon, which is morning there.
    fn american(&mut self) {
        self.joined_long_ago();
        for day in self.newsletter_days() {
            let sent_at = self.calendar.at(day, 0) + self.between_hours(16, 18);
            self.send_with(sent_at, self.newsletter_template(day), campaign_of(day), (Outcome::Failed, 131_049));
        }
    }

    fn clock_disagrees(&mut self) {
        self.joined_long_ago();
        let day = self.dice.between(0, self.calendar.days() - 1);
        let asked_at = self.calendar.at(day, 0) + self.between_hours(7, 18);
        self.asks_at(asked_at);
        let refused_at = asked_at + self.dice.between(2 * HOUR, 10 * HOUR);
        self.send_with(refused_at, NONE, NONE, (Outcome::Failed, 131_047));
    }

    fn pitched(&mut self) {
        let day = self.dice.between(0, self.calendar.days());
        let asked_at = self.calendar.at(day, 0) + self.between_hours(7, 12);
        self.asks_at(asked_at);
        let sent_at = asked_at + self.dice.between(HOUR, 3 * HOUR);
        self.send(sent_at, self.newsletter_template(day), NONE);
    }

    fn suppressed(&mut self) {
        self.joined_long_ago();
        for day in self.newsletter_days() {
            self.newsletter(day);
        }
        self.orders((self.calendar.start(), self.calendar.end()));
    }

    /// Gets the one message of the new number's first day.
    pub(super) fn gets_launch(&mut self, day: i64, campaign: u8) {
        self.joined_long_ago();
        let sent_at = self.calendar.at(day, 0) + self.between_hours(8, 17);
        self.send(sent_at, self.in_language(OUTLET_OPENING), campaign);
    }

    /// Gets the one message of the spike day: all within one hour, faster than Meta takes them.
    pub(super) fn gets_spike(&mut self, day: i64, campaign: u8) {
        self.joined_long_ago();
        let sent_at = self.calendar.at(day, 0) + self.between_hours(9, 10);
        // Not that of the campaign that runs, which is declared.
        let template = self.newsletter_template(day + 7);
        if self.dice.chance(THROTTLED) {
            self.send_with(sent_at, template, campaign, (Outcome::Failed, 130_429));
        } else {
            self.send(sent_at, template, campaign);
        }
    }
}
