//! The replay: one recipient's history in, counts out.
//!
//! What nearly every audit counts is counted in one walk over the recipient's sends; every other question is a pass of its own,
//! in time order. A history is short and in the processor's cache, so passes cost less than one loop that knows everything. Nothing is allocated per recipient: passes share scratch
//! space that only grows.

mod advice;
mod breakdown;
mod consent;
mod engagement;
mod holds;
mod hygiene;
mod known;
mod ledger;
mod marketing;
mod outcomes;
mod passes;
mod quiet_hours;
mod recent;
mod reception;
mod retries;
mod sending;
mod undeliverable;
mod volume;
mod walk;
mod warm_up;
mod watch;
mod whole;
mod window;

pub use engagement::StopWords;

use std::sync::LazyLock;

use domain::traffic::{RuleId, Surroundings};

use crate::{
    History, Names, Send, Settings, Tally,
    numbering::Facts,
    tally::{DAY, Traced},
    zones::Zones,
};

use self::{
    holds::Holds,
    passes::{Pass, Passes},
};

/// Replays histories and tallies what it sees.
#[derive(Debug)]
pub struct Replay {
    settings: Settings,
    passes: Passes,
    tally: Tally,
    /// Number of the current recipient, from 1.
    recipient: u64,
    window: window::Windows,
    ledger: consent::Scratch,
    marketing: marketing::Scratch,
    retries: retries::Scratch,
    pairs: volume::Pairs,
    stop_words: engagement::StopWords,
    hygiene: hygiene::Hygiene,
    watch: Option<watch::Watch>,
    zones: Zones,
    shown: whole::Shown,
}

/// What a replay knows that was told nothing.
static NOTHING_KNOWN: LazyLock<watch::Watch> = LazyLock::new(watch::Watch::default);

/// One recipient on its way through the passes.
#[derive(Debug, Clone, Copy)]
struct Person<'h> {
    /// Number of the recipient within the replay, from 1.
    number: u64,
    history: History<'h>,
    /// The sends before the end of the period.
    sends: &'h [Send<'h>],
    /// Where the period begins among them; what stands before is look-back.
    first: usize,
    /// What is among the sends; known after the walk over them.
    holds: Holds,
    /// What is asked.
    passes: Passes,
    /// What the recipient's own characters tell; nothing unless a pass that is asked for looks at it.
    facts: Facts,
}

impl<'h> Person<'h> {
    /// The sends of the period.
    fn period(&self) -> &'h [Send<'h>] {
        &self.sends[self.first..]
    }

    /// Whether a pass is asked for.
    fn has(&self, pass: Pass) -> bool {
        self.passes.has(pass)
    }

    /// Where the calendar days (UTC) begin, among the sends, that stand so many days before the period's first.
    fn look_back(&self, settings: &Settings, days: u32) -> usize {
        settings.from.map_or(self.first, |from| {
            let day = from.div_euclid(DAY).saturating_sub(days.into());
            self.sends[..self.first].partition_point(|send| send.sent_at < day.saturating_mul(DAY))
        })
    }

    /// Counts a message of this recipient and offers it as evidence.
    fn trace(&self, traced: &mut Traced, limit: usize, send: &Send<'h>) {
        traced.count.add(self.number);
        traced.evidence.offer(limit, send, self.history.recipient);
    }
}

impl Replay {
    /// A replay that has seen nothing.
    pub fn new(settings: &Settings) -> Self {
        Self {
            settings: settings.clone(),
            passes: Passes::of(settings),
            tally: Tally::new(settings),
            recipient: 0,
            window: window::Windows::default(),
            ledger: consent::Scratch::new(&settings.purposes),
            marketing: marketing::Scratch::default(),
            retries: retries::Scratch::default(),
            pairs: volume::Pairs::default(),
            stop_words: engagement::StopWords::with(&settings.stop_words),
            hygiene: hygiene::Hygiene::default(),
            watch: None,
            zones: Zones::default(),
            shown: whole::Shown::default(),
        }
    }

    /// The same, and [`Replay::feed_with`] also shows the messages of those of `rules` that count messages as a whole: of volumes
    /// (VOL-01, VOL-03, WRM-01, WRM-06, LIM-01), of silences (OPS-01), and of templates of which the text is objected to.
    #[must_use]
    pub fn showing(self, rules: impl IntoIterator<Item = RuleId>) -> Self {
        Self { shown: whole::Shown::of(rules), ..self }
    }

    /// A replay that has seen nothing and knows what surrounds the messages: what rules need that ask of single messages
    /// whether Meta had paused the template or restricted the account by then, how old the number was, which campaigns were
    /// declared, whom a former provider had suppressed, who collected an opt-in, and what its text said. `names` are those of the histories; the report gets the same surroundings.
    pub fn informed(settings: &Settings, names: &Names, surroundings: &Surroundings) -> Self {
        Self { watch: Some(watch::Watch::new(names, surroundings, &settings.thresholds)), ..Self::new(settings) }
    }

    /// Replays everything known of one recipient. Each recipient is fed once, to exactly one of the replays of an audit;
    /// those without sends too, for their inbound messages count.
    pub fn feed(&mut self, history: &History<'_>) {
        self.feed_with(history, &mut |_, _| {});
    }

