//! Rules about what Meta answered to sends, and about undeclared campaigns: both sides of each threshold.

use audit::{Fed, Inputs, Settings};
use domain::traffic::{
    Category, DeclaredCampaign, Figure, Outcome, Report, RuleId, RuleState, Severity, SubjectKind, Surroundings,
    Thresholds,
};

use crate::traffic::*;

/// One person each got these messages, a day apart from the others.
fn each(messages: impl IntoIterator<Item = Message>) -> Vec<Person> {
    messages.into_iter().map(|message| person([message])).collect()
}

#[test]
fn tpl_09_finds_three_within_the_hour() {
    let wrong = |times: [i64; 3]| report(&each(times.map(|at| promo(at).failed(132_000))));
    let found = wrong([0, 1, HOUR]);
    let found = finding(&found, RuleId::Tpl09);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 3, 3));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::Template, Some("promo/it")));
    assert_eq!((found.figures["wrongCount"], found.figures["wrongFormat"]), (Figure::Count(3), Figure::Count(0)));
    assert_eq!(found.sample.len(), 3);
    // A microsecond too long, with too few sends for a share.
    assert_eq!(state(&wrong([0, 1, HOUR + 1]), RuleId::Tpl09), RuleState::InsufficientData);
    // Two codes are one fault; two languages of a template are two.
    let mixed = |last: Message| report(&each([promo(0).failed(132_000), promo(1).failed(132_012), last]));
    assert_eq!(state(&mixed(promo(2).failed(132_012)), RuleId::Tpl09), RuleState::Finding);
    assert_eq!(state(&mixed(promo(2).template(1).failed(132_012)), RuleId::Tpl09), RuleState::InsufficientData);
    assert_eq!(state(&mixed(promo(2).failed(132_015)), RuleId::Tpl09), RuleState::InsufficientData);
}

#[test]
fn tpl_09_finds_one_per_cent_of_fifty() {
    let wrong = |wrong: i64, sends: i64| {
        let message = |n: i64| if n < wrong { promo(n * 2 * HOUR).failed(132_012) } else { promo(n * 2 * HOUR) };
        state(&report(&each((0..sends).map(message))), RuleId::Tpl09)
    };
    assert_eq!(wrong(1, 49), RuleState::InsufficientData);
    assert_eq!(wrong(1, 50), RuleState::Finding);
    assert_eq!(wrong(0, 50), RuleState::Clear);
    assert_eq!(wrong(1, 100), RuleState::Finding);
    assert_eq!(wrong(1, 101), RuleState::Clear);
}

#[test]
fn lim_05_finds_a_thousandth_of_a_number_or_fifty_in_five_minutes() {
    const MINUTE: i64 = HOUR / 60;
    let throttled = |refused: i64, sends: i64, apart: i64| {
        let message = |n: i64| if n < refused { promo(n * apart).failed(130_429) } else { promo(n * apart) };
        report(&each((0..sends).map(message)))
    };
    let found = throttled(2, 2_000, HOUR);
    let found = finding(&found, RuleId::Lim05);
    assert_eq!((found.severity, found.messages), (Severity::Low, 2));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::Number, Some("1050")));
    assert_eq!(state(&throttled(2, 2_001, HOUR), RuleId::Lim05), RuleState::Clear);
    // 50 of so many that their share is small.
    let strict = |apart: i64| {
        let mut thresholds = Thresholds::default();
        thresholds.throughput.share = 0.9;
        let settings = Settings { thresholds, ..Settings::default() };
        let refused = (0..50).map(|n| promo(n * apart).failed(130_429));
        let people = each(refused.chain((0..50).map(|n| promo(DAY + n))));
        state(&report_of(&people, &settings, &inputs()), RuleId::Lim05)
    };
    assert_eq!(strict(5 * MINUTE / 49), RuleState::Finding);
    assert_eq!(strict(5 * MINUTE / 49 + 1), RuleState::Clear);
    assert_eq!(state(&report(&each([promo(0)])), RuleId::Lim05), RuleState::Clear);
}

/// `agree` free-form messages on which the clocks agree, then these.
fn clocks(agree: i64, others: impl IntoIterator<Item = Person>, settings: &Settings) -> Report {
    let mut people: Vec<Person> = (0..agree).map(|n| person([promo(n + 1).free_form()]).writes([wrote(0)])).collect();
    people.extend(others);
    report_of(&people, settings, &inputs())
}

