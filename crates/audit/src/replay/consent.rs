//! Consent at the time of sending: the ledger folded up to each due send.

use domain::traffic::{Category, ConsentAction, ConsentScope, ConsentSource, MessageType, RuleId, Verdict};

use crate::{
    Consent, NO_NAME, Send, Settings,
    tally::{DAY, ListCell, Tally, cell, slot_of},
};

use super::{Pass, Person, known::Known};

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// Judges due sends; holds what is reused from recipient to recipient.
#[derive(Debug)]
pub(super) struct Scratch {
    /// Whether templates of a category need an opt-in.
    purposes: [bool; 5],
    /// The recipient's events in the order in which they became known.
    by_known: Vec<u32>,
}

impl Scratch {
    pub(super) fn new(purposes: &[Category]) -> Self {
        let mut due = [false; 5];
        for category in purposes.iter().filter(|category| **category != Category::Unknown) {
            due[*category as usize] = true;
        }
        Self { purposes: due, by_known: Vec::new() }
    }

    fn is_due(&self, send: &Send<'_>, in_window: bool) -> bool {
        send.message_type == MessageType::Template && self.purposes[send.category as usize] && !in_window
    }

    /// The verdict on a marketing template that would be sent to the person at `time`.
    pub(super) fn on_marketing(&mut self, person: &Person<'_>, time: i64) -> Verdict {
        if person.history.consents.is_empty() {
            return Verdict::None;
        }
        order_by_known(&mut self.by_known, person.history.consents);
        let mut ledger = Ledger::new(person.history.consents);
        ledger.advance(&self.by_known, time);
        ledger.verdict(Category::Marketing, time).0
    }

    /// Whether it is marketing that would be due if the window were shut.
    fn is_due_marketing(&self, send: &Send<'_>) -> bool {
        send.category == Category::Marketing && self.is_due(send, false)
    }

    /// Judges the person's due sends of the period, and marketing in the window; for the coverage of CON-10 the due sends of
    /// the days before it too.
    pub(super) fn judge<'h>(
        &mut self,
        person: &Person<'h>,
        in_window: &[bool],
        (settings, known): (&Settings, &Known),
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        let (covers, looks_inside) = (person.has(Pass::Coverage), person.has(Pass::InsideWindow));
        let coverage = &settings.thresholds.coverage;
        let days = coverage.base_days.saturating_add(coverage.days);
        let start = if covers { person.look_back(settings, days) } else { person.first };
        let mut ledger = None;
        for (index, (send, inside)) in person.sends.iter().zip(in_window).enumerate().skip(start) {
            let (due, in_period) = (self.is_due(send, *inside), index >= person.first);
            let is_judged = due || (looks_inside && in_period && self.is_due_marketing(send));
            if !is_judged {
                continue;
            }
            let ledger = ledger.get_or_insert_with(|| {
                order_by_known(&mut self.by_known, person.history.consents);
                Ledger::new(person.history.consents)
            });
            ledger.advance(&self.by_known, send.sent_at);
            let (verdict, decided_by) = ledger.verdict(send.category, send.sent_at);
            if !due {
                tally.sending.marketing_inside += 1;
                if verdict == Verdict::None {
                    person.trace(&mut tally.sending.unagreed_inside, settings.sample_size, send);
                    let templates = &mut tally.sending.unagreed_inside_templates;
                    if send.template != NO_NAME {
                        cell(templates, send.template as usize).add(person.number);
                    }
                    evidence(RuleId::Win03, send);
                }
                continue;
            }
            if covers {
                tally.coverage.at(send.sent_at.div_euclid(DAY)).add(verdict == Verdict::Valid, in_period);
            }
            if !in_period {
                continue;
            }
            tally.verdicts[verdict as usize].add(person.number);
            let list = cell(&mut tally.lists, slot_of(send.list));
            list.verdicts[verdict as usize].add(person.number);
            if covers && verdict != Verdict::Valid {
                list.uncovered.add(person.number);
                tally.uncovered.add(person.number);
                evidence(RuleId::Con10, send);
            }
            let case = Case { person, send, verdict, decided_by, known };
            case.count(list, settings, &mut |rule| evidence(rule, send));
            if let (Verdict::Valid, Some(opt_in), true) = (verdict, decided_by, person.has(Pass::Origin)) {
                case.count_origin(opt_in, settings.sample_size, tally, &mut |rule| evidence(rule, send));
            }
        }
    }
}

/// One due send, judged.
struct Case<'c, 'h> {
    person: &'c Person<'h>,
    send: &'c Send<'h>,
    verdict: Verdict,
    decided_by: Option<&'c Consent>,
    known: &'c Known,
}

