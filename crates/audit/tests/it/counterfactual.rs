//! What would have been, had some messages not been sent.

use std::collections::BTreeSet;

use audit::{Alternatives, Contributors, Inputs, Removal, Replay, Search, Settings, compare};
use domain::traffic::{Remedy, Report, RuleId, RuleState, Subject, SubjectKind};
use proptest::{collection::vec, prelude::*, sample::subsequence};

use crate::{
    properties,
    traffic::{DAY, Person, inputs, knowing, names, opt_in, person, promo, report_of},
};

fn list(id: usize) -> Subject {
    Subject::of(SubjectKind::List, Some(&format!("list-{id}")))
}

/// The people's data with the messages of what is removed deleted.
fn deleted(people: &[Person], without: &[Subject]) -> Vec<Person> {
    let removal = Removal::of(without, &names());
    people.iter().map(|person| person.clone().retaining(|send| !removal.takes(send))).collect()
}

fn replayed(people: &[Person], settings: &Settings, sets: &[Vec<Subject>]) -> Vec<Report> {
    let removals: Vec<Removal> = sets.iter().map(|set| Removal::of(set, &names())).collect();
    let known = properties::surroundings();
    let part = || Alternatives::informed(settings, &names(), &known, &removals, usize::MAX);
    let mut parts = [part(), part()];
    for (at, person) in people.iter().enumerate() {
        person.show(&mut |history| parts[at % 2].feed(history));
    }
    Alternatives::finish(parts.into())
        .expect("memory without bounds")
        .map(|tally| audit::report(&tally, &names(), &knowing(known.clone()), settings))
        .collect()
}

fn elements() -> Vec<Subject> {
    let names = names();
    let mut elements = vec![Subject::of(SubjectKind::List, None), list(0), list(1)];
    elements.extend(
        names.templates[..4].iter().map(|template| Subject::of(SubjectKind::Template, Some(&template.label()))),
    );
    elements.extend(names.numbers[..2].iter().map(|number| Subject::of(SubjectKind::Number, Some(number))));
    elements
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The property of the whole module, figure by figure.
    #[test]
    fn an_audit_without_something_is_the_audit_of_the_data_without_it(
        people in vec(properties::person(), 0..6),
        sets in vec(subsequence(elements(), 0..4), 1..4),
        settings in properties::settings(),
    ) {
        let settings = Settings { sample_size: 0, ..settings };
        for (set, report) in sets.iter().zip(replayed(&people, &settings, &sets)) {
            prop_assert_eq!(report, report_of(&deleted(&people, set), &settings, &knowing(properties::surroundings())));
        }
    }
}

/// Drives a search to its end.
fn search(people: &[Person]) -> Vec<Remedy> {
    search_knowing(people, &Settings::default(), &inputs())
}

fn search_knowing(people: &[Person], settings: &Settings, inputs: &Inputs) -> Vec<Remedy> {
    let before = report_of(people, settings, inputs);
    let mut contributors = Contributors::new(settings);
    let mut replay = Replay::informed(settings, &names(), &inputs.surroundings);
    for person in people {
        person.show(&mut |history| {
            replay.feed_with(history, &mut |rule, send| contributors.add(rule, send));
            history.sends.iter().for_each(|send| contributors.add_sent(send));
        });
    }
    let mut search = Search::new(&before, &contributors, &names());
    while let Some(asked) = search.ask() {
        let settings = Settings { only: Some(asked.rules), ..settings.clone() };
        for set in asked.sets {
            let after = report_of(&deleted(people, &set), &settings, inputs);
            search.take(set, &after);
        }
    }
    let whole = |set: Vec<Subject>| {
        let after = report_of(&deleted(people, &set), settings, inputs);
        (set, after)
    };
    let after = search.chosen().into_iter().map(whole).collect();
    search.finish(&before, &after)
}