#[test]
fn win_02_finds_disagreement_from_two_in_a_thousand() {
    let refused = |at: i64| person([promo(at).free_form().failed(131_047)]).writes([wrote(0)]);
    let usual = Settings::default();
    let found = clocks(998, [refused(1), refused(DAY)], &usual);
    let found = finding(&found, RuleId::Win02);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 2, 2));
    assert_eq!((found.figures["refusedInside"], found.figures["judged"]), (Figure::Count(2), Figure::Count(1_000)));
    assert_eq!(found.breakdown[0].subject.id.as_deref(), Some("1050"));
    assert_eq!(state(&clocks(999, [refused(1), refused(DAY)], &usual), RuleId::Win02), RuleState::Clear);
    // Outside by both clocks.
    assert_eq!(state(&clocks(9, [refused(DAY + 1)], &usual), RuleId::Win02), RuleState::Clear);
    // Outside by ours, delivered by Meta.
    let accepted = |at: i64| person([promo(at).free_form()]).writes([wrote(0)]);
    let found = clocks(9, [accepted(DAY + 1)], &usual);
    assert_eq!(finding(&found, RuleId::Win02).figures["acceptedOutside"], Figure::Count(1));
    // Failures for other reasons, and messages without an answer, say nothing of the clock.
    let mute = [promo(1).free_form().failed(131_026), promo(2).free_form().outcome(Outcome::Sent)];
    assert_eq!(state(&clocks(0, [person(mute)], &usual), RuleId::Win02), RuleState::InsufficientData);
}

#[test]
fn win_02_can_be_told_that_meta_takes_free_text_for_longer() {
    let mut thresholds = Thresholds::default();
    thresholds.clock.accepted_hours = 72;
    let settings = Settings { thresholds, ..Settings::default() };
    let accepted = |at: i64| person([promo(at).free_form()]).writes([wrote(0)]);
    assert_eq!(state(&clocks(9, [accepted(72 * HOUR)], &settings), RuleId::Win02), RuleState::Clear);
    assert_eq!(state(&clocks(9, [accepted(72 * HOUR + 1)], &settings), RuleId::Win02), RuleState::Finding);
    assert_eq!(state(&clocks(9, [person([promo(5).free_form()])], &settings), RuleId::Win02), RuleState::Finding);
}

#[test]
fn win_03_finds_marketing_in_the_window_to_whoever_never_opted_in() {
    let inside = |message: Message, consents: Vec<audit::Consent>| {
        report(&[person([message]).writes([wrote(0)]).agrees(consents)])
    };
    let found = inside(promo(1), vec![]);
    let found = finding(&found, RuleId::Win03);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 1, 1));
    assert_eq!(found.breakdown[0].subject.id.as_deref(), Some("promo/it"));
    assert_eq!(state(&inside(promo(1), vec![opt_in(0)]), RuleId::Win03), RuleState::Clear);
    // An opt-out is another rule's matter.
    assert_eq!(state(&inside(promo(1), vec![opt_out(0)]), RuleId::Win03), RuleState::Clear);
    // So is what is sent outside of the window, and what is no marketing template: of these alone it judges nothing.
    for other in [promo(DAY + 1), promo(1).category(Category::Utility), promo(1).free_form()] {
        assert_eq!(state(&inside(other, vec![]), RuleId::Win03), RuleState::InsufficientData);
    }
    let unfed = Inputs { fed: Fed { consents: false, ..inputs().fed }, ..inputs() };
    let report = report_of(&[person([promo(1)]).writes([wrote(0)])], &Settings::default(), &unfed);
    assert_eq!(state(&report, RuleId::Win03), RuleState::NotFed);
}

/// 500 sends of a template, one a person, spread over so many minutes, with these campaigns.
fn burst(sends: i64, minutes: i64, change: impl Fn(Message) -> Message, campaigns: Vec<DeclaredCampaign>) -> Report {
    const MINUTE: i64 = HOUR / 60;
    let at = |n: i64| HOUR + n * (minutes - 1) / (sends - 1) * MINUTE;
    let people = each((0..sends).map(|n| change(promo(at(n)).named(&n.to_string()))));
    let surroundings = Surroundings { campaigns: Some(campaigns), ..Surroundings::default() };
    report_of(&people, &Settings::default(), &knowing(surroundings))
}

