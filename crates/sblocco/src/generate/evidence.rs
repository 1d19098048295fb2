//! What the generated traffic holds, counted person by person: the expected figures of `truth.json`, and what the limits
//! are chosen by. Counted from the finished histories by the definitions of the exchange formats, apart from the audit.

use std::collections::{BTreeMap, BTreeSet};

use domain::traffic::{Category, ConsentAction, MessageType, Outcome};

use super::calendar::{Calendar, DAY, HOUR, MINUTE, SECOND};
use super::client::{CHECKOUT, Enforcement, KEYWORD, PARTNER, Profile, STOP};
use super::history::{History, Message, NONE};
use super::identity::Line;
use super::person::stamped_at;
use super::scenario::Cohort;

/// Messages, and the people that they went to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) messages: u64,
    pub(super) recipients: u64,
}

impl Count {
    pub(super) fn add(&mut self, messages: usize) {
        self.messages += messages as u64;
        self.recipients += u64::from(messages > 0);
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { messages: self.messages + other.messages, recipients: self.recipients + other.recipients }
    }
}

/// What is counted of a template.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TemplateEvidence {
    /// All sends.
    pub(super) sent: Count,
    /// Failures for wrong parameters.
    pub(super) mismatched: Count,
    /// Refusals because Meta had paused it.
    pub(super) refused: Count,
    /// Delivered and not read.
    pub(super) unread: Count,
    /// Sends of no campaign, or of one that was not declared.
    pub(super) undeclared: Count,
}

/// Everything that is counted of one client.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) messages: u64,
    /// What each cohort's rule counts.
    cohorts: BTreeMap<Cohort, Count>,
    /// By template.
    pub(super) templates: Vec<TemplateEvidence>,
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
    /// Messages on consents under the wording that says too little.
    pub(super) flawed: Count,
    /// Marketing that Meta withheld.
    pub(super) withheld: Count,
    /// Messages that Meta refused for their speed.
    pub(super) throttled: Count,
    /// Messages to fixed lines.
    pub(super) landlines: Count,
    /// Opt-ins within two seconds of the moment that an import stamped.
    pub(super) stamped: u64,
    /// Messages of the number of which no status came back, in the days of its silence.
    pub(super) unheard: u64,
    /// Who should have been suppressed; few, whatever the size.
    pub(super) suppressed: Vec<u32>,
    /// Messages of the number whose account Meta blocked, while it did.
    pub(super) forbidden: Count,
    /// Counted messages of that number by day of the period.
    pub(super) enforced_days: Vec<Count>,
    /// Counted messages by hour of the period.
    counted_by_hour: Vec<u64>,
}

impl Evidence {
    pub(super) fn new(profile: &Profile, calendar: &Calendar, campaigns: usize) -> Self {
        Self {
            messages: 0,
            cohorts: BTreeMap::new(),
            templates: vec![TemplateEvidence::default(); profile.templates.len()],
            lists: vec![(0, 0); profile.lists.len()],
            stops: vec![0; campaigns],
            reached: vec![0; campaigns],
            courted: 0,
            dead: 0,
            flawed: Count::default(),
            withheld: Count::default(),
            throttled: Count::default(),
            landlines: Count::default(),
            stamped: 0,
            unheard: 0,
            suppressed: Vec::new(),
            forbidden: Count::default(),
            enforced_days: vec![Count::default(); calendar.days() as usize],
            counted_by_hour: vec![0; calendar.days() as usize * 24],
        }
    }

    pub(super) fn cohort(&self, cohort: Cohort) -> Count {
        self.cohorts.get(&cohort).copied().unwrap_or_default()
    }

    /// What several cohorts have together; nobody is in two of them.
    pub(super) fn cohorts(&self, cohorts: &[Cohort]) -> Count {
        cohorts.iter().fold(Count::default(), |sum, cohort| sum.and(self.cohort(*cohort)))
    }

