//! The figures again, straight from the text of the exchange formats: quadratic, plain, and sharing no code with the crate.

use std::collections::{BTreeMap, BTreeSet};

use audit::{Consent, NO_NAME, Settings};
use domain::traffic::{
    BadOutcome, Category, ConsentAction, ConsentScope, ConsentSource, FailureClass, MessageType, Outcome, RuleId,
    Surroundings, Verdict,
};

use crate::traffic::{Message, Person};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// Messages and distinct people.
type Figure = (u64, u64);

/// Every figure of the exchange formats.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) period: Option<(i64, i64)>,
    /// messages, templates, in window, counted, recipients, inbound
    pub(crate) totals: [u64; 6],
    pub(crate) verdicts: BTreeMap<Verdict, Figure>,
    pub(crate) lists: BTreeMap<(Option<u32>, Verdict), Figure>,
    /// sent, delivered, read, failed
    pub(crate) templates: BTreeMap<u32, [u64; 4]>,
    pub(crate) errors: BTreeMap<(u32, u32), u64>,
    pub(crate) outside_window: Figure,
    pub(crate) peak: (u64, Option<i64>),
    pub(crate) flooding_day: Figure,
    pub(crate) flooding_week: Figure,
    pub(crate) dead: u64,
    pub(crate) resends: Figure,
    pub(crate) retries: Figure,
}

/// A tally of (person, message) pairs.
#[derive(Default)]
struct Pairs(Vec<usize>);

impl Pairs {
    fn figure(&self) -> Figure {
        (self.0.len() as u64, self.0.iter().collect::<BTreeSet<_>>().len() as u64)
    }
}

fn in_window(person: &Person, message: &Message) -> bool {
    person.inbound.iter().any(|inbound| {
        let since = message.send.sent_at - inbound.received_at;
        inbound.number == message.send.number && (0..=86_400 * SECOND).contains(&since)
    })
}

fn is_template(message: &Message) -> bool {
    message.send.message_type == MessageType::Template
}

fn is_counted(person: &Person, message: &Message) -> bool {
    is_template(message)
        && [Outcome::Delivered, Outcome::Read].contains(&message.send.outcome)
        && !in_window(person, message)
}

fn has_failed(message: &Message, codes: &[u32]) -> bool {
    message.send.outcome == Outcome::Failed && message.send.error_code.is_some_and(|code| codes.contains(&code))
}

/// The last of some events in the order of the fold.
fn last<'a>(events: impl Iterator<Item = (usize, &'a Consent)>) -> Option<&'a Consent> {
    let mut events: Vec<(usize, &Consent)> = events.collect();
    events.sort_by_key(|(position, event)| {
        (event.effective_at, event.action == ConsentAction::OptOut, event.recorded_at, *position)
    });
    events.last().map(|(_, event)| *event)
}

fn verdict(ledger: &[Consent], category: Category, t: i64) -> Verdict {
    let covers = |event: &Consent| match event.scope {
        ConsentScope::All => true,
        ConsentScope::Marketing => category == Category::Marketing,
        ConsentScope::Utility => category == Category::Utility,
        ConsentScope::Authentication => category == Category::Authentication,
    };
    let effective = |event: &Consent| event.effective_at <= t;
    let known = |event: &Consent| effective(event) && event.recorded_at <= t;
    let expired = |event: &Consent| event.expires_at.is_some_and(|end| end <= t);
    let opt_in = |event: &Consent| event.action == ConsentAction::OptIn;
    let events = || ledger.iter().enumerate();
    match last(events().filter(|(_, event)| covers(event) && known(event))) {
        Some(event) if opt_in(event) && !expired(event) => Verdict::Valid,
        Some(event) if opt_in(event) => Verdict::Expired,
        Some(_) => Verdict::OptedOut,
        None => {
            let later = last(events().filter(|(_, event)| covers(event) && effective(event)));
            let other = last(events().filter(|(_, event)| !covers(event) && known(event)));
            if later.is_some_and(|event| opt_in(event) && !expired(event)) {
                Verdict::Retroactive
            } else if other.is_some_and(opt_in) {
                Verdict::ScopeMismatch
            } else {
                Verdict::None
            }
        }
    }
}