#[test]
fn vol_03_finds_five_hundred_in_an_hour() {
    let found = burst(500, 60, |message| message, vec![]);
    let found = finding(&found, RuleId::Vol03);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Low, 500, 500));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::Template, Some("promo")));
    assert_eq!(found.figures["busiest"], Figure::Count(500));
    assert_eq!(found.figures["startedAt"], Figure::Count(((T0 + HOUR) / SECOND) as u64));
    assert_eq!(state(&burst(499, 60, |message| message, vec![]), RuleId::Vol03), RuleState::Clear);
    assert_eq!(state(&burst(500, 61, |message| message, vec![]), RuleId::Vol03), RuleState::Clear);
    // Languages and numbers add up; codes are no campaign.
    let mixed = |message: Message| {
        let odd = message.id.ends_with(['1', '3', '5', '7', '9']);
        if odd { message.template(1).number(1) } else { message }
    };
    assert_eq!(state(&burst(500, 60, mixed, vec![]), RuleId::Vol03), RuleState::Finding);
    let codes = |message: Message| message.category(Category::Authentication);
    assert_eq!(state(&burst(500, 60, codes, vec![]), RuleId::Vol03), RuleState::Clear);
    assert_eq!(state(&report(&each([promo(0)])), RuleId::Vol03), RuleState::NotFed, "nobody declares campaigns");
}

#[test]
fn vol_03_leaves_out_what_a_declared_campaign_covers() {
    let with = |campaign: DeclaredCampaign| state(&burst(500, 60, |message| message, vec![campaign]), RuleId::Vol03);
    let starts = |after: i64| DeclaredCampaign { start: T0 + after, ..DeclaredCampaign::default() };
    assert_eq!(with(starts(HOUR)), RuleState::Clear);
    assert_eq!(with(starts(HOUR + SECOND)), RuleState::Clear, "its first minute is covered as a whole");
    assert_eq!(with(starts(2 * HOUR)), RuleState::Finding);
    assert_eq!(with(starts(-45 * HOUR)), RuleState::Clear);
    assert_eq!(with(starts(-47 * HOUR)), RuleState::Finding, "48 hours are over");
    let named = |name: &str| DeclaredCampaign { template_name: Some(name.into()), ..starts(HOUR) };
    assert_eq!(with(named("promo")), RuleState::Clear);
    assert_eq!(with(named("template_2")), RuleState::Finding);
    let from = |number: &str| DeclaredCampaign { number: Some(number.into()), ..starts(HOUR) };
    assert_eq!(with(from("1050")), RuleState::Clear);
    assert_eq!(with(from("1051")), RuleState::Finding);
    // A message that names its declared campaign is covered whenever it is sent.
    let late = DeclaredCampaign { id: Some("campaign-2".into()), ..starts(90 * DAY) };
    let of =
        |campaign: u32| state(&burst(500, 60, |message| message.campaign(campaign), vec![late.clone()]), RuleId::Vol03);
    assert_eq!((of(2), of(1)), (RuleState::Clear, RuleState::Finding));
}

#[test]
fn ops_01_finds_half_an_hour_of_silence() {
    const MINUTE: i64 = HOUR / 60;
    let silent = |sends: i64, minutes: i64, others: Vec<Message>| {
        let quiet = (0..sends).map(|n| promo(HOUR + n * minutes * MINUTE / (sends - 1)).outcome(Outcome::Sent));
        report(&each(quiet.chain([promo(0), promo(3 * HOUR)]).chain(others)))
    };
    let found = silent(21, 30, vec![]);
    let found = finding(&found, RuleId::Ops01);
    assert_eq!((found.severity, found.messages), (Severity::High, 21));
    assert_eq!((found.subject.id.as_deref(), found.figures["minutes"]), (Some("1050"), Figure::Count(30)));
    assert_eq!(state(&silent(20, 30, vec![]), RuleId::Ops01), RuleState::Clear);
    assert_eq!(state(&silent(21, 29, vec![]), RuleId::Ops01), RuleState::Clear);
    let heard = |message: Message| state(&silent(21, 30, vec![message]), RuleId::Ops01);
    assert_eq!(heard(promo(HOUR + 15 * MINUTE)), RuleState::Clear);
    assert_eq!(heard(promo(HOUR + 15 * MINUTE).failed(131_026)), RuleState::Clear);
    assert_eq!(heard(promo(HOUR + 15 * MINUTE).number(1)), RuleState::Finding);
    // Where no outcome was given at all, silence says nothing.
    let bare = report(&each((0..30).map(|n| promo(n * 2 * MINUTE).outcome(Outcome::Sent))));
    assert_eq!(state(&bare, RuleId::Ops01), RuleState::NotFed);
}