/// The sets of some elements, of a size.
fn subsets(elements: &[Subject], size: usize) -> Vec<Vec<Subject>> {
    match (size, elements) {
        (0, _) => vec![Vec::new()],
        (_, []) => Vec::new(),
        (size, [first, rest @ ..]) => {
            let with = subsets(rest, size - 1).into_iter().map(|set| [vec![first.clone()], set].concat());
            with.chain(subsets(rest, size)).collect()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Of rules that find single messages, whatever else was sent: no element without such messages can help.
    #[test]
    fn the_least_set_is_what_trying_all_finds(people in vec(properties::person(), 1..6)) {
        let settings = Settings { sample_size: 0, ..Settings::default() };
        let inputs = knowing(properties::surroundings());
        let clears = |rule: RuleId, set: &[Subject]| {
            let only = Settings { only: Some(vec![rule]), ..settings.clone() };
            report_of(&deleted(&people, set), &only, &inputs).rules[0].state == RuleState::Clear
        };
        for remedy in search_knowing(&people, &settings, &inputs) {
            use RuleId::{Con01, Con02, Con03, Con06, Con09, Enf03, Lst06, Lst07, Tpl02, Win01, Win03};
            if ![Con01, Con02, Con03, Con06, Con09, Enf03, Lst06, Lst07, Tpl02, Win01, Win03].contains(&remedy.rule) {
                continue;
            }
            let least = (1..=3).find(|size| subsets(&elements(), *size).iter().any(|set| clears(remedy.rule, set)));
            let found = remedy.counterfactual.as_ref().map(|counterfactual| counterfactual.without.len());
            prop_assert_eq!(found.filter(|size| *size <= 3), least, "{:?}", remedy);
            prop_assert_eq!(remedy.is_least, least.is_some());
            if let Some(counterfactual) = remedy.counterfactual {
                let after = report_of(&deleted(&people, &counterfactual.without), &settings, &inputs);
                prop_assert_eq!(&counterfactual, &compare(counterfactual.without.clone(), &report_of(&people, &settings, &inputs), &after));
            }
        }
    }
}

fn remedy(remedies: &[Remedy], rule: RuleId) -> &Remedy {
    remedies.iter().find(|remedy| remedy.rule == rule).unwrap()
}

/// One due marketing message of a list, with or without consent.
fn one(list: u32, has_consent: bool, n: usize) -> Person {
    let message = promo(0).named(&format!("{list}.{n}")).with(|send| send.list = list);
    let person = person([message]);
    if has_consent { person.agrees([opt_in(-DAY)]) } else { person }
}

#[test]
fn the_list_without_consent_is_what_should_not_have_been_written_to() {
    let people: Vec<Person> = (0..40).map(|n| one(u32::from(n % 4 == 0), n % 4 != 0, n)).collect();
    let remedies = search(&people);
    let found = remedy(&remedies, RuleId::Con01);
    assert!(found.is_least);
    let counterfactual = found.counterfactual.as_ref().unwrap();
    assert_eq!(counterfactual.without, [list(1)]);
    assert_eq!((counterfactual.removed, counterfactual.before.messages, counterfactual.after.messages), (10, 40, 30));
    assert_eq!((counterfactual.before.without_consent, counterfactual.after.without_consent), (10, 0));
    assert!(counterfactual.cleared.contains(&RuleId::Con01));
}

#[test]
fn two_lists_are_found_together_when_neither_suffices() {
    let people: Vec<Person> = (0..60).map(|n| one((n % 3) as u32, n % 3 == 0, n)).collect();
    let remedies = search(&people);
    let found = remedy(&remedies, RuleId::Con01).counterfactual.as_ref().unwrap();
    // Everything came from one number by one template: only the lists tell the good from the bad.
    assert_eq!(found.without, [list(1), list(2)]);
}

#[test]
fn beyond_three_elements_the_set_grows_step_by_step_and_says_so() {
    let people: Vec<Person> = (0..60).map(|n| one((n % 6) as u32, n % 6 == 0, n)).collect();
    let remedies = search(&people);
    let found = remedy(&remedies, RuleId::Con01);
    assert!(!found.is_least);
    assert_eq!(found.counterfactual.as_ref().unwrap().without, (1..6).map(list).collect::<Vec<_>>());
}

#[test]
fn no_set_clears_a_rule_when_everything_is_at_fault() {
    let people: Vec<Person> = (0..10).map(|n| one(0, false, n)).collect();
    // Without any message nothing can be judged, and that is no pass.
    assert_eq!(remedy(&search(&people), RuleId::Con01).counterfactual, None);
}

#[test]
fn a_flood_of_two_lists_ends_without_either() {
    // Three of one list and two of another within a day: only together they are too many.
    let flood = |n: usize| {
        let message = |at: i64, list: u32| promo(at).named(&format!("{n}.{at}")).with(move |send| send.list = list);
        person([message(0, 0), message(1, 0), message(2, 0), message(3, 1), message(4, 1)]).agrees([opt_in(-DAY)])
    };
    let remedies = search(&(0..5).map(flood).collect::<Vec<_>>());
    let found = remedy(&remedies, RuleId::Vol04).counterfactual.as_ref().unwrap();
    // Of the sets of one, the one that takes the fewest messages.
    assert_eq!((found.without.as_slice(), found.removed), (&[list(1)][..], 10));
}

#[test]
fn what_removal_uncovers_is_told() {
    let state = |rule, state| domain::traffic::RuleResult { rule, state, provisional: false };
    let before = Report {
        rules: vec![state(RuleId::Con01, RuleState::Finding), state(RuleId::Tpl01, RuleState::Clear)],
        ..Report::default()
    };
    let after = Report {
        rules: vec![state(RuleId::Con01, RuleState::InsufficientData), state(RuleId::Tpl01, RuleState::Finding)],
        ..Report::default()
    };
    let compared = compare(vec![list(0)], &before, &after);
    assert_eq!((compared.cleared, compared.raised), (vec![], vec![RuleId::Tpl01]));
}

#[test]
fn removal_names_lists_templates_and_numbers_and_nothing_else() {
    let all: BTreeSet<bool> = elements()
        .iter()
        .map(|element| Removal::of(std::slice::from_ref(element), &names()) == Removal::default())
        .collect();
    assert_eq!(all, BTreeSet::from([false]));
    for nothing in [
        Subject::client(),
        Subject::of(SubjectKind::List, Some("unknown")),
        Subject::of(SubjectKind::Campaign, Some("campaign-0")),
    ] {
        assert_eq!(Removal::of(&[nothing], &names()), Removal::default());
    }
}