/// All figures for these people.
pub(crate) fn figures(people: &[Person], settings: &Settings) -> Figures {
    let times = || people.iter().flat_map(|person| &person.messages).map(|message| message.send.sent_at);
    let from = settings.from.or_else(|| times().min());
    let to = settings.to.or_else(|| times().max().map(|last| last + 1));
    let (Some(from), Some(to)) = (from, to) else { return Figures::default() };
    let within = |t: i64| from <= t && t < to;
    let mut figures = Figures { period: Some((from, to)), ..Figures::default() };
    let mut messages = Pairs::default();
    let (mut outside, mut day, mut week, mut resends, mut retries) =
        (Pairs::default(), Pairs::default(), Pairs::default(), Pairs::default(), Pairs::default());
    let mut verdicts = BTreeMap::<Verdict, Pairs>::new();
    let mut lists = BTreeMap::<(Option<u32>, Verdict), Pairs>::new();
    for (who, person) in people.iter().enumerate() {
        let past: Vec<&Message> = person.messages.iter().filter(|message| message.send.sent_at < to).collect();
        figures.totals[5] += person.inbound.iter().filter(|inbound| within(inbound.received_at)).count() as u64;
        figures.dead += u64::from(is_dead(person, &past, &within));
        for message in past.iter().copied().filter(|message| within(message.send.sent_at)) {
            let send = &message.send;
            messages.0.push(who);
            figures.totals[1] += u64::from(is_template(message));
            figures.totals[2] += u64::from(in_window(person, message));
            figures.totals[3] += u64::from(is_counted(person, message));
            count_template(&mut figures, message);
            if is_template(message)
                && settings.purposes.contains(&send.category)
                && send.category != Category::Unknown
                && !in_window(person, message)
            {
                let verdict = verdict(&person.consents, send.category, send.sent_at);
                verdicts.entry(verdict).or_default().0.push(who);
                let list = (send.list != NO_NAME).then_some(send.list);
                lists.entry((list, verdict)).or_default().0.push(who);
            }
            if !is_template(message) && !in_window(person, message) {
                outside.0.push(who);
            }
            if floods(&past, message, DAY, 4) {
                day.0.push(who);
            }
            if floods(&past, message, 7 * DAY, 7) {
                week.0.push(who);
            }
            if is_resend(person, &past, message) {
                resends.0.push(who);
            }
            if is_retry(&past, message) {
                retries.0.push(who);
            }
        }
    }
    (figures.totals[0], figures.totals[4]) = messages.figure();
    figures.verdicts = verdicts.into_iter().map(|(key, pairs)| (key, pairs.figure())).collect();
    figures.lists = lists.into_iter().map(|(key, pairs)| (key, pairs.figure())).collect();
    figures.outside_window = outside.figure();
    figures.flooding_day = day.figure();
    figures.flooding_week = week.figure();
    figures.resends = resends.figure();
    figures.retries = retries.figure();
    figures.peak = peak(people, from, to);
    figures
}

/// The rules whose messages [`evidence`] counts.
pub(crate) const RULES: [RuleId; 15] = [
    RuleId::Tpl02,
    RuleId::Tpl09,
    RuleId::Win02,
    RuleId::Win03,
    RuleId::Lim05,
    RuleId::Wrm02,
    RuleId::Wrm03,
    RuleId::Enf03,
    RuleId::Con05,
    RuleId::Con06,
    RuleId::Con09,
    RuleId::Eng03,
    RuleId::Lst04,
    RuleId::Lst06,
    RuleId::Lst07,
];

