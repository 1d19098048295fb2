//! Consent at the time of sending, verdict by verdict.

use domain::traffic::{Category, ConsentAction, ConsentScope, Outcome, Report, Verdict};

use crate::traffic::*;
use audit::{Consent, NO_NAME, Settings};

/// The verdict on one marketing template at T0, given a ledger.
fn verdict(consents: &[Consent]) -> Verdict {
    verdict_for(Category::Marketing, consents)
}

fn verdict_for(category: Category, consents: &[Consent]) -> Verdict {
    let report = report(&[person([promo(0).category(category)]).agrees(consents.iter().copied())]);
    assert_eq!(report.consent.due, 1);
    assert_eq!(report.consent.by_verdict.len(), 1);
    report.consent.by_verdict[0].verdict
}

fn scope(scope: ConsentScope, consent: Consent) -> Consent {
    Consent { scope, ..consent }
}

fn recorded(after: i64, consent: Consent) -> Consent {
    Consent { recorded_at: T0 + after, ..consent }
}

fn expires(after: i64, consent: Consent) -> Consent {
    Consent { expires_at: Some(T0 + after), ..consent }
}

#[test]
fn without_a_ledger_there_is_no_consent() {
    assert_eq!(verdict(&[]), Verdict::None);
}

#[test]
fn an_event_counts_from_the_very_instant() {
    assert_eq!(verdict(&[opt_in(0)]), Verdict::Valid);
    assert_eq!(verdict(&[opt_in(1)]), Verdict::None);
    assert_eq!(verdict(&[opt_in(-1), opt_out(0)]), Verdict::OptedOut);
    assert_eq!(verdict(&[opt_in(-1), opt_out(1)]), Verdict::Valid);
}

#[test]
fn the_last_word_decides() {
    assert_eq!(verdict(&[opt_out(-2), opt_in(-1)]), Verdict::Valid);
    assert_eq!(verdict(&[opt_in(-2), opt_out(-1)]), Verdict::OptedOut);
}

#[test]
fn at_one_instant_opt_out_beats_opt_in_whatever_was_recorded_first() {
    assert_eq!(verdict(&[opt_out(-9), opt_in(-9)]), Verdict::OptedOut);
    assert_eq!(verdict(&[opt_in(-9), opt_out(-9)]), Verdict::OptedOut);
    assert_eq!(verdict(&[opt_out(-9), recorded(-5, opt_in(-9))]), Verdict::OptedOut);
    // Of two scopes that cover the send, too.
    assert_eq!(verdict(&[scope(ConsentScope::All, opt_out(-9)), recorded(-5, opt_in(-9))]), Verdict::OptedOut);
}

#[test]
fn an_opt_in_expires_at_its_end() {
    assert_eq!(verdict(&[expires(1, opt_in(-9))]), Verdict::Valid);
    assert_eq!(verdict(&[expires(0, opt_in(-9))]), Verdict::Expired);
    assert_eq!(verdict(&[expires(-1, opt_in(-9))]), Verdict::Expired);
}

#[test]
fn what_the_ledger_learned_later_is_retroactive() {
    assert_eq!(verdict(&[recorded(0, opt_in(-9))]), Verdict::Valid);
    assert_eq!(verdict(&[recorded(1, opt_in(-9))]), Verdict::Retroactive);
    assert_eq!(verdict(&[recorded(1, expires(0, opt_in(-9)))]), Verdict::None);
    assert_eq!(verdict(&[recorded(1, opt_in(-9)), recorded(1, opt_out(-8))]), Verdict::None);
    // Something that was known counts more.
    assert_eq!(verdict(&[opt_out(-10), recorded(1, opt_in(-9))]), Verdict::OptedOut);
    // Known of another purpose is not known of this one.
    let utility = scope(ConsentScope::Utility, opt_in(-20));
    assert_eq!(verdict(&[utility, recorded(1, opt_in(-9))]), Verdict::Retroactive);
}

#[test]
fn late_records_take_their_place_by_what_they_speak_of() {
    // Recorded last, but said before the opt-in.
    assert_eq!(verdict(&[recorded(-1, opt_out(-10)), opt_in(-5)]), Verdict::Valid);
    assert_eq!(verdict(&[recorded(-1, opt_in(-10)), opt_out(-5)]), Verdict::OptedOut);
    // Recorded before it takes effect.
    assert_eq!(verdict(&[recorded(-10, opt_in(1))]), Verdict::None);
}

#[test]
fn consent_for_another_purpose_is_a_scope_mismatch() {
    let utility = |consent| scope(ConsentScope::Utility, consent);
    let authentication = |consent| scope(ConsentScope::Authentication, consent);
    assert_eq!(verdict(&[utility(opt_in(-9))]), Verdict::ScopeMismatch);
    assert_eq!(verdict(&[utility(opt_in(-9)), utility(opt_out(-8))]), Verdict::None);
    // The other scopes are one stream.
    assert_eq!(verdict(&[utility(opt_in(-9)), authentication(opt_out(-8))]), Verdict::None);
    assert_eq!(verdict(&[utility(opt_out(-9)), authentication(opt_in(-8))]), Verdict::ScopeMismatch);
    // Expiry is not looked at; but the event must have been known.
    assert_eq!(verdict(&[expires(-1, utility(opt_in(-9)))]), Verdict::ScopeMismatch);
    assert_eq!(verdict(&[recorded(1, utility(opt_in(-9)))]), Verdict::None);
    assert_eq!(verdict_for(Category::Utility, &[opt_in(-9)]), Verdict::ScopeMismatch);
}

