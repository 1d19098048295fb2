//! A person in the making: how people are asked, written to, and answer when nothing goes wrong. The scenarios call
//! these habits and add what goes wrong.

use domain::traffic::{ConsentAction, ConsentScope, Outcome};

use super::calendar::{Calendar, DAY, HOUR, MINUTE, SECOND, campaign_of};
use super::client::{ALL_GOOD, FIRST_QUESTION, INBOUND_TEXTS, KEYWORD, PAPER, Pair, Profile, STOP};
use super::dice::Dice;
use super::history::{Consent, History, Inbound, Message, NONE};

/// Which campaigns reached people and how many of those wrote STOP, so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Responses {
    pub(super) reached: u64,
    pub(super) stops: u64,
}

/// A person in the making.
#[derive(Debug)]
pub(super) struct Person<'a> {
    pub(super) profile: &'a Profile,
    pub(super) calendar: Calendar,
    pub(super) dice: Dice,
    pub(super) id: u32,
    pub(super) number: u8,
    pub(super) list: u8,
    /// 0 Italian, 1 English.
    pub(super) language: usize,
    /// Share of the delivered messages that are read.
    pub(super) reads: f64,
    /// Never writes.
    pub(super) silent: bool,
    /// Whether consents carry evidence and wording version.
    pub(super) proven: bool,
    pub(super) history: &'a mut History,
}

/// What somebody agreed to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joined {
    /// From when they may be written to.
    pub(super) from: i64,
    /// Whether they agreed to marketing.
    pub(super) marketing: bool,
}

/// Monday to Sunday: when newsletters go out.
const WEEKDAYS: [u32; 7] = [14, 17, 18, 17, 16, 11, 7];
/// Probability that a week's newsletter goes to a person.
const WEEKLY: f64 = 0.62;
/// Length of the stretches in which something happens at most once.
const STRETCH: i64 = 25;

/// Share of the marketing that Meta withholds in its worse weeks.
const WITHHELD: f64 = 0.12;

/// The moment that an import stamped on its opt-ins.
pub(super) fn stamped_at(calendar: &Calendar) -> i64 {
    calendar.start() - 45 * DAY + 11 * HOUR + 30 * MINUTE
}

