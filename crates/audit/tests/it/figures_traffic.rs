//! The other figures, with their boundaries.

use audit::{NO_NAME, Settings};
use domain::traffic::{Category, Count, Outcome, instant_of_micros};

use crate::traffic::*;

fn count(messages: u64, recipients: u64) -> Count {
    Count { messages, recipients }
}

#[test]
fn totals_tell_types_and_people() {
    let report = report(&[
        person([promo(0), promo(HOUR).free_form(), promo(2 * HOUR).outcome(Outcome::Sent)]).writes([wrote(HOUR)]),
        person([promo(3 * HOUR).failed(131_049)]),
    ]);
    let totals = report.totals;
    assert_eq!((totals.messages, totals.templates, totals.free_form), (4, 3, 1));
    assert_eq!((totals.in_window, totals.counted, totals.recipients, totals.inbound), (2, 1, 2, 1));
}

#[test]
fn a_default_period_is_that_of_the_sends() {
    let report = report(&[person([promo(0), promo(DAY + 5)])]);
    assert_eq!(report.period.from, Some(instant_of_micros(T0)));
    assert_eq!(report.period.to, Some(instant_of_micros(T0 + DAY + 6)));
    let empty = report_of(&[person([]).writes([wrote(0)])], &Settings::default(), &inputs());
    assert_eq!((empty.period.from, empty.period.to, empty.totals.inbound), (None, None, 0));
}

#[test]
fn inbound_counts_within_the_period_even_when_it_follows_the_sends() {
    let people = [
        person([]).writes([wrote(-1), wrote(0), wrote(DAY), wrote(DAY + 1)]),
        person([promo(0)]).writes([wrote(-DAY), wrote(HOUR)]),
        person([promo(DAY)]),
    ];
    assert_eq!(report(&people).totals.inbound, 3);
    assert_eq!(report_within(&people, 0, DAY).totals.inbound, 2);
    assert_eq!(report_within(&people, -1, DAY + 1).totals.inbound, 4);
}

#[test]
fn only_sends_of_the_period_count() {
    let report = report_within(&[person([promo(-1), promo(0), promo(DAY - 1), promo(DAY)])], 0, DAY);
    assert_eq!(report.totals.messages, 2);
    assert_eq!(report.templates[0].sent, 2);
}

#[test]
fn templates_tell_outcomes_and_codes_by_language() {
    let report = report(&[person([
        promo(0).outcome(Outcome::Sent),
        promo(1),
        promo(2).outcome(Outcome::Read),
        promo(3).failed(132_012),
        promo(4).failed(131_026),
        promo(5).failed(132_012),
        promo(6).outcome(Outcome::Failed),
        promo(7).template(1),
        promo(8).free_form(),
    ])]);
    let json = serde_json::to_value(&report.templates).unwrap();
    assert_eq!(
        json,
        serde_json::json!([
            {"name": "promo", "language": "en", "sent": 1, "delivered": 1, "read": 0, "failed": 0, "errors": []},
            {"name": "promo", "language": "it", "sent": 7, "delivered": 2, "read": 1, "failed": 4, "errors": [
                {"code": 131_026, "messages": 1}, {"code": 132_012, "messages": 2}]},
        ])
    );
}

#[test]
fn free_text_outside_of_the_window_counts_whatever_became_of_it() {
    let report = report(&[
        person([promo(0).free_form(), promo(DAY).free_form().failed(131_047), promo(DAY + 1).free_form()])
            .writes([wrote(0)]),
        person([promo(0).free_form(), promo(1)]),
    ]);
    assert_eq!(report.free_form_outside_window, count(2, 2));
}

fn peak(people: &[Person], from: i64, to: i64) -> (u64, Option<i64>) {
    let peak = report_within(people, from, to).peak24h;
    (peak.recipients, peak.at.map(|at| at.timestamp_micros() - T0))
}

#[test]
fn the_peak_counts_people_in_a_half_open_day() {
    let two = |gap: i64| [person([promo(0)]), person([promo(gap)])];
    assert_eq!(peak(&two(DAY - 1), 0, 9 * DAY), (2, Some(DAY - 1)));
    assert_eq!(peak(&two(DAY), 0, 9 * DAY), (1, Some(0)));
    // One person counts once, and its next message keeps it in.
    let again = [person([promo(0), promo(DAY - 1), promo(DAY)]), person([promo(2 * DAY - 1)])];
    assert_eq!(peak(&again, 0, 9 * DAY), (2, Some(2 * DAY - 1)));
    assert_eq!(peak(&[], 0, DAY), (0, None));
}

#[test]
fn the_peak_is_the_earliest_of_equals_and_counts_equal_instants() {
    let people = [person([promo(5)]), person([promo(5), promo(3 * DAY)]), person([promo(3 * DAY)])];
    assert_eq!(peak(&people, 0, 9 * DAY), (2, Some(5)));
}

