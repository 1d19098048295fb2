//! Hand-made traffic: people, what was sent to them, what they wrote, what they agreed to.

use audit::{Consent, Fed, History, Inbound, Inputs, NO_NAME, Names, Replay, Send, Settings, Tally, TemplateName};
use domain::traffic::{
    Category, ConsentAction, ConsentScope, ConsentSource, Finding, MessageType, Outcome, PlatformEvent,
    PlatformEventKind, Report, RuleId, RuleState, Surroundings, instant_of_micros,
};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;
pub(crate) const DAY: i64 = 24 * HOUR;
/// 2026-09-01T00:00:00Z, a Tuesday.
pub(crate) const T0: i64 = 1_788_220_800 * SECOND;

/// A send that owns its id.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) send: Send<'static>,
}

/// A delivered marketing template of list 0, sent at T0 + `after`.
pub(crate) fn promo(after: i64) -> Message {
    Message {
        id: format!("wamid.{after}"),
        send: Send {
            message_id: b"",
            place: audit::Place::default(),
            sent_at: T0 + after,
            number: 0,
            template: 0,
            template_name: 0,
            list: 0,
            campaign: NO_NAME,
            error_code: None,
            message_type: MessageType::Template,
            category: Category::Marketing,
            outcome: Outcome::Delivered,
        },
    }
}

impl Message {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Send<'static>)) -> Self {
        change(&mut self.send);
        self
    }
    pub(crate) fn named(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }
    pub(crate) fn failed(self, code: u32) -> Self {
        self.with(|send| (send.outcome, send.error_code) = (Outcome::Failed, Some(code)))
    }
    pub(crate) fn outcome(self, outcome: Outcome) -> Self {
        self.with(|send| send.outcome = outcome)
    }
    pub(crate) fn category(self, category: Category) -> Self {
        self.with(|send| send.category = category)
    }
    /// Template 0 is `promo` in Italian, 1 `promo` in English, from 2 on others.
    pub(crate) fn template(self, template: u32) -> Self {
        self.with(|send| (send.template, send.template_name) = (template, if template == 1 { 0 } else { template }))
    }
    pub(crate) fn free_form(self) -> Self {
        self.with(|send| {
            send.message_type = MessageType::FreeForm;
            send.category = Category::Service;
            (send.template, send.template_name) = (NO_NAME, NO_NAME);
        })
    }
    pub(crate) fn list(self, list: u32) -> Self {
        self.with(|send| send.list = list)
    }
    pub(crate) fn number(self, number: u32) -> Self {
        self.with(|send| send.number = number)
    }
    pub(crate) fn campaign(self, campaign: u32) -> Self {
        self.with(|send| send.campaign = campaign)
    }
}

/// A person wrote to number 0 at T0 + `after`.
pub(crate) fn wrote(after: i64) -> Inbound<'static> {
    Inbound { received_at: T0 + after, number: 0, text: None }
}

/// A marketing opt-in with all proof, recorded when it was given.
pub(crate) fn opt_in(after: i64) -> Consent {
    Consent {
        effective_at: T0 + after,
        recorded_at: T0 + after,
        expires_at: None,
        action: ConsentAction::OptIn,
        scope: ConsentScope::Marketing,
        source: ConsentSource::OffChannel,
        has_evidence: true,
        wording: 0,
        controller: NO_NAME,
        brand_shown: NO_NAME,
        source_name: NO_NAME,
        address: 0,
    }
}

/// A marketing opt-out on WhatsApp.
pub(crate) fn opt_out(after: i64) -> Consent {
    Consent { action: ConsentAction::OptOut, source: ConsentSource::WhatsApp, ..opt_in(after) }
}

/// One recipient.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    pub(crate) recipient: String,
    pub(crate) messages: Vec<Message>,
    pub(crate) inbound: Vec<Inbound<'static>>,
    pub(crate) consents: Vec<Consent>,
}

/// A person who got these messages.
pub(crate) fn person(messages: impl IntoIterator<Item = Message>) -> Person {
    Person { recipient: "393331234567".into(), messages: messages.into_iter().collect(), ..Person::default() }
}

impl Person {
    /// Another recipient than the usual Italian number.
    pub(crate) fn at(mut self, recipient: &str) -> Self {
        recipient.clone_into(&mut self.recipient);
        self
    }
    pub(crate) fn writes(mut self, inbound: impl IntoIterator<Item = Inbound<'static>>) -> Self {
        self.inbound.extend(inbound);
        self
    }
    pub(crate) fn agrees(mut self, consents: impl IntoIterator<Item = Consent>) -> Self {
        self.consents.extend(consents);
        self
    }