impl Person<'_> {
    /// Records a consent event that the ledger learns at once, or from paper within two days.
    pub(super) fn consent(&mut self, action: ConsentAction, scope: ConsentScope, source: u8, effective_at: i64) -> i64 {
        let lag = if source == PAPER {
            self.dice.between(2 * HOUR, 2 * DAY)
        } else {
            self.dice.between(SECOND / 10, 3 * SECOND)
        };
        self.recorded_consent(action, scope, source, (effective_at, effective_at + lag))
    }

    /// Records a consent event with its two times (effective, recorded); tells the latter.
    pub(super) fn recorded_consent(
        &mut self,
        action: ConsentAction,
        scope: ConsentScope,
        source: u8,
        (effective_at, recorded_at): (i64, i64),
    ) -> i64 {
        let (person, proven) = (self.id, self.proven);
        self.history.consents.push(Consent {
            recorded_at,
            person,
            serial: 0,
            effective_at,
            action,
            scope,
            source,
            proven,
            expires_at: 0,
        });
        recorded_at
    }

    /// Opts in to everything for some months, which are over before the period.
    pub(super) fn joined_for_half_a_year(&mut self, source: u8) {
        let at = self.calendar.start() - self.dice.between(200 * DAY, 330 * DAY);
        self.joined(ConsentScope::All, source, at);
        if let Some(consent) = self.history.consents.last_mut() {
            consent.expires_at = at + 180 * DAY;
        }
    }

    fn list_source(&self) -> u8 {
        self.profile.lists[usize::from(self.list)].source
    }

    /// The moment that an import stamped on all opt-ins of the person's list, if one did.
    fn stamp(&self) -> Option<i64> {
        self.profile.lists[usize::from(self.list)].stamped.then(|| stamped_at(&self.calendar))
    }

    /// Opts in as people do: most before the period, some within it; most to everything, some only to notices.
    pub(super) fn joins(&mut self) -> Joined {
        if self.stamp().is_some() {
            return self.joined_long_ago();
        }
        let source = self.list_source();
        let at = if self.dice.chance(0.14) {
            self.calendar.start() + self.dice.between(0, self.calendar.days() * DAY * 4 / 5)
        } else {
            self.before_start()
        };
        match self.dice.weighted(&[60, 25, 15]) {
            0 => self.joined(ConsentScope::All, source, at),
            1 => {
                let notices = self.joined(ConsentScope::Utility, source, at);
                let marketing = self.joined(ConsentScope::Marketing, source, at + SECOND);
                Joined { from: notices.from.max(marketing.from), marketing: true }
            }
            _ => self.joined(ConsentScope::Utility, source, at),
        }
    }

    /// Opts in to everything, before the period.
    pub(super) fn joined_long_ago(&mut self) -> Joined {
        let source = self.list_source();
        let at = self.stamp().unwrap_or_else(|| self.before_start());
        self.joined(ConsentScope::All, source, at)
    }

    pub(super) fn joined(&mut self, scope: ConsentScope, source: u8, at: i64) -> Joined {
        let recorded_at = self.consent(ConsentAction::OptIn, scope, source, at);
        Joined { from: recorded_at + 5 * MINUTE, marketing: scope != ConsentScope::Utility }
    }

    /// An instant in the eleven months before the period; recorded before it, also from paper.
    pub(super) fn before_start(&mut self) -> i64 {
        self.calendar.start() - self.dice.between(4 * DAY, 330 * DAY)
    }

    /// Sends a template, or free text when `template` is [`NONE`]; tells the outcome.
    pub(super) fn send(&mut self, sent_at: i64, template: u8, campaign: u8) -> Message {
        let (outcome, error_code) = self.fate(sent_at, template, campaign != NONE);
        self.send_with(sent_at, template, campaign, (outcome, error_code))
    }

    /// Sends with a given outcome.
    pub(super) fn send_with(
        &mut self,
        sent_at: i64,
        template: u8,
        campaign: u8,
        (mut outcome, mut error_code): (Outcome, u32),
    ) -> Message {
        let (silent_number, silent_from, silent_to) = self.profile.mishaps.silent;
        if self.number == silent_number && (silent_from..silent_to).contains(&self.calendar.day_of(sent_at)) {
            (outcome, error_code) = (Outcome::Sent, 0);
        }
        let delivered_after = match outcome {
            Outcome::Sent => 0,
            Outcome::Failed => self.dice.between(300, 3_000),
            _ if self.dice.chance(0.08) => self.dice.between(600_000, 6 * 3_600_000),
            _ => self.dice.between(900, 45_000),
        };
        let read_after = match outcome {
            Outcome::Read => delivered_after + self.dice.between(4_000, 5 * 3_600_000),
            _ => 0,
        };
        let message = Message {
            sent_at,
            person: self.id,
            serial: 0,
            template,
            number: self.number,
            list: self.list,
            campaign,
            outcome,
            error_code,
            delivered_after: delivered_after as u32,
            read_after: read_after as u32,
        };
        self.history.messages.push(message);
        message
    }

    fn fate(&mut self, sent_at: i64, template: u8, promotes: bool) -> (Outcome, u32) {
        let mishaps = &self.profile.mishaps;
        let (withheld_from, withheld_to) = mishaps.withheld;
        if template != NONE && template == mishaps.failing && self.dice.chance(0.2) {
            return (Outcome::Failed, 132_012);
        }
        let withheld = promotes && (withheld_from..withheld_to).contains(&self.calendar.day_of(sent_at));
        if withheld && self.dice.chance(WITHHELD) {
            return (Outcome::Failed, 131_049);
        }
        if self.dice.chance(0.009) {
            let codes: &[u32] = if promotes { &[131_049, 130_472, 131_000] } else { &[131_000, 131_016] };
            return (Outcome::Failed, self.dice.pick(codes));
        }
        if self.dice.chance(0.025) {
            return (Outcome::Sent, 0);
        }
        let reads = if template != NONE && template == mishaps.unread { self.reads / 5.0 } else { self.reads };
        if self.dice.chance(reads) { (Outcome::Read, 0) } else { (Outcome::Delivered, 0) }
    }

    fn stretches(&self) -> i64 {
        (self.calendar.days() + STRETCH - 1) / STRETCH
    }

    /// A time of day from one hour to another, at any microsecond.
    pub(super) fn between_hours(&mut self, from: i64, to: i64) -> i64 {
        self.dice.between(from * HOUR, to * HOUR)
    }

    /// The newsletter's template on a day.
    pub(super) fn newsletter_template(&self, day: i64) -> u8 {
        let turn = (day / 7) as usize;
        self.profile.marketing[turn % self.profile.marketing.len()][self.language]
    }

    /// The days on which the weekly newsletter goes to this person.
    pub(super) fn newsletter_days(&mut self) -> Vec<i64> {
        let first = self.calendar.first_weekday(self.dice.weighted(&WEEKDAYS));
        let days = self.calendar.days();
        (first..days).step_by(7).filter(|_| self.dice.chance(WEEKLY)).collect()
    }

    /// Gets the weekly newsletter, until a STOP. `stop_share` tells how many of those whom a campaign reaches stop.
    pub(super) fn reads_newsletter(
        &mut self,
        (from, until): (i64, i64),
        responses: &mut [Responses],
        stop_share: impl Fn(usize, &Responses) -> f64,
    ) {
        for day in self.newsletter_days() {
            let hour = 8 + i64::from(self.list);
            let sent_at = self.calendar.at(day, 0) + self.between_hours(hour, hour + 2);
            if sent_at < from || sent_at >= until {
                continue;
            }
            let campaign = campaign_of(day);
            let message = self.send(sent_at, self.newsletter_template(day), campaign);
            if !message.reached() || self.silent {
                continue;
            }
            let response = &mut responses[usize::from(campaign)];
            response.reached += 1;
            if self.dice.chance(stop_share(usize::from(campaign), response)) {
                response.stops += 1;
                self.stops(&message);
                return;
            }
        }
    }

    /// Answers a message with STOP; the ledger learns it at once.
    fn stops(&mut self, message: &Message) {
        let at = message.sent_at
            + i64::from(message.delivered_after.max(message.read_after)) * 1_000
            + self.dice.between(MINUTE, 10 * HOUR);
        self.writes(at, STOP);
        self.consent(ConsentAction::OptOut, ConsentScope::Marketing, KEYWORD, at);
    }

    pub(super) fn writes(&mut self, received_at: i64, text: u8) {
        let (person, number) = (self.id, self.number);
        self.history.inbound.push(Inbound { received_at, person, serial: 0, number, text });
    }

    /// Orders now and then: confirmation, shipping, delivery, and sometimes a tap on "all good".
    pub(super) fn orders(&mut self, (from, until): (i64, i64)) {
        for stretch in 0..self.stretches() {
            if !self.dice.chance(0.5) {
                continue;
            }
            let day = stretch * STRETCH + self.dice.between(0, STRETCH);
            let mut last = None;
            for (pair, after) in self.profile.order.into_iter().zip([0, 1, 3]) {
                let sent_at = self.calendar.at(day + after, 0) + self.between_hours(7, 18);
                if (from..until).contains(&sent_at) {
                    last = Some(self.send(sent_at, self.in_language(pair), NONE));
                }
            }
            if let Some(delivery) = last
                && delivery.outcome == Outcome::Read
                && !self.silent
                && self.dice.chance(0.2)
            {
                let read_at = delivery.sent_at + i64::from(delivery.read_after) * 1_000;
                let at = read_at + self.dice.between(5 * SECOND, 20 * MINUTE);
                self.writes(at, ALL_GOOD + self.language as u8);
            }
        }
    }

    pub(super) fn in_language(&self, pair: Pair) -> u8 {
        pair[self.language]
    }

    /// Signs in on the web site now and then.
    pub(super) fn signs_in(&mut self, (from, until): (i64, i64)) {
        for stretch in 0..self.stretches() {
            if self.dice.chance(0.3) {
                let day = stretch * STRETCH + self.dice.between(0, STRETCH);
                let sent_at = self.calendar.at(day, 0) + self.between_hours(6, 22);
                if (from..until).contains(&sent_at) {
                    self.send(sent_at, self.profile.code, NONE);
                }
            }
        }
    }

    /// Asks something now and then and is answered within the window; a few times at its very end.
    pub(super) fn asks(&mut self, (from, until): (i64, i64)) {
        if self.silent {
            return;
        }
        for stretch in 0..self.stretches() {
            if !self.dice.chance(0.3) {
                continue;
            }
            let day = stretch * STRETCH + self.dice.between(0, STRETCH);
            let asked_at = self.calendar.at(day, 0) + self.between_hours(6, 21);
            if (from..until).contains(&asked_at) {
                self.asks_at(asked_at);
            }
        }
    }

    /// Asks at an instant and is answered within the window.
    pub(super) fn asks_at(&mut self, asked_at: i64) {
        let questions = u64::from(INBOUND_TEXTS.len() as u8 - FIRST_QUESTION);
        let question = FIRST_QUESTION + self.dice.below(questions) as u8;
        self.writes(asked_at, question);
        let first = asked_at
            + match self.dice.below(100) {
                0 => DAY,
                1..=8 => self.dice.between(18 * HOUR, DAY),
                _ => self.dice.between(40 * SECOND, 90 * MINUTE),
            };
        self.send(first, NONE, NONE);
        for minutes in 0..self.dice.below(3) as i64 {
            let next = first + minutes * 10 * MINUTE + self.dice.between(20 * SECOND, 9 * MINUTE);
            if next <= asked_at + DAY {
                self.send(next, NONE, NONE);
            }
        }
    }
}