#[test]
fn the_peak_looks_back_but_stands_at_a_counted_send_of_the_period() {
    let people = [person([promo(-HOUR)]), person([promo(-HOUR)]), person([promo(HOUR)]), person([promo(3 * DAY)])];
    assert_eq!(peak(&people, 0, 9 * DAY), (3, Some(HOUR)));
    // The first counted send of the period need not begin anybody's day.
    let carried = [person([promo(-HOUR), promo(HOUR)]), person([promo(-HOUR)]), person([promo(3 * DAY)])];
    assert_eq!(peak(&carried, 0, 9 * DAY), (2, Some(HOUR)));
    assert_eq!(peak(&people, HOUR + 1, 9 * DAY), (1, Some(3 * DAY)));
    assert_eq!(peak(&people, 4 * DAY, 9 * DAY), (0, None));
    assert_eq!(peak(&people, -DAY, 0), (2, Some(-HOUR)));
}

#[test]
fn only_counted_sends_make_the_peak() {
    let people = [
        person([promo(0).failed(131_026)]),
        person([promo(0).outcome(Outcome::Sent)]),
        person([promo(0)]).writes([wrote(0)]),
        person([promo(0).free_form()]),
        person([promo(1).category(Category::Authentication)]),
    ];
    assert_eq!(peak(&people, 0, DAY), (1, Some(1)));
}

/// (day messages, day people, week messages, week people)
fn flooding(people: &[Person], from: i64, to: i64) -> (u64, u64, u64, u64) {
    let flooding = report_within(people, from, to).flooding;
    (flooding.day_messages, flooding.day_recipients, flooding.week_messages, flooding.week_recipients)
}

#[test]
fn the_fourth_in_24_hours_floods() {
    let at = |times: &[i64]| [person(times.iter().enumerate().map(|(n, at)| promo(*at).named(&n.to_string())))];
    assert_eq!(flooding(&at(&[0, 1, 2, DAY]), 0, 9 * DAY), (1, 1, 0, 0));
    assert_eq!(flooding(&at(&[0, 1, 2, DAY + 1]), 0, 9 * DAY), (0, 0, 0, 0));
    // Equal instants count each other.
    assert_eq!(flooding(&at(&[0, 0, 0, 0]), 0, 9 * DAY), (4, 1, 0, 0));
    assert_eq!(flooding(&at(&[0, 5, 5, 5]), 0, 9 * DAY), (3, 1, 0, 0));
    // Look-back counts toward it, but is not counted.
    assert_eq!(flooding(&at(&[-2, -1, 0, 1]), 0, 9 * DAY), (1, 1, 0, 0));
    // What comes after the period is not read.
    assert_eq!(flooding(&at(&[0, DAY, DAY, DAY, DAY]), 0, DAY), (0, 0, 0, 0));
}

#[test]
fn the_seventh_in_168_hours_floods() {
    let days = |last: i64| [person((0..6).map(|day| promo(day * DAY)).chain([promo(last)]))];
    assert_eq!(flooding(&days(7 * DAY), 0, 99 * DAY), (0, 0, 1, 1));
    assert_eq!(flooding(&days(7 * DAY + 1), 0, 99 * DAY), (0, 0, 0, 0));
}

#[test]
fn flooding_is_of_marketing_of_any_type_number_and_outcome() {
    let people = [person([
        promo(0).failed(131_049),
        promo(1).number(1),
        promo(2).free_form().category(Category::Marketing),
        promo(3).category(Category::Utility),
        promo(4).template(5),
    ])];
    assert_eq!(flooding(&people, 0, DAY), (1, 1, 0, 0));
}

#[test]
fn the_dead_neither_read_nor_write() {
    let five = || (0..5).map(|day| promo(day * DAY));
    let dead = |person: Person| report_within(&[person], 0, 9 * DAY).dead_audience.recipients;
    assert_eq!(dead(person(five())), 1);
    assert_eq!(dead(person(five().take(4))), 0);
    assert_eq!(dead(person(five()).writes([wrote(-99 * DAY)])), 0);
    let read = |after: i64| promo(after).category(Category::Utility).outcome(Outcome::Read);
    assert_eq!(dead(person(five().chain([read(1)]))), 0);
    // A read outside of the period is not looked at, nor are messages.
    assert_eq!(dead(person(five().chain([read(-1), read(9 * DAY)]))), 1);
    assert_eq!(dead(person(five().take(4).chain([promo(-1), promo(9 * DAY)]))), 0);
}

