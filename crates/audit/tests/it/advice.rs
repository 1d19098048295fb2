//! Advice per list: each recipient once, under the first that applies.

use audit::Settings;
use domain::traffic::ListAdvice;

use crate::traffic::{DAY, Person, T0, inputs, opt_in, opt_out, person, promo, report_of, wrote};

/// The advice for list 0, of an audit whose period begins a day after the first message there can be.
fn advice(people: &[Person]) -> ListAdvice {
    let settings = Settings { from: Some(T0 + DAY), to: Some(T0 + 60 * DAY), ..Settings::default() };
    report_of(people, &settings, &inputs()).advice.first().cloned().unwrap_or_default()
}

fn counts(people: &[Person]) -> [u64; 5] {
    let advice = advice(people);
    [advice.remove, advice.ask_again, advice.rest, advice.warm_up, advice.keep]
}

/// Messages on these days after the first.
fn on(days: &[i64]) -> Person {
    person(days.iter().map(|day| promo(day * DAY).named(&format!("{day}"))))
}

#[test]
fn who_asked_for_no_more_is_removed_even_after_the_last_message() {
    assert_eq!(counts(&[on(&[2]).agrees([opt_in(-DAY), opt_out(50 * DAY)])]), [1, 0, 0, 0, 0]);
    // An opt-out after the period does not reach back.
    assert_eq!(counts(&[on(&[0, 2]).agrees([opt_in(-DAY), opt_out(61 * DAY)])]), [0, 0, 0, 0, 0]);
}

#[test]
fn who_cannot_be_reached_on_two_days_is_removed_until_they_write() {
    let failing = || person([2, 4].map(|day| promo(day * DAY).named(&format!("{day}")).failed(131_026)));
    assert_eq!(counts(&[failing().agrees([opt_in(-DAY)])]), [1, 0, 0, 0, 0]);
    let back = failing().agrees([opt_in(-DAY)]).writes([wrote(5 * DAY)]);
    assert_eq!(counts(&[back]), [0, 0, 0, 0, 0]);
}

#[test]
fn without_a_valid_opt_in_people_are_asked_again() {
    assert_eq!(counts(&[on(&[2])]), [0, 1, 0, 0, 0]);
}

#[test]
fn five_unanswered_messages_are_enough() {
    let patient = |days: &[i64]| on(days).agrees([opt_in(-DAY)]);
    assert_eq!(counts(&[patient(&[0, 2, 4, 6, 8, 10])]), [0, 0, 1, 0, 0]);
    assert_eq!(counts(&[patient(&[0, 2, 4, 6, 8])]), [0, 0, 0, 0, 0]);
}

#[test]
fn new_people_are_reached_in_small_portions() {
    assert_eq!(counts(&[on(&[2]).agrees([opt_in(-DAY)])]), [0, 0, 0, 1, 0]);
    assert_eq!(counts(&[on(&[2]).agrees([opt_in(-DAY)]).writes([wrote(DAY)])]), [0, 0, 0, 0, 0]);
}

#[test]
fn each_recipient_of_a_list_counts_once() {
    let people = [
        on(&[2, 3]).agrees([opt_out(0)]),
        on(&[2, 4]),
        on(&[0, 2]).agrees([opt_in(-DAY)]),
        on(&[3]).agrees([opt_in(-DAY)]),
    ];
    let advice = advice(&people);
    assert_eq!((advice.list_id.as_deref(), advice.sent.messages, advice.sent.recipients), (Some("list-0"), 6, 4));
    assert_eq!(counts(&people), [1, 1, 0, 1, 1]);
}