impl Case<'_, '_> {
    /// Counts what the rules want to know beyond the verdict; tells for which rules the send is evidence.
    fn count(&self, list: &mut ListCell, settings: &Settings, evidence: &mut impl FnMut(RuleId)) {
        let Self { person, send, .. } = self;
        let (limit, recipient) = (settings.sample_size, person.history.recipient);
        match (self.verdict, self.decided_by) {
            (Verdict::None, _) => {
                list.none.offer(limit, send, recipient);
                evidence(RuleId::Con01);
            }
            (Verdict::OptedOut, Some(opt_out)) if self.is_after_grace(opt_out, settings) => {
                person.trace(&mut list.after_grace, limit, send);
                evidence(RuleId::Con02);
            }
            (Verdict::ScopeMismatch, _) => {
                list.scope_mismatch.offer(limit, send, recipient);
                list.scope_mismatch_marketing += u64::from(send.category == Category::Marketing);
                evidence(RuleId::Con03);
            }
            (Verdict::Valid, Some(opt_in)) => self.count_valid(opt_in, list, settings, evidence),
            (Verdict::Expired, _) => {
                person.trace(&mut list.aged, limit, send);
                evidence(RuleId::Con06);
            }
            (Verdict::Retroactive, Some(opt_in)) => {
                list.retroactive.offer(limit, send, recipient);
                let late = settings.violation_at.is_some_and(|violation| opt_in.recorded_at > violation);
                list.after_violation += u64::from(late);
                evidence(RuleId::Con07);
            }
            _ => {}
        }
    }

    fn is_after_grace(&self, opt_out: &Consent, settings: &Settings) -> bool {
        let thresholds = &settings.thresholds.consent;
        let grace = if opt_out.source.is_native() {
            thresholds.native_grace_seconds
        } else {
            thresholds.off_channel_grace_seconds
        };
        self.send.sent_at.saturating_sub(opt_out.effective_at) > i64::from(grace) * SECOND
    }

    /// What may be wrong with a valid consent: proof, age, and whose it is.
    fn count_valid(
        &self,
        opt_in: &Consent,
        list: &mut ListCell,
        settings: &Settings,
        evidence: &mut impl FnMut(RuleId),
    ) {
        let Self { person, send, .. } = self;
        let limit = settings.sample_size;
        if person.has(Pass::Proof) && !opt_in.is_complete() {
            list.lacking_source += u64::from(!opt_in.has_source());
            list.lacking_evidence += u64::from(!opt_in.has_evidence);
            list.lacking_wording += u64::from(!opt_in.has_wording_version());
            person.trace(&mut list.incomplete, limit, send);
            evidence(RuleId::Con04);
        }
        if person.has(Pass::Staleness) && self.is_stale(opt_in, settings) {
            list.stale.add(person.number);
            person.trace(&mut list.aged, limit, send);
            evidence(RuleId::Con06);
        }
    }

    /// Whose consent it is, and what its text said.
    fn count_origin(&self, opt_in: &Consent, limit: usize, tally: &mut Tally, evidence: &mut impl FnMut(RuleId)) {
        let Self { person, send, known, .. } = self;
        tally.controlled += u64::from(opt_in.controller != NO_NAME || opt_in.brand_shown != NO_NAME);
        if known.is_foreign(opt_in) {
            let list = cell(&mut tally.lists, slot_of(send.list));
            list.third_party_source += u64::from(opt_in.source == ConsentSource::ThirdParty);
            person.trace(&mut list.third_party, limit, send);
            evidence(RuleId::Con09);
        }
        if known.is_flawed(opt_in) {
            person.trace(cell(&mut tally.wordings, opt_in.wording as usize), limit, send);
            evidence(RuleId::Con05);
        }
    }

    /// Whether marketing rests on a consent that was neither given nor confirmed by a message of the person for too long.
    fn is_stale(&self, opt_in: &Consent, settings: &Settings) -> bool {
        let Self { person, send, .. } = self;
        let since = send.sent_at.saturating_sub(i64::from(settings.thresholds.consent.stale_days) * DAY);
        if send.category != Category::Marketing || opt_in.effective_at >= since {
            return false;
        }
        let inbound = person.history.inbound;
        let before = inbound.partition_point(|received| received.received_at <= send.sent_at);
        before.checked_sub(1).is_none_or(|last| inbound[last].received_at < since)
    }
}

/// When an event was known: once the person had said so and the ledger had learned it.
fn known_at(event: &Consent) -> i64 {
    event.effective_at.max(event.recorded_at)
}

fn order_by_known(order: &mut Vec<u32>, events: &[Consent]) {
    order.clear();
    order.extend(0..events.len() as u32);
    let known = |index: &u32| known_at(&events[*index as usize]);
    if !order.is_sorted_by_key(known) {
        order.sort_unstable_by_key(known);
    }
}