#[test]
fn resends_count_after_a_failure_on_a_second_day() {
    let fail = |after: i64| promo(after).failed(131_026);
    let resends = |person: Person| report_within(&[person], 0, 9 * DAY).undeliverable_resends;
    // The second day begins at midnight UTC.
    assert_eq!(resends(person([fail(DAY - 1), fail(DAY), promo(DAY + 1)])), count(1, 1));
    assert_eq!(resends(person([fail(0), fail(DAY - 1), promo(DAY)])), count(0, 0));
    // s is the first failure of the second day; equal instants are not after it.
    assert_eq!(resends(person([fail(0), fail(DAY), fail(DAY).named("z"), fail(DAY + 1)])), count(1, 1));
    // Other failures do not count, other sends do.
    assert_eq!(resends(person([fail(0), promo(DAY).failed(131_049), promo(DAY + 1)])), count(0, 0));
    assert_eq!(resends(person([fail(0), fail(DAY), promo(DAY + 1).free_form()])), count(1, 1));
    // Days before the period are read.
    assert_eq!(resends(person([fail(-9 * DAY), fail(-DAY), promo(0)])), count(1, 1));
}

#[test]
fn who_writes_is_alive_again_for_good() {
    let fail = |after: i64| promo(after).failed(131_026);
    let history = || person([fail(0), fail(DAY), fail(2 * DAY), fail(3 * DAY), fail(4 * DAY)]);
    let resends = |person: Person| report_within(&[person], 0, 9 * DAY).undeliverable_resends.messages;
    assert_eq!(resends(history()), 3);
    assert_eq!(resends(history().writes([wrote(DAY)])), 3);
    // To any number; s never moves, so later failures accuse no more.
    assert_eq!(resends(history().writes([audit::Inbound { number: 3, ..wrote(DAY + 1) }])), 0);
    assert_eq!(resends(history().writes([wrote(3 * DAY)])), 1);
    assert_eq!(resends(history().writes([wrote(3 * DAY + 1)])), 2);
}

#[test]
fn a_retry_follows_a_refusal_of_the_same_template_within_a_day() {
    let retries = |messages: Vec<Message>| report_within(&[person(messages)], 0, 9 * DAY).retries.messages;
    for code in [131_049, 131_026, 131_047] {
        assert_eq!(retries(vec![promo(0).failed(code), promo(DAY)]), 1);
    }
    assert_eq!(retries(vec![promo(0).failed(131_049), promo(DAY + 1)]), 0);
    assert_eq!(retries(vec![promo(0).failed(131_048), promo(1)]), 0);
    // Any language and number of the name, no other name, no free text.
    assert_eq!(retries(vec![promo(0).failed(131_049), promo(1).template(1).number(1)]), 1);
    assert_eq!(retries(vec![promo(0).failed(131_049), promo(1).template(2)]), 0);
    assert_eq!(retries(vec![promo(0).failed(131_049), promo(1).free_form()]), 0);
    // Only the latest earlier send matters.
    assert_eq!(retries(vec![promo(0).failed(131_049), promo(1), promo(2)]), 1);
    // Look-back is read.
    assert_eq!(retries(vec![promo(-1).failed(131_049), promo(0)]), 1);
}

#[test]
fn of_sends_at_one_instant_the_greater_id_is_the_previous_one() {
    let retries = |messages: Vec<Message>| report(&[person(messages)]).retries.messages;
    let (good, bad) = (|| promo(0), || promo(0).failed(131_049));
    assert_eq!(retries(vec![good().named("a"), bad().named("b"), promo(1)]), 1);
    assert_eq!(retries(vec![bad().named("a"), good().named("b"), promo(1)]), 0);
    // A send is not the previous one of another at its own instant.
    assert_eq!(retries(vec![bad().named("a"), good().named("b")]), 0);
    let three = vec![promo(0).failed(131_049), promo(1).named("a"), promo(1).named("b")];
    assert_eq!(retries(three), 2);
}

#[test]
fn absurd_times_do_no_harm() {
    let at = |sent_at: i64| promo(0).with(|send| send.sent_at = sent_at).named(&sent_at.to_string());
    let extremes = [i64::MIN, i64::MIN + 1, 0, i64::MAX - 1, i64::MAX];
    let mut people = vec![person(extremes.map(at)), person(extremes.map(|time| at(time).failed(131_026)))];
    people[0].inbound = extremes.map(|time| audit::Inbound { received_at: time, ..wrote(0) }).to_vec();
    people[0].consents = extremes
        .map(|time| audit::Consent { effective_at: time, recorded_at: i64::MAX - time.saturating_abs(), ..opt_in(0) })
        .to_vec();
    let report = report(&people);
    assert_eq!(report.totals.messages, 10);
    assert!(serde_json::to_string(&report).is_ok());
}

#[test]
fn a_message_of_no_list_or_campaign_is_still_a_message() {
    let report = report(&[person([promo(0).list(NO_NAME).campaign(NO_NAME)])]);
    assert_eq!(report.consent.by_list[0].list_id, None);
}