    /// Puts everything in the order that a history has, and feeds it.
    pub(crate) fn feed(&self, replay: &mut Replay) {
        self.feed_with(replay, &mut |_, _| {});
    }

    pub(crate) fn feed_with(&self, replay: &mut Replay, evidence: &mut impl FnMut(RuleId, &str)) {
        self.show(&mut |history| {
            replay.feed_with(history, &mut |rule, send| {
                evidence(rule, str::from_utf8(send.message_id).expect("ids of tests are text"));
            });
        });
    }

    /// Deletes the messages that are not wanted.
    pub(crate) fn retaining(mut self, wanted: impl Fn(&Send<'_>) -> bool) -> Self {
        self.messages.retain(|message| wanted(&message.send));
        self
    }

    /// Puts everything in the order that a history has, and shows it.
    pub(crate) fn show(&self, to: &mut impl FnMut(&History<'_>)) {
        let mut sends: Vec<Send<'_>> =
            self.messages.iter().map(|message| Send { message_id: message.id.as_bytes(), ..message.send }).collect();
        sends.sort_by_key(|send| (send.sent_at, send.message_id));
        let mut inbound = self.inbound.clone();
        inbound.sort_by_key(|inbound| inbound.received_at);
        let mut consents = self.consents.clone();
        consents.sort_by_key(|consent| (consent.effective_at, consent.recorded_at));
        let history =
            History { recipient: self.recipient.as_bytes(), sends: &sends, inbound: &inbound, consents: &consents };
        to(&history);
    }
}

pub(crate) fn names() -> Names {
    let template = |name: &str, language: &str| TemplateName { name: name.into(), language: language.into() };
    Names {
        numbers: (0..4).map(|number| format!("105{number}")).collect(),
        templates: [template("promo", "it"), template("promo", "en")]
            .into_iter()
            .chain((2..40).map(|id| template(&format!("template_{id}"), "it")))
            .collect(),
        lists: (0..6).map(|list| format!("list-{list}")).collect(),
        campaigns: (0..4).map(|campaign| format!("campaign-{campaign}")).collect(),
        wordings: vec!["v1".into()],
        controllers: vec!["Rossi S.p.A.".into()],
        brands: vec!["Rossi".into()],
        sources: vec!["form".into(), "shop".into(), "app".into(), "fair".into()],
    }
}

/// Everything was given, and the audit is long after.
pub(crate) fn inputs() -> Inputs {
    Inputs {
        fed: Fed { messages: true, inbound: true, consents: true },
        as_of: Some(T0 + 1_000 * DAY),
        ..Inputs::default()
    }
}

pub(crate) fn tally(people: &[Person], settings: &Settings, inputs: &Inputs) -> Tally {
    let mut replay = Replay::informed(settings, &names(), &inputs.surroundings);
    for person in people {
        person.feed(&mut replay);
    }
    replay.finish()
}

/// Everything was given, and these surroundings.
pub(crate) fn knowing(surroundings: Surroundings) -> Inputs {
    Inputs { surroundings, ..inputs() }
}

/// Everything was given, and Meta told these events, each so long after T0.
pub(crate) fn told(events: impl IntoIterator<Item = (i64, PlatformEventKind)>) -> Inputs {
    let event = |(after, kind)| PlatformEvent::new(instant_of_micros(T0 + after), kind);
    knowing(Surroundings { events: Some(events.into_iter().map(event).collect()), ..Surroundings::default() })
}

pub(crate) fn report_of(people: &[Person], settings: &Settings, inputs: &Inputs) -> Report {
    audit::report(&tally(people, settings, inputs), &names(), inputs, settings)
}

/// The report over everything.
pub(crate) fn report(people: &[Person]) -> Report {
    report_of(people, &Settings::default(), &inputs())
}

/// The report over [T0 + from, T0 + to).
pub(crate) fn report_within(people: &[Person], from: i64, to: i64) -> Report {
    let settings = Settings { from: Some(T0 + from), to: Some(T0 + to), ..Settings::default() };
    report_of(people, &settings, &inputs())
}

pub(crate) fn state(report: &Report, rule: RuleId) -> RuleState {
    report.rules.iter().find(|result| result.rule == rule).expect("the profile runs it").state
}

pub(crate) fn findings(report: &Report, rule: RuleId) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.rule == rule).collect()
}

/// The only finding of a rule.
pub(crate) fn finding(report: &Report, rule: RuleId) -> &Finding {
    match findings(report, rule)[..] {
        [finding] => finding,
        ref other => panic!("{} findings of {rule}", other.len()),
    }
}