/// The messages that count for rules, with the surroundings of the properties: one pause (for 3 hours) and a disabling of
/// template 0, a rating of template 2, a restriction of all messages, numbers 0 and 1 with their first use.
pub(crate) fn evidence(people: &[Person], settings: &Settings, known: &Surroundings) -> BTreeMap<RuleId, u64> {
    let mut counts = BTreeMap::<RuleId, u64>::new();
    for person in people {
        let mut met = BTreeSet::new();
        let mut messages: Vec<&Message> = person.messages.iter().collect();
        messages.sort_by_key(|message| (message.send.sent_at, &message.id));
        messages.retain(|message| settings.to.is_none_or(|to| message.send.sent_at < to));
        for message in messages.iter().copied() {
            if settings.from.is_some_and(|from| message.send.sent_at < from) {
                continue;
            }
            let mut rules = rules_of(person, message, settings, known);
            rules.extend(rules_of_contact(person, &messages, message, known));
            rules.extend(rules_of_opt_in(person, message, settings));
            if let Some((number, cold)) = first_contact(person, &messages, message, known)
                && met.insert(number)
                && cold
            {
                rules.push(RuleId::Wrm02);
            }
            for rule in rules {
                *counts.entry(rule).or_default() += 1;
            }
        }
    }
    counts
}

fn rules_of(person: &Person, message: &Message, settings: &Settings, known: &Surroundings) -> Vec<RuleId> {
    let (send, t) = (&message.send, message.send.sent_at);
    let told = |n: usize| known.events.as_ref().unwrap()[n].at.timestamp_micros();
    let (paused, disabled, rated, restricted) = (told(0), told(1), told(2), told(3));
    let inside = in_window(person, message);
    let barred = send.template == 0 && ((paused < t && t < paused + 3 * HOUR) || t > disabled);
    let unanswered = has_failed(message, &[131_047]);
    let delivered = send.outcome == Outcome::Delivered || send.outcome == Outcome::Read;
    let late = t > restricted + 300 * SECOND;
    let forbidden = late && t < restricted + if inside { DAY } else { 2 * DAY };
    let young = age(message, known).is_some_and(|age| (0..7 * DAY).contains(&age));
    let marketing = send.category == Category::Marketing && is_template(message);
    let none = verdict(&person.consents, Category::Marketing, t) == Verdict::None;
    let agreed = !settings.purposes.contains(&Category::Marketing) || !none;
    [
        (RuleId::Tpl02, is_template(message) && (barred || has_failed(message, &[132_015, 132_016]))),
        (RuleId::Tpl09, is_template(message) && has_failed(message, &[132_000, 132_012])),
        (RuleId::Win02, !is_template(message) && ((inside && unanswered) || (!inside && delivered))),
        (RuleId::Win03, marketing && inside && !agreed),
        (RuleId::Lim05, has_failed(message, &[130_429])),
        (RuleId::Wrm03, young && is_counted(person, message) && marketing && (send.template != 2 || t < rated)),
        (RuleId::Enf03, forbidden),
    ]
    .into_iter()
    .filter_map(|(rule, holds)| holds.then_some(rule))
    .collect()
}

/// Rules about the recipient, of whom the properties know an Italian fixed line and a number of the United States.
fn rules_of_contact(person: &Person, past: &[&Message], message: &Message, known: &Surroundings) -> Vec<RuleId> {
    let marketing = |message: &Message| message.send.category == Category::Marketing && is_template(message);
    let of_list = |message: &Message| {
        let send = &message.send;
        (send.list != NO_NAME).then_some((send.template_name, send.list, send.campaign))
    };
    let (t, order) = (message.send.sent_at, |message: &Message| (message.send.sent_at, message.id.clone()));
    let is_declared = known.campaigns.iter().flatten().any(|declared| {
        message.send.campaign != NO_NAME && declared.id == Some(format!("campaign-{}", message.send.campaign))
    });
    let repeats = marketing(message)
        && of_list(message).is_some()
        && past.iter().any(|other| {
            marketing(other)
                && order(other) < order(message)
                && other.send.outcome != Outcome::Failed
                && of_list(other) == of_list(message)
                && (t - other.send.sent_at <= 12 * HOUR || is_declared)
        });
    let suppressed = known.suppressed.as_ref().is_some_and(|suppressed| suppressed.contains(&person.recipient));
    [
        (RuleId::Lst04, person.recipient.starts_with("3906") || repeats),
        (RuleId::Lst06, suppressed),
        (RuleId::Lst07, person.recipient.starts_with("1212") && marketing(message)),
        (RuleId::Eng03, marketing(message) && has_failed(message, &[131_049])),
    ]
    .into_iter()
    .filter_map(|(rule, holds)| holds.then_some(rule))
    .collect()
}