#[test]
fn ops_01_finds_a_gap_that_is_far_longer_than_the_number_s_gaps_are() {
    const MINUTE: i64 = HOUR / 60;
    // A status every second minute, and none for some minutes in between, in which messages go out.
    let people = |statuses: i64, quiet: i64, sends: i64| {
        let before = (0..statuses).map(|n| promo(n * 2 * MINUTE));
        let start = (statuses - 1) * 2 * MINUTE;
        let silent = (1..=sends).map(move |n| promo(start + MINUTE + n * MINUTE / 2).outcome(Outcome::Sent));
        each(before.chain(silent).chain([promo(start + quiet * MINUTE)]))
    };
    let found = |statuses, quiet, sends| state(&report(&people(statuses, quiet, sends)), RuleId::Ops01);
    assert_eq!(found(101, 7, 5), RuleState::Finding);
    assert_eq!(found(101, 6, 5), RuleState::Clear, "three times as long is not yet too long");
    assert_eq!(found(101, 7, 4), RuleState::Clear, "four may go unanswered by chance");
    assert_eq!(found(99, 7, 5), RuleState::Clear, "too few gaps tell what is usual");
    let report = report(&people(101, 7, 5));
    assert_eq!(finding(&report, RuleId::Ops01).figures["usualGapMinutes"], Figure::Count(2));
}

#[test]
fn ops_01_waits_for_the_newest_sends() {
    const MINUTE: i64 = HOUR / 60;
    let quiet = (0..40).map(|n| promo(HOUR + n * MINUTE).outcome(Outcome::Sent));
    let people = each(quiet.chain([promo(0)]));
    let asked = |after: i64| {
        let inputs = Inputs { as_of: Some(T0 + after), ..inputs() };
        state(&report_of(&people, &Settings::default(), &inputs), RuleId::Ops01)
    };
    assert_eq!(asked(2 * HOUR), RuleState::Clear);
    assert_eq!(asked(3 * HOUR), RuleState::Finding);
}

#[test]
fn vol_07_finds_marketing_before_eight_and_from_nine_in_the_evening() {
    // T0 is midnight in Greenwich and two in the morning in Italy.
    let at = |recipient: &str, after: i64| {
        let to = Person { recipient: recipient.into(), ..person([promo(after)]) };
        report(&[to])
    };
    let italian = |after: i64| state(&at("393331234567", after), RuleId::Vol07);
    assert_eq!((italian(6 * HOUR - 1), italian(6 * HOUR)), (RuleState::Finding, RuleState::Clear));
    assert_eq!((italian(19 * HOUR - 1), italian(19 * HOUR)), (RuleState::Clear, RuleState::Finding));
    let found = at("393331234567", 0);
    let found = finding(&found, RuleId::Vol07);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Low, 1, 1));
    assert_eq!(
        (found.breakdown[0].subject.kind, found.breakdown[0].subject.id.as_deref()),
        (SubjectKind::Country, Some("IT"))
    );
    // In a country with several zones any of them will do; a user id tells its country, too.
    let american = |after: i64| state(&at("12125551234", after), RuleId::Vol07);
    assert_eq!((american(0), american(10 * HOUR)), (RuleState::Clear, RuleState::Finding));
    assert_eq!(state(&at("IT.1a2b3c4d5e", 0), RuleId::Vol07), RuleState::Finding);
    // Nobody knows what time it is where a satellite telephone is.
    assert_eq!(state(&at("870773111632", 0), RuleId::Vol07), RuleState::InsufficientData);
    let notice = report(&[person([promo(0).category(Category::Utility), promo(12 * HOUR)])]);
    assert_eq!(state(&notice, RuleId::Vol07), RuleState::Clear);
}

#[test]
fn vol_07_has_hours_of_its_own_for_a_client() {
    let mut thresholds = Thresholds::default();
    (thresholds.quiet_hours.first_minute, thresholds.quiet_hours.last_minute) = (9 * 60 + 30, 20 * 60);
    let settings = Settings { thresholds, ..Settings::default() };
    let italian = |after: i64| state(&report_of(&[person([promo(after)])], &settings, &inputs()), RuleId::Vol07);
    let half_past_nine = 7 * HOUR + HOUR / 2;
    assert_eq!((italian(half_past_nine - 1), italian(half_past_nine)), (RuleState::Finding, RuleState::Clear));
    assert_eq!((italian(18 * HOUR - 1), italian(18 * HOUR)), (RuleState::Clear, RuleState::Finding));
}