    /// No more distinct people than this were reached by counted messages in any 24 hours.
    pub(super) fn most_in_a_day(&self) -> u64 {
        // 24 hours touch at most 25 of the clock's.
        self.counted_by_hour.windows(25).map(|hours| hours.iter().sum()).max().unwrap_or_default()
    }

    /// No more people than this would be reached if a whole campaign went out on the busiest day.
    pub(super) fn most_planned(&self) -> u64 {
        self.most_in_a_day() + self.reached.iter().max().copied().unwrap_or_default()
    }

    /// Adds a finished history.
    pub(super) fn add(&mut self, profile: &Profile, calendar: &Calendar, cohort: Cohort, history: &History) {
        self.messages += history.messages.len() as u64;
        self.cohorts.entry(cohort).or_default().add(at_fault(profile, cohort, history));
        for message in &history.messages {
            self.add_message(message, profile, calendar, history);
        }
        self.add_templates(profile, calendar, history);
        self.add_responses(profile, history);
        self.add_ledger(profile, calendar, history);
        if let Some(enforcement) = profile.enforcement {
            self.add_enforced(&enforcement, calendar, history);
        }
        let failed = |code: u32| history.messages.iter().filter(|message| message.error_code == code).count();
        self.withheld.add(failed(131_049));
        self.throttled.add(failed(130_429));
        let person = history.messages.first().map(|message| message.person);
        match (cohort, person) {
            (Cohort::Suppressed, Some(person)) => self.suppressed.push(person),
            (_, Some(person)) if Line::of(person) == Line::Landline => self.landlines.add(history.messages.len()),
            _ => {}
        }
    }

    fn add_message(&mut self, message: &Message, profile: &Profile, calendar: &Calendar, history: &History) {
        if let Some((messages, failed)) = self.lists.get_mut(usize::from(message.list)) {
            *messages += 1;
            *failed += u64::from(message.error_code == 131_026);
        }
        if message.template != NONE && message.reached() && !history.in_window(message.number, message.sent_at) {
            let hour = ((message.sent_at - calendar.start()) / HOUR) as usize;
            self.counted_by_hour[hour] += 1;
        }
        let (number, from, to) = profile.mishaps.silent;
        let is_unheard = message.number == number && (from..to).contains(&calendar.day_of(message.sent_at));
        self.unheard += u64::from(is_unheard);
    }