#[test]
fn the_scope_all_covers_every_category() {
    let all = [scope(ConsentScope::All, opt_in(-9))];
    assert_eq!(verdict(&all), Verdict::Valid);
    assert_eq!(verdict_for(Category::Utility, &all), Verdict::Valid);
    assert_eq!(verdict(&[scope(ConsentScope::All, opt_out(-9)), opt_in(-8)]), Verdict::Valid);
    assert_eq!(verdict(&[opt_in(-9), scope(ConsentScope::All, opt_out(-8))]), Verdict::OptedOut);
}

#[test]
fn verdicts_change_as_time_goes_by() {
    let messages = (0..6).map(|hour| promo(hour * HOUR));
    let consents = [
        opt_in(HOUR),
        recorded(5 * HOUR, opt_in(4 * HOUR)),
        opt_out(2 * HOUR),
        expires(5 * HOUR, recorded(3 * HOUR, opt_in(2 * HOUR + 1))),
    ];
    let report = report(&[person(messages).agrees(consents)]);
    let verdicts: Vec<(Verdict, u64)> =
        report.consent.by_verdict.iter().map(|figures| (figures.verdict, figures.messages)).collect();
    // 0 h none; 1 h valid; 2 h opted out; 3 h, 4 h valid; 5 h: the opt-in of 4 h is known.
    assert_eq!(verdicts, [(Verdict::Valid, 4), (Verdict::OptedOut, 1), (Verdict::None, 1)]);
}

#[test]
fn only_templates_in_a_purpose_that_needs_an_opt_in_are_due() {
    let due =
        |messages: Vec<Message>, settings: &Settings| report_of(&[person(messages)], settings, &inputs()).consent.due;
    let every = || {
        vec![
            promo(0),
            promo(1).category(Category::Utility),
            promo(2).category(Category::Authentication),
            promo(3).category(Category::Service),
            promo(4).category(Category::Unknown),
            promo(5).free_form().category(Category::Marketing),
        ]
    };
    assert_eq!(due(every(), &Settings::default()), 2);
    let all = [Category::Marketing, Category::Utility, Category::Authentication, Category::Service, Category::Unknown];
    assert_eq!(due(every(), &Settings { purposes: all.to_vec(), ..Settings::default() }), 4);
    // Whatever became of it.
    assert_eq!(due(vec![promo(0).failed(131_026), promo(1).outcome(Outcome::Sent)], &Settings::default()), 2);
}

#[test]
fn people_and_lists_are_counted_apart() {
    let report: Report = report(&[
        person([promo(0), promo(1).list(1), promo(2).list(NO_NAME)]),
        person([promo(3), promo(4)]).agrees([opt_in(0)]),
    ]);
    let lists: Vec<(Option<&str>, Verdict, u64, u64)> = report
        .consent
        .by_list
        .iter()
        .map(|list| (list.list_id.as_deref(), list.verdict, list.messages, list.recipients))
        .collect();
    assert_eq!(
        lists,
        [
            (Some("list-0"), Verdict::Valid, 2, 1),
            (Some("list-0"), Verdict::None, 1, 1),
            (Some("list-1"), Verdict::None, 1, 1),
            (None, Verdict::None, 1, 1),
        ]
    );
    assert_eq!(report.consent.due, 5);
}

#[test]
fn the_window_is_24_hours_to_the_microsecond_on_the_same_number() {
    let in_window =
        |message: Message, received: i64| report(&[person([message]).writes([wrote(received)])]).totals.in_window == 1;
    assert!(in_window(promo(0), 0));
    assert!(!in_window(promo(0), 1));
    assert!(in_window(promo(DAY), 0));
    assert!(!in_window(promo(DAY + 1), 0));
    assert!(!in_window(promo(0).number(1), 0));
    assert!(in_window(promo(0).free_form(), -1));
    // A send in the window is not due and not counted.
    let report = report(&[person([promo(0)]).writes([wrote(0)])]);
    assert_eq!((report.consent.due, report.totals.counted), (0, 0));
}

#[test]
fn an_opt_out_is_an_opt_out_in_the_ledger_only() {
    let stop = audit::Inbound { text: Some("STOP"), ..wrote(-2 * DAY) };
    let report = report(&[person([promo(0)]).writes([stop]).agrees([opt_in(-9 * DAY)])]);
    assert_eq!(report.consent.by_verdict[0].verdict, Verdict::Valid);
    assert_eq!(opt_out(0).action, ConsentAction::OptOut);
}
