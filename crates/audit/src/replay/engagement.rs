//! Who said stop after which campaign.
//!
//! A stop is an inbound message that is a stop word and nothing else, or an opt-out that Meta's own switch reported. It is
//! laid to the campaign of the last marketing message that was delivered to the person, if that was recent and belongs to
//! the period. A person counts once per campaign.

use std::{borrow::Cow, collections::HashSet, iter::Peekable};

use domain::traffic::{ConsentAction, ConsentSource, RuleId};

use crate::{
    Consent, Inbound, Send, Settings,
    tally::{DAY, Tally, cell, slot_of},
};

use super::{
    Pass, Person,
    breakdown::{is_reached, slots},
};

/// Microseconds of an hour.
const HOUR: i64 = DAY / 24;

/// The stop words, and space to fold a text to lower case.
#[derive(Debug)]
pub struct StopWords {
    words: HashSet<Cow<'static, str>>,
    /// Bytes of the longest, with room for what folding may save.
    longest: usize,
    folded: String,
}

impl Default for StopWords {
    fn default() -> Self {
        Self::with(&[])
    }
}

/// As words are compared: in lower case, and with the ' of lists where a telephone keyboard writes ’.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase).map(|letter| if letter == '’' { '\'' } else { letter })
}

impl StopWords {
    /// Those of every client (Italian and English), and these.
    pub fn with(own: &[String]) -> Self {
        let lines = include_str!("../../data/stop-words.txt").lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(Cow::Borrowed);
        let own = own.iter().map(|word| Cow::Owned(folded(word.trim()).collect()));
        let words: HashSet<Cow<'static, str>> = lines.chain(own).collect();
        let longest = words.iter().map(|word| word.len()).max().unwrap_or_default();
        Self { words, longest: 2 * longest, folded: String::new() }
    }

    /// Whether the text, trimmed and in lower case, is a stop word.
    pub fn is_stop(&mut self, text: &str) -> bool {
        let text = text.trim();
        if text.is_empty() || text.len() > self.longest {
            return false;
        }
        self.folded.clear();
        self.folded.extend(folded(text));
        self.words.contains(self.folded.as_str())
    }

    /// Counts who said stop after which campaign of the period.
    pub(super) fn attribute<'h>(
        &mut self,
        person: &Person<'h>,
        settings: &Settings,
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        let reached = |send: &&Send<'_>| is_reached(send);
        if person.history.inbound.is_empty() && !person.history.consents.iter().any(is_preference_stop) {
            return;
        }
        let within = i64::from(settings.thresholds.opt_out.attribution_hours) * HOUR;
        let mut sends = person.sends.iter().enumerate().filter(|(_, send)| reached(send)).peekable();
        let mut last = None;
        for event in Events::of(person) {
            while let Some(next) = sends.next_if(|(_, send)| send.sent_at <= event.at()) {
                last = Some(next);
            }
            let Some((index, send)) = last else { continue };
            if index < person.first || event.at().saturating_sub(send.sent_at) > within || !self.says_stop(event) {
                continue;
            }
            let campaign = cell(&mut tally.campaigns, slot_of(send.campaign));
            if campaign.stops.count.touch(person.number) {
                campaign.stops.count.messages += 1;
                campaign.stops.evidence.offer(settings.sample_size, send, person.history.recipient);
                let list = cell(&mut tally.lists, slot_of(send.list));
                person.trace(&mut list.stops, settings.sample_size, send);
                person.trace(&mut list.troubled, settings.sample_size, send);
                if person.has(Pass::Attribution) {
                    tally.breakdown.opt_out(slots(send, person.facts.country));
                }
                evidence(RuleId::Eng02, send);
                evidence(RuleId::Lst03, send);
            }
        }
    }

    fn says_stop(&mut self, event: Event<'_>) -> bool {
        match event {
            Event::Inbound(inbound) => inbound.text.is_some_and(|text| self.is_stop(text)),
            Event::Preference(_) => true,
        }
    }
}

/// Counts whom a campaign of the period reached.
#[inline]
pub(super) fn reached(person: &Person<'_>, send: &Send<'_>, tally: &mut Tally) {
    if is_reached(send) {
        cell(&mut tally.campaigns, slot_of(send.campaign)).delivered.add(person.number);
        cell(&mut tally.lists, slot_of(send.list)).reached += 1;
    }
}

/// Something by which the person may have said stop.
#[derive(Debug, Clone, Copy)]
enum Event<'h> {
    Inbound(&'h Inbound<'h>),
    Preference(&'h Consent),
}

impl Event<'_> {
    fn at(self) -> i64 {
        match self {
            Self::Inbound(inbound) => inbound.received_at,
            Self::Preference(consent) => consent.effective_at,
        }
    }
}

/// Inbound messages and reported opt-outs, by time.
struct Events<'h> {
    inbound: Peekable<std::slice::Iter<'h, Inbound<'h>>>,
    consents: Peekable<std::slice::Iter<'h, Consent>>,
}

impl<'h> Events<'h> {
    fn of(person: &Person<'h>) -> Self {
        Self { inbound: person.history.inbound.iter().peekable(), consents: person.history.consents.iter().peekable() }
    }
}

impl<'h> Iterator for Events<'h> {
    type Item = Event<'h>;

    fn next(&mut self) -> Option<Event<'h>> {
        while self.consents.next_if(|consent| !is_preference_stop(consent)).is_some() {}
        let consent_first = match (self.inbound.peek(), self.consents.peek()) {
            (Some(inbound), Some(consent)) => consent.effective_at < inbound.received_at,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if consent_first {
            self.consents.next().map(Event::Preference)
        } else {
            self.inbound.next().map(Event::Inbound)
        }
    }
}

/// Whether the event is a stop that Meta reported.
pub(super) fn is_preference_stop(consent: &Consent) -> bool {
    consent.action == ConsentAction::OptOut && consent.source == ConsentSource::MetaPreference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_a_stop_word_and_nothing_else() {
        let mut words = StopWords::default();
        for text in
            ["STOP", " stop \n", "Basta", "Disiscrivimi", "UNSUBSCRIBE", "NON VOGLIO PIÙ MESSAGGI", "Don’t contact me"]
        {
            assert!(words.is_stop(text), "{text}");
        }
        for text in ["", "   ", "stop by the shop", "non fermarti", "sì", "grazie, basta così", &"stop".repeat(50)] {
            assert!(!words.is_stop(text), "{text}");
        }
    }

    #[test]
    fn words_of_the_client_s_own_are_stop_words_too() {
        let mut words = StopWords::with(&["Niente più OFFERTE".to_owned(), "genug’s".to_owned()]);
        assert!(words.is_stop(" niente più offerte") && words.is_stop("GENUG'S") && words.is_stop("stop"));
        assert!(!words.is_stop("niente") && !StopWords::default().is_stop("genug's"));
    }

    #[test]
    fn the_list_is_in_lower_case() {
        for word in StopWords::default().words {
            assert_eq!(word, word.to_lowercase());
        }
    }
}