    fn add_templates(&mut self, profile: &Profile, calendar: &Calendar, history: &History) {
        for (index, template) in self.templates.iter_mut().enumerate() {
            let sends = || history.messages.iter().filter(|message| usize::from(message.template) == index);
            if sends().next().is_none() {
                continue;
            }
            let of = |is_meant: &dyn Fn(&Message) -> bool| sends().filter(|message| is_meant(message)).count();
            template.sent.add(sends().count());
            template.mismatched.add(of(&|message| message.error_code == 132_012));
            template.refused.add(of(&|message| message.error_code == 132_015));
            template.unread.add(of(&|message| message.outcome == Outcome::Delivered));
            let declared = calendar.campaigns() + usize::from(profile.new_numbers);
            template.undeclared.add(of(&|message| usize::from(message.campaign) >= declared));
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

    fn add_ledger(&mut self, profile: &Profile, calendar: &Calendar, history: &History) {
        let opt_ins = || history.consents.iter().filter(|consent| consent.action == ConsentAction::OptIn);
        let second = |instant: i64| instant.div_euclid(SECOND);
        let stamp = second(stamped_at(calendar));
        let own = opt_ins().filter(|consent| !matches!(consent.source, PARTNER | KEYWORD));
        let near: BTreeSet<i64> = own.map(|consent| second(consent.effective_at)).collect();
        self.stamped += near.into_iter().filter(|second| second.abs_diff(stamp) <= 2).count() as u64;
        // Those who opted in at the checkout opted in nowhere else.
        if profile.flawed_wording.is_some() && opt_ins().any(|consent| consent.source == CHECKOUT && consent.proven) {
            self.flawed.add(due(profile, history).count());
        }
    }
}

/// For so long after Meta told of a block a message may still have been on its way.
const ON_ITS_WAY: i64 = 5 * MINUTE;

impl Evidence {
    /// What the business itself began from the number whose account Meta blocks.
    fn add_enforced(&mut self, enforcement: &Enforcement, calendar: &Calendar, history: &History) {
        let begun = || {
            let own = history.messages.iter().filter(|message| message.number == enforcement.number);
            own.filter(|message| !history.in_window(message.number, message.sent_at))
        };
        let (from, until) = enforcement.block(calendar);
        let forbidden = begun().filter(|message| from + ON_ITS_WAY < message.sent_at && message.sent_at < until);
        self.forbidden.add(forbidden.count());
        let mut days = BTreeMap::<i64, usize>::new();
        for message in begun().filter(|message| message.template != NONE && message.reached()) {
            *days.entry(calendar.day_of(message.sent_at)).or_default() += 1;
        }
        for (day, messages) in days {
            self.enforced_days[day as usize].add(messages);
        }
    }
}

/// Templates that need an opt-in.
fn due<'h>(profile: &'h Profile, history: &'h History) -> impl Iterator<Item = &'h Message> {
    history.messages.iter().filter(move |message| {
        matches!(message.category(profile), Category::Marketing | Category::Utility)
            && message.message_type() == MessageType::Template
            && !history.in_window(message.number, message.sent_at)
    })
}

/// How many messages of a person its cohort's rule counts.
fn at_fault(profile: &Profile, cohort: Cohort, history: &History) -> usize {
    let due = || due(profile, history);
    let is_marketing = |message: &&Message| message.category(profile) == Category::Marketing;
    let in_window = |message: &&Message| history.in_window(message.number, message.sent_at);
    let failed = |code: u32| history.messages.iter().filter(move |message| message.error_code == code);
    let messages = history.messages.iter();
    match cohort {
        Cohort::Ordinary | Cohort::Unreachable | Cohort::Dormant => 0,
        Cohort::Unconsented | Cohort::Unproven | Cohort::Partner | Cohort::Expired => due().count(),
        Cohort::ScopeMismatch => due().filter(is_marketing).count(),
        Cohort::OptOutIgnored => {
            let recorded = history
                .consents
                .iter()
                .find(|consent| consent.action == ConsentAction::OptOut && consent.source != KEYWORD)
                .map_or(i64::MAX, |consent| consent.recorded_at);
            due().filter(is_marketing).filter(|message| message.sent_at >= recorded).count()
        }
        Cohort::Retroactive => {
            let recorded = history.consents.first().map_or(i64::MAX, |consent| consent.recorded_at);
            due().filter(|message| message.sent_at < recorded).count()
        }
        Cohort::OutsideWindow => {
            messages.filter(|message| message.template == NONE).filter(|message| !in_window(message)).count()
        }
        // The fourth and the fifth of a day.
        Cohort::Flooded => messages.filter(is_marketing).count().saturating_sub(3),
        // All but the first follow a failure.
        Cohort::RetryStorm => history.messages.len().saturating_sub(1),
        // What follows the failure of the second day.
        Cohort::Resent => history.messages.len().saturating_sub(2),
        Cohort::Paused => failed(132_015).count(),
        Cohort::Night | Cohort::American => messages.filter(is_marketing).count(),
        Cohort::ClockDisagrees => failed(131_047).filter(in_window).count(),
        Cohort::Pitched => messages.filter(is_marketing).filter(in_window).count(),
        Cohort::Launch | Cohort::SpikeDay => messages.filter(|message| message.reached()).count(),
        Cohort::Nudged | Cohort::Suppressed => history.messages.len(),
    }
}