/// Rules about the opt-in that a due message rests on. The only controller, brand and wording of the properties are bad ones.
fn rules_of_opt_in(person: &Person, message: &Message, settings: &Settings) -> Vec<RuleId> {
    let (send, t) = (&message.send, message.send.sent_at);
    let due = is_template(message)
        && settings.purposes.contains(&send.category)
        && send.category != Category::Unknown
        && !in_window(person, message);
    let verdict = verdict(&person.consents, send.category, t);
    if !due || verdict == Verdict::Expired {
        return if due { vec![RuleId::Con06] } else { Vec::new() };
    }
    if verdict != Verdict::Valid {
        return Vec::new();
    }
    let known = person.consents.iter().enumerate().filter(|(_, event)| {
        let own = match event.scope {
            ConsentScope::All => true,
            ConsentScope::Marketing => send.category == Category::Marketing,
            ConsentScope::Utility => send.category == Category::Utility,
            ConsentScope::Authentication => send.category == Category::Authentication,
        };
        own && event.effective_at <= t && event.recorded_at <= t
    });
    let opt_in = last(known).unwrap();
    let wrote = person.inbound.iter().map(|inbound| inbound.received_at).filter(|at| *at <= t).max();
    let confirmed = opt_in.effective_at.max(wrote.unwrap_or(i64::MIN));
    let stale = t - confirmed > i64::from(settings.thresholds.consent.stale_days) * DAY;
    [
        (RuleId::Con05, opt_in.wording != NO_NAME),
        (RuleId::Con06, stale && send.category == Category::Marketing),
        (RuleId::Con09, opt_in.source == ConsentSource::ThirdParty || opt_in.controller != NO_NAME),
    ]
    .into_iter()
    .filter_map(|(rule, holds)| holds.then_some(rule))
    .collect()
}

/// Messages of the period that ended in `outcome`, and those that could have, of one part of a dimension; opt-outs aside.
pub(crate) fn part(
    people: &[Person],
    settings: &Settings,
    outcome: BadOutcome,
    is_part: &dyn Fn(&Person, &Message) -> bool,
) -> Figure {
    let mut figure = (0, 0);
    for person in people {
        for message in &person.messages {
            let t = message.send.sent_at;
            let within = settings.from.is_none_or(|from| from <= t) && settings.to.is_none_or(|to| t < to);
            if within && is_part(person, message) {
                figure.1 += 1;
                let class = message.send.error_code.map_or(BadOutcome::Other, |code| FailureClass::of(code).into());
                figure.0 += u64::from(message.send.outcome == Outcome::Failed && class == outcome);
            }
        }
    }
    figure
}

/// Microseconds since the number was first used.
fn age(message: &Message, known: &Surroundings) -> Option<i64> {
    let id = format!("105{}", message.send.number);
    let number = known.numbers.iter().flatten().find(|number| number.id == id)?;
    Some(message.send.sent_at - number.first_used_at?.timestamp_micros())
}

