//! What the generated traffic holds, counted person by person: the expected figures of `truth.json`, and what the limits
//! are chosen by. Counted from the finished histories by the definitions of the exchange formats, apart from the audit.

use std::collections::{BTreeMap, BTreeSet};

use domain::traffic::{Category, ConsentAction, MessageType, Outcome};

use super::calendar::{Calendar, DAY, HOUR};
use super::client::{KEYWORD, Profile, STOP};
use super::history::{History, Message, NONE};
use super::scenario::Cohort;

/// Messages, and the people that they went to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) messages: u64,
    pub(super) recipients: u64,
}

impl Count {
    fn add(&mut self, messages: usize) {
        self.messages += messages as u64;
        self.recipients += u64::from(messages > 0);
    }
}

/// Everything that is counted of one client.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) messages: u64,
    /// What each cohort's rule counts.
    pub(super) cohorts: BTreeMap<Cohort, Count>,
    /// Sends and failures for its own fault, by template.
    pub(super) templates: Vec<(u64, u64)>,
    /// Messages, and those that were undeliverable, by list.
    pub(super) lists: Vec<(u64, u64)>,
    /// STOP replies by campaign, as people.
    pub(super) stops: Vec<u64>,
    /// Distinct people whom a campaign reached.
    pub(super) reached: Vec<u64>,
    /// People with at least five marketing messages.
    pub(super) courted: u64,
    /// Those of them who never read and never wrote.
    pub(super) dead: u64,
    /// Counted messages by hour of the period.
    counted_by_hour: Vec<u64>,
}

impl Evidence {
    pub(super) fn new(profile: &Profile, calendar: &Calendar, campaigns: usize) -> Self {
        Self {
            messages: 0,
            cohorts: BTreeMap::new(),
            templates: vec![(0, 0); profile.templates.len()],
            lists: vec![(0, 0); profile.lists.len()],
            stops: vec![0; campaigns],
            reached: vec![0; campaigns],
            courted: 0,
            dead: 0,
            counted_by_hour: vec![0; calendar.days() as usize * 24],
        }
    }

    pub(super) fn cohort(&self, cohort: Cohort) -> Count {
        self.cohorts.get(&cohort).copied().unwrap_or_default()
    }

    /// No more distinct people than this were reached by counted messages in any 24 hours.
    pub(super) fn most_in_a_day(&self) -> u64 {
        // 24 hours touch at most 25 of the clock's.
        self.counted_by_hour.windows(25).map(|hours| hours.iter().sum()).max().unwrap_or_default()
    }

    /// Adds a finished history.
    pub(super) fn add(&mut self, profile: &Profile, calendar: &Calendar, cohort: Cohort, history: &History) {
        self.messages += history.messages.len() as u64;
        self.cohorts.entry(cohort).or_default().add(at_fault(profile, cohort, history));
        for message in &history.messages {
            self.add_message(message, calendar, history);
        }
        self.add_responses(profile, history);
    }

    fn add_message(&mut self, message: &Message, calendar: &Calendar, history: &History) {
        let undeliverable = message.error_code == 131_026;
        if let Some((messages, failed)) = self.lists.get_mut(usize::from(message.list)) {
            *messages += 1;
            *failed += u64::from(undeliverable);
        }
        if let Some((messages, failed)) = self.templates.get_mut(usize::from(message.template)) {
            *messages += 1;
            *failed += u64::from(message.error_code == 132_012);
            if message.reached() && !history.in_window(message.number, message.sent_at) {
                let hour = ((message.sent_at - calendar.start()) / HOUR) as usize;
                self.counted_by_hour[hour] += 1;
            }
        }
    }

    fn add_responses(&mut self, profile: &Profile, history: &History) {
        let marketing = || history.messages.iter().filter(|message| message.category(profile) == Category::Marketing);
        let reached: BTreeSet<u8> =
            marketing().filter(|message| message.reached()).map(|message| message.campaign).collect();
        for campaign in reached {
            if let Some(people) = self.reached.get_mut(usize::from(campaign)) {
                *people += 1;
            }
        }
        for stop in history.inbound.iter().filter(|inbound| inbound.text == STOP) {
            let before = |message: &&Message| (0..=3 * DAY).contains(&(stop.received_at - message.sent_at));
            let last = marketing().filter(|message| message.reached()).rfind(before);
            if let Some(people) = last.and_then(|message| self.stops.get_mut(usize::from(message.campaign))) {
                *people += 1;
            }
        }
        if marketing().count() >= 5 {
            self.courted += 1;
            let read = history.messages.iter().any(|message| message.outcome == Outcome::Read);
            self.dead += u64::from(!read && history.inbound.is_empty());
        }
    }
}

/// How many messages of a person its cohort's rule counts.
fn at_fault(profile: &Profile, cohort: Cohort, history: &History) -> usize {
    let due = |message: &&Message| {
        matches!(message.category(profile), Category::Marketing | Category::Utility)
            && message.message_type() == MessageType::Template
            && !history.in_window(message.number, message.sent_at)
    };
    let marketing = |message: &&Message| message.category(profile) == Category::Marketing;
    let messages = history.messages.iter();
    match cohort {
        Cohort::Ordinary | Cohort::Unreachable | Cohort::Dormant => 0,
        Cohort::Unconsented | Cohort::Unproven => messages.filter(due).count(),
        Cohort::ScopeMismatch => messages.filter(due).filter(marketing).count(),
        Cohort::OptOutIgnored => {
            let recorded = history
                .consents
                .iter()
                .find(|consent| consent.action == ConsentAction::OptOut && consent.source != KEYWORD)
                .map_or(i64::MAX, |consent| consent.recorded_at);
            messages.filter(due).filter(marketing).filter(|message| message.sent_at >= recorded).count()
        }
        Cohort::Retroactive => {
            let recorded = history.consents.first().map_or(i64::MAX, |consent| consent.recorded_at);
            messages.filter(due).filter(|message| message.sent_at < recorded).count()
        }
        Cohort::OutsideWindow => messages
            .filter(|message| message.template == NONE && !history.in_window(message.number, message.sent_at))
            .count(),
        // The fourth and the fifth of a day.
        Cohort::Flooded => messages.filter(marketing).count().saturating_sub(3),
        // All but the first follow a failure.
        Cohort::RetryStorm => history.messages.len().saturating_sub(1),
        // What follows the failure of the second day.
        Cohort::Resent => history.messages.len().saturating_sub(2),
        Cohort::SpikeDay => history.messages.len(),
    }
}