    /// As [`Replay::feed`], into another tally than the replay's own.
    pub(crate) fn feed_into(&mut self, tally: &mut Tally, history: &History<'_>) {
        std::mem::swap(&mut self.tally, tally);
        self.feed(history);
        std::mem::swap(&mut self.tally, tally);
    }

    /// Whether it keeps who was active when, which takes memory for each message.
    pub(crate) fn counts_volume(&self) -> bool {
        self.passes.has(Pass::Volume)
    }

    /// As [`Replay::feed`], and shows every message that a rule of the profile would count as evidence, whether or not the rule's threshold
    /// is reached in the end: keep those of rules that end with a finding. For LST-03 those that failed and those after which
    /// somebody said stop are shown; its finding counts the kinds of which there are too many. Messages that a rule counts as
    /// a whole are shown when [`Replay::showing`] asks for them: of OPS-01 all of the number's that nothing came back of, of which
    /// those in the time of the finding are its own. Rules of what Meta told and CON-08, of opt-ins, count no messages.
    pub fn feed_with<'h>(&mut self, history: &History<'h>, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
        self.recipient += 1;
        if let [first, .., last] | [first @ last] = history.sends {
            self.tally.widen(first.sent_at, last.sent_at);
        }
        self.count_received(history);
        let passes = self.passes;
        if passes.has(Pass::OptIns) {
            ledger::count(history, &mut self.tally);
        }
        let before = |time: Option<i64>, none: usize| {
            time.map_or(none, |time| history.sends.partition_point(|send| send.sent_at < time))
        };
        let sends = &history.sends[..before(self.settings.to, history.sends.len())];
        if sends.is_empty() {
            return;
        }
        let first = before(self.settings.from, 0).min(sends.len());
        let looks_at = [Pass::Hygiene, Pass::Attribution, Pass::QuietHours].iter().any(|pass| passes.has(*pass));
        let facts = if looks_at || self.counts_countries() { Facts::of(history.recipient) } else { Facts::default() };
        let holds = Holds::default();
        let person = Person { number: self.recipient, history: *history, sends, first, holds, passes, facts };
        self.count_sends(person, evidence);
    }

    /// Whether it takes note of the countries to which templates go.
    fn counts_countries(&self) -> bool {
        self.passes.has(Pass::Permits) && self.watch.as_ref().is_some_and(|watch| watch.known().has_local_permits())
    }

    fn count_sends<'h>(&mut self, mut person: Person<'h>, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
        let counts_countries = self.counts_countries();
        let (settings, tally, passes) = (&self.settings, &mut self.tally, self.passes);
        tally.uninformed |= self.watch.is_none();
        let watch = self.watch.as_ref().unwrap_or(&NOTHING_KNOWN);
        self.window.mark(&person, settings.thresholds.clock.accepted_hours);
        let in_window = self.window.marks();
        person.holds = walk::count(&person, in_window, (settings, tally), evidence);
        let person = &person;
        if person.holds.failures {
            outcomes::failures(person, tally, evidence);
        }
        sending::count(person, sending::Marks { in_window, accepted: self.window.accepted() }, watch, tally, evidence);
        if passes.has(Pass::Consent) {
            self.ledger.judge(person, in_window, (settings, watch.known()), tally, evidence);
        }
        if passes.has(Pass::Floods) {
            self.marketing.count(person, tally, evidence);
        }
        if passes.has(Pass::Retries) {
            self.retries.count(person, settings, tally, evidence);
        }
        if passes.has(Pass::Resends) {
            undeliverable::count(person, tally, evidence);
        }
        if passes.has(Pass::WarmUp) {
            warm_up::count(person, in_window, watch, (settings, tally), evidence);
        }
        if passes.has(Pass::PairLimit) && person.holds.failures {
            self.pairs.count(person, self.marketing.flooded(), settings, tally, evidence);
        }
        if passes.has(Pass::Advice) {
            advice::count(person, &mut self.ledger, tally);
        }
        if passes.has(Pass::Reception) {
            reception::count(person, settings, tally, evidence);
        }
        if passes.has(Pass::Hygiene) {
            self.hygiene.count(person, (settings, watch), tally, evidence);
        }
        if passes.has(Pass::Attribution) {
            breakdown::count(person, tally);
        }
        if passes.has(Pass::QuietHours) {
            quiet_hours::count(person, &mut self.zones, settings, tally, evidence);
        }
        if passes.has(Pass::StopWords) {
            self.stop_words.attribute(person, settings, tally, evidence);
        }
        if counts_countries {
            sending::countries(person, tally);
        }
        self.shown.show(person, in_window, watch, evidence);
    }

    fn count_received(&mut self, history: &History<'_>) {
        let span = self.tally.span();
        for inbound in history.inbound {
            self.tally.received.add(inbound.received_at, span);
            self.tally.texts += u64::from(inbound.text.is_some());
            self.tally.textless += u64::from(inbound.text.is_none());
        }
        let stops = history.consents.iter().filter(|consent| engagement::is_preference_stop(consent));
        self.tally.preference_stops += stops.count() as u64;
    }

    /// The counts of all that was fed.
    pub fn finish(self) -> Tally {
        self.tally
    }
}