/// For a counted message of a number's first fortnight: the number, and whether the person was cold then.
fn first_contact(person: &Person, past: &[&Message], message: &Message, known: &Surroundings) -> Option<(u32, bool)> {
    age(message, known).filter(|age| (0..14 * DAY).contains(age) && is_counted(person, message))?;
    let t = message.send.sent_at;
    let recent = |at: i64| (t - 90 * DAY..=t).contains(&at);
    let earlier = |other: &Message| (other.send.sent_at, &other.id) <= (t, &message.id);
    let bought = past.iter().any(|other| {
        [Category::Utility, Category::Authentication].contains(&other.send.category)
            && recent(other.send.sent_at)
            && earlier(other)
    });
    let wrote = person.inbound.iter().any(|inbound| recent(inbound.received_at));
    Some((message.send.number, !bought && !wrote))
}

fn count_template(figures: &mut Figures, message: &Message) {
    let send = &message.send;
    if !is_template(message) {
        return;
    }
    let [sent, delivered, read, failed] = figures.templates.entry(send.template).or_default();
    *sent += 1;
    *delivered += u64::from([Outcome::Delivered, Outcome::Read].contains(&send.outcome));
    *read += u64::from(send.outcome == Outcome::Read);
    if send.outcome == Outcome::Failed {
        *failed += 1;
        if let Some(code) = send.error_code {
            *figures.errors.entry((send.template, code)).or_default() += 1;
        }
    }
}

fn floods(past: &[&Message], message: &Message, span: i64, enough: usize) -> bool {
    let marketing = |message: &Message| message.send.category == Category::Marketing;
    let t = message.send.sent_at;
    let near = |other: &&&Message| marketing(other) && (t - span..=t).contains(&other.send.sent_at);
    marketing(message) && past.iter().filter(near).count() >= enough
}

fn is_dead(person: &Person, past: &[&Message], within: &dyn Fn(i64) -> bool) -> bool {
    let period: Vec<&&Message> = past.iter().filter(|message| within(message.send.sent_at)).collect();
    period.iter().filter(|message| message.send.category == Category::Marketing).count() >= 5
        && period.iter().all(|message| message.send.outcome != Outcome::Read)
        && person.inbound.is_empty()
}

fn is_resend(person: &Person, past: &[&Message], message: &Message) -> bool {
    let mut days = BTreeMap::<i64, i64>::new();
    for failure in past.iter().filter(|message| has_failed(message, &[131_026])) {
        let at = failure.send.sent_at;
        days.entry(at.div_euclid(DAY)).and_modify(|first| *first = at.min(*first)).or_insert(at);
    }
    let t = message.send.sent_at;
    days.values().nth(1).is_some_and(|s| {
        t > *s && !person.inbound.iter().any(|inbound| *s < inbound.received_at && inbound.received_at <= t)
    })
}

fn is_retry(past: &[&Message], message: &Message) -> bool {
    let earlier = past.iter().filter(|other| {
        is_template(other)
            && other.send.template_name == message.send.template_name
            && other.send.sent_at < message.send.sent_at
    });
    let previous = earlier.max_by(|one, other| (one.send.sent_at, &one.id).cmp(&(other.send.sent_at, &other.id)));
    is_template(message)
        && previous.is_some_and(|previous| {
            has_failed(previous, &[131_049, 131_026, 131_047]) && message.send.sent_at - previous.send.sent_at <= DAY
        })
}

fn peak(people: &[Person], from: i64, to: i64) -> (u64, Option<i64>) {
    let counted: Vec<(usize, i64)> = people
        .iter()
        .enumerate()
        .flat_map(|(who, person)| {
            let counted = person.messages.iter().filter(|message| is_counted(person, message));
            counted.map(move |message| (who, message.send.sent_at))
        })
        .filter(|(_, t)| *t < to)
        .collect();
    let mut best = (0, None);
    let mut moments: Vec<i64> = counted.iter().map(|(_, t)| *t).filter(|t| *t >= from).collect();
    moments.sort_unstable();
    for t in moments {
        let active = counted.iter().filter(|(_, at)| t - DAY < *at && *at <= t).map(|(who, _)| who);
        let active = active.collect::<BTreeSet<_>>().len() as u64;
        if active > best.0 {
            best = (active, Some(t));
        }
    }
    best
}