/// The ledger of one recipient, folded up to a moment that only advances.
struct Ledger<'c> {
    events: &'c [Consent],
    /// By scope, the last event that was known, and the last that was effective.
    known: [Option<u32>; 4],
    effective: [Option<u32>; 4],
    next_known: usize,
    next_effective: usize,
    /// When the next event is known or takes effect.
    changes_at: i64,
    /// Verdicts by category, each until when it holds, unless the ledger changes before.
    decided: [Option<(Decision<'c>, i64)>; 5],
}

/// A verdict, and the event that decided it.
type Decision<'c> = (Verdict, Option<&'c Consent>);

impl<'c> Ledger<'c> {
    fn new(events: &'c [Consent]) -> Self {
        Self {
            events,
            known: [None; 4],
            effective: [None; 4],
            next_known: 0,
            next_effective: 0,
            changes_at: i64::MIN,
            decided: [None; 5],
        }
    }

    /// Folds the events up to a time, which is not before the last.
    fn advance(&mut self, by_known: &[u32], time: i64) {
        if time < self.changes_at {
            return;
        }
        self.decided = [None; 5];
        while let Some(index) = by_known.get(self.next_known).filter(|index| known_at(self.event(**index)) <= time) {
            let scope = self.event(*index).scope as usize;
            self.known[scope] = self.later(self.known[scope], Some(*index));
            self.next_known += 1;
        }
        while let Some(event) = self.events.get(self.next_effective).filter(|event| event.effective_at <= time) {
            let (scope, index) = (event.scope as usize, self.next_effective as u32);
            self.effective[scope] = self.later(self.effective[scope], Some(index));
            self.next_effective += 1;
        }
        let known = by_known.get(self.next_known).map_or(i64::MAX, |index| known_at(self.event(*index)));
        let effective = self.events.get(self.next_effective).map_or(i64::MAX, |event| event.effective_at);
        self.changes_at = known.min(effective);
    }

    fn event(&self, index: u32) -> &'c Consent {
        &self.events[index as usize]
    }

    /// The later of two events in the order of the fold: what was said at the same time, an opt-out follows.
    fn later(&self, one: Option<u32>, other: Option<u32>) -> Option<u32> {
        let (Some(one), Some(other)) = (one, other) else { return one.or(other) };
        let rank = |index: u32| {
            let event = self.event(index);
            (event.effective_at, event.action == ConsentAction::OptOut, index)
        };
        Some(if rank(one) > rank(other) { one } else { other })
    }

    /// Of the last events by scope, the last that covers a category whose own scope is `scope`.
    fn covering(&self, events: &[Option<u32>; 4], scope: Option<usize>) -> Option<&'c Consent> {
        let own = scope.and_then(|scope| events[scope]);
        self.later(own, events[ConsentScope::All as usize]).map(|index| self.event(index))
    }

    /// Of the last events by scope, the last that does not cover it.
    fn elsewhere(&self, events: &[Option<u32>; 4], scope: Option<usize>) -> Option<&'c Consent> {
        let others = (0..4).filter(|other| *other != ConsentScope::All as usize && Some(*other) != scope);
        others.fold(None, |last, other| self.later(last, events[other])).map(|index| self.event(index))
    }

    /// The verdict on a send, and the event that decided it. The ledger stands at the time of the send.
    fn verdict(&mut self, category: Category, time: i64) -> Decision<'c> {
        match self.decided[category as usize] {
            Some((decision, until)) if time < until => decision,
            _ => {
                let decision = self.decide(category, time);
                let expires_at = decision.1.and_then(|event| event.expires_at).filter(|expires_at| *expires_at > time);
                self.decided[category as usize] = Some((decision, expires_at.unwrap_or(i64::MAX)));
                decision
            }
        }
    }

    fn decide(&self, category: Category, time: i64) -> Decision<'c> {
        let scope = scope_of(category);
        let is_opt_in = |event: &&Consent| event.action == ConsentAction::OptIn;
        let lasts = |event: &Consent| event.expires_at.is_none_or(|expires_at| expires_at > time);
        if let Some(event) = self.covering(&self.known, scope) {
            let verdict = match event.action {
                ConsentAction::OptOut => Verdict::OptedOut,
                ConsentAction::OptIn if lasts(event) => Verdict::Valid,
                ConsentAction::OptIn => Verdict::Expired,
            };
            (verdict, Some(event))
        } else if let Some(event) = self.covering(&self.effective, scope).filter(is_opt_in).filter(|event| lasts(event))
        {
            (Verdict::Retroactive, Some(event))
        } else if let Some(event) = self.elsewhere(&self.known, scope).filter(is_opt_in) {
            (Verdict::ScopeMismatch, Some(event))
        } else {
            (Verdict::None, None)
        }
    }
}

/// The scope that speaks of a category; only `all` covers the others.
fn scope_of(category: Category) -> Option<usize> {
    match category {
        Category::Marketing => Some(ConsentScope::Marketing as usize),
        Category::Utility => Some(ConsentScope::Utility as usize),
        Category::Authentication => Some(ConsentScope::Authentication as usize),
        Category::Service | Category::Unknown => None,
    }
}
