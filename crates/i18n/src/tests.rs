//! Both languages say the same things, and say them well formed.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::Role,
    enforcement::{NoticeSource, RestrictionType},
    imports::{ImportFailureKind, ImportKind, ImportState},
    jobs::JobState,
    notifications::{SecurityEvent, Topic},
    tickets::{
        ActionState, SubmissionChannel, SubmissionOutcome, TicketKind, TicketLevel, TicketOutcome, TicketPriority,
        TicketStatus, WaitingOn,
    },
    traffic::{
        Component, Figure, Finding, LintArgument, LintCode, LintFinding, Place, RULES, RuleId, RuleState, Severity,
        Subject, SubjectKind,
    },
};

use crate::{
    Args, FindingFacts, Group, Lang, bundles, finding, objection, remedy, rule_name, subject, text, text_with, word,
};

/// Key → the variables that its text needs, also those of the texts that it is made of.
fn messages(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    let mut current = None;
    for line in bundles::sources(lang).iter().flat_map(|source| source.lines()) {
        match line.split_once(" =") {
            Some((key, rest)) if line.starts_with(|first: char| first.is_ascii_lowercase()) => {
                assert!(bodies.insert(key.to_owned(), rest.to_owned()).is_none(), "{lang}: {key} stands twice");
                current = Some(key.to_owned());
            }
            _ if line.starts_with([' ', '}']) => bodies.get_mut(current.as_ref().unwrap()).unwrap().push_str(line),
            _ => assert!(line.is_empty() || line.starts_with('#'), "{lang}: what is this line? {line}"),
        }
    }
    bodies.keys().map(|key| (key.clone(), variables(&bodies, key))).collect()
}

fn variables(bodies: &BTreeMap<String, String>, key: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for inside in bodies[key].split('{').skip(1) {
        let name = inside.trim_start().split([' ', '}']).next().unwrap();
        match name.strip_prefix('$') {
            Some(variable) => {
                found.insert(variable.to_owned());
            }
            None => found.extend(variables(bodies, name)),
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let (italian, english) = (messages(Lang::It), messages(Lang::En));
    for (key, variables) in &italian {
        assert_eq!(Some(variables), english.get(key), "{key}");
    }
    assert_eq!(italian.len(), english.len(), "English has keys that Italian has not");
}

#[test]
fn every_text_is_well_formed_and_can_be_filled() {
    for lang in Lang::ALL {
        for (key, variables) in messages(lang) {
            for count in [1, 5_000] {
                let args = variables.iter().fold(Args::new(), |args, name| args.count(name.clone(), count));
                let (filled, errors) = bundles::format_message(lang, &key, &args).unwrap();
                assert!(errors.is_empty(), "{lang} {key}: {errors:?}");
                assert!(!filled.trim().is_empty() && !filled.contains(['{', '}', '$']), "{lang} {key}: {filled}");
                assert!(!filled.contains(['\u{2068}', '\u{2069}']), "{lang} {key} has isolation marks");
                assert_eq!(filled.trim(), filled, "{lang} {key} has space around it");
            }
        }
    }
}

#[test]
fn texts_use_the_punctuation_of_print() {
    for lang in Lang::ALL {
        for source in bundles::sources(lang) {
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                assert!(lang == Lang::En || !line.contains('\''), "{lang}: a straight apostrophe in: {line}");
                assert!(!line.contains('"') && !line.contains("..."), "{lang}: straight quotes or dots in: {line}");
            }
        }
    }
}

#[test]
fn one_and_several_are_told_apart_and_numbers_are_written_as_the_language_does() {
    let args = |count| Args::new().count("messages", count);
    assert_eq!(text(Lang::It, "n-messages", &args(1)), "1 messaggio");
    assert_eq!(text(Lang::It, "n-messages", &args(1_214)), "1.214 messaggi");
    assert_eq!(text(Lang::En, "n-messages", &args(0)), "0 messages");
    assert_eq!(text(Lang::En, "n-messages", &args(1_000_000)), "1,000,000 messages");
}

/// The figures that findings of a rule always have, as far as its sentence names them.
const FIGURES: &[(RuleId, &[&str])] = &[
    (RuleId::Con01, &["share"]),
    (RuleId::Con04, &["share"]),
    (RuleId::Con06, &["expired", "stale", "staleDays"]),
    (RuleId::Con07, &["share"]),
    (RuleId::Con08, &["atOneMoment", "fromOneAddress", "largest"]),
    (RuleId::Con09, &["share"]),
    (RuleId::Con10, &["coverage"]),
    (RuleId::Tpl01, &["rate", "baseRate"]),
    (RuleId::Tpl03, &["pauses"]),
    (RuleId::Tpl04, &["yellowDays", "redDays"]),
    (RuleId::Tpl06, &["flips"]),
    (RuleId::Tpl09, &["share"]),
    (RuleId::Win02, &["share"]),
    (RuleId::Vol07, &["share"]),
    (RuleId::Vol03, &["busiest", "minutes"]),
    (RuleId::Wrm01, &["day", "before", "age"]),
    (RuleId::Wrm02, &["share"]),
    (RuleId::Wrm03, &["share"]),
    (RuleId::Wrm06, &["day", "share"]),
    (RuleId::Lim02, &["reached", "excess", "limit"]),
    (RuleId::Lim03, &["limit"]),
    (RuleId::Lim04, &["times"]),
    (RuleId::Lim05, &["share"]),
    (RuleId::Qlt01, &["days"]),
    (RuleId::Qlt02, &["score"]),
    (RuleId::Enf01, &["times"]),
    (RuleId::Enf02, &["times"]),
    (RuleId::Enf05, &["repeats", "daysSince"]),
    (RuleId::Ops01, &["minutes"]),
    (RuleId::Vol01, &["expected"]),
    (RuleId::Vol04, &["dayMessages", "weekMessages", "pairLimitMessages"]),
    (RuleId::Lim01, &["used", "limit"]),
    (RuleId::Eng02, &["rate"]),
    (RuleId::Eng01, &["rate", "baseRate"]),
    (RuleId::Eng03, &["share"]),
    (RuleId::Lst02, &["share"]),
    (RuleId::Lst03, &["failures", "stops"]),
    (RuleId::Lst04, &["impossible", "fixedLines", "duplicates"]),
    (RuleId::Lst05, &["share"]),
    (RuleId::Tpl05, &["signals"]),
    (RuleId::Tpl07, &["places"]),
    (RuleId::Tpl08, &["places"]),
    (RuleId::Tpl10, &["places"]),
    (RuleId::Tpl12, &["likeness"]),
    (RuleId::Pro01, &["places"]),
    (RuleId::Pro02, &["places"]),
    (RuleId::Pro03, &["places"]),
];

#[test]
fn every_rule_of_this_release_has_name_finding_and_remedy() {
    for lang in Lang::ALL {
        let messages = messages(lang);
        for rule in RULES.iter().map(|spec| spec.id) {
            let figures = FIGURES.iter().find(|(listed, _)| *listed == rule).map_or(&[][..], |(_, figures)| figures);
            let known: BTreeSet<&str> = figures.iter().copied().chain(["subject", "messages", "recipients"]).collect();
            let named = &messages[&format!("rule-{}-finding", rule.as_str().to_lowercase())];
            assert!(named.iter().all(|name| known.contains(name.as_str())), "{lang} {rule} names {named:?}");
            assert_ne!(rule_name(lang, rule), rule.name_key(), "{lang}");
            assert!(remedy(lang, rule).len() >= 3, "{lang} {rule}: what is to be done?");
        }
    }
}

#[test]
fn every_objection_of_the_lint_has_a_sentence() {
    for lang in Lang::ALL {
        let messages = messages(lang);
        for code in LintCode::ALL {
            assert!(messages.contains_key(&code.text_key()), "{lang} {code}");
        }
    }
    let place = Place { component: Component::Body, button: None, span: None, code: LintCode::NearDuplicate };
    let arguments = [
        ("template", LintArgument::Text("warranty/it".into())),
        ("status", LintArgument::Text("REJECTED".into())),
        ("likeness", LintArgument::Share(0.93)),
    ];
    let arguments = arguments.map(|(name, argument)| (name.to_owned(), argument)).into();
    let found = LintFinding { rule: RuleId::Tpl12, severity: Severity::High, place, arguments };
    assert_eq!(
        objection(Lang::En, &found),
        "The text is 93% the same as that of “warranty/it”, which has the status REJECTED."
    );
}

fn finding_of(rule: RuleId, subject: Subject, figures: &[(&str, Figure)]) -> Finding {
    Finding {
        rule,
        fingerprint: Finding::fingerprint_of(rule, &subject),
        severity: Severity::High,
        subject,
        messages: 1_214,
        recipients: 834,
        figures: figures.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect(),
        breakdown: Vec::new(),
        places: Vec::new(),
        sample: Vec::new(),
    }
}

fn said(lang: Lang, found: &Finding) -> String {
    finding(lang, &FindingFacts::from(found))
}

#[test]
fn a_finding_is_one_sentence_with_its_figures() {
    let list = Subject::of(SubjectKind::List, Some("spring_import"));
    let found = finding_of(RuleId::Con01, list, &[("share", Figure::Value(0.031)), ("due", Figure::Count(39_161))]);
    assert_eq!(
        said(Lang::It, &found),
        "Lista «spring_import»: 1.214 messaggi a 834 persone senza alcun consenso registrato, pari al 3,1% dei messaggi \
         che lo richiedevano."
    );
    assert_eq!(
        said(Lang::En, &found),
        "List “spring_import”: 1,214 messages to 834 people went out with no opt-in on file, 3.1% of the messages that \
         needed one."
    );
    assert_eq!(rule_name(Lang::It, RuleId::Con01), "Nessun consenso registrato");
}

#[test]
fn figures_are_written_as_what_they_are() {
    let number = Subject { day: Some("2026-09-14".to_owned()), ..Subject::of(SubjectKind::Number, Some("1067")) };
    let spike = finding_of(RuleId::Vol01, number, &[("expected", Figure::Value(402.7)), ("score", Figure::Value(9.1))]);
    assert_eq!(
        said(Lang::It, &spike),
        "Numero 1067, 14 settembre 2026: 1.214 messaggi consegnati in un giorno, contro i circa 403 attesi."
    );
    let portfolio = Subject::of(SubjectKind::Portfolio, None);
    let near = finding_of(RuleId::Lim01, portfolio, &[("used", Figure::Value(0.96)), ("limit", Figure::Count(2_000))]);
    assert_eq!(
        said(Lang::En, &near),
        "The business portfolio: 834 people reached within 24 hours, 96% of the messaging limit of 2,000."
    );
}

#[test]
fn what_meta_told_of_an_account_names_it() {
    let notice = |id| subject(Lang::En, &Subject::of(SubjectKind::Notice, Some(id)));
    assert_eq!((notice("SPAM"), notice("SPAM/1022")), ("Meta’s “SPAM”".into(), "Meta’s “SPAM” on account 1022".into()));
    assert_eq!(subject(Lang::It, &Subject::of(SubjectKind::Account, Some("1022"))), "Account 1022");
}

#[test]
fn one_place_is_not_several() {
    let of = |places| {
        let template = Subject::of(SubjectKind::Template, Some("sneaker/it"));
        finding_of(RuleId::Pro01, template, &[("places", Figure::Count(places))])
    };
    assert!(said(Lang::En, &of(1)).ends_with("in 1 place."));
    assert!(said(Lang::En, &of(1_200)).ends_with("in 1,200 places."));
    assert!(said(Lang::It, &of(1)).ends_with("in 1 punto."));
    assert!(said(Lang::It, &of(2)).ends_with("in 2 punti."));
}

#[test]
fn a_finding_without_its_figures_is_still_a_sentence() {
    let found = finding_of(RuleId::Con01, Subject::client(), &[]);
    assert_eq!(said(Lang::En, &found), "The whole account: 1,214 messages to 834 people.");
    let reserved = finding_of(RuleId::Win04, Subject::of(SubjectKind::List, None), &[]);
    assert_eq!(said(Lang::It, &reserved), "Messaggi senza lista: 1.214 messaggi a 834 persone.");
}

/// What imports reject rows for, by the words that they keep.
const ROW_REASONS: [&str; 16] = [
    "missing",
    "not_a_recipient",
    "not_a_user_id",
    "not_an_instant",
    "not_a_number",
    "unknown_type",
    "unknown_status",
    "unknown_action",
    "unknown_scope",
    "too_long",
    "quoting",
    "field_count",
    "not_an_object",
    "json_type",
    "invalid_value",
    "not_utf_8",
];

#[test]
fn every_value_of_the_domain_has_a_word() {
    fn all<T: Copy>(values: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
        values.iter().copied().map(name).collect()
    }
    let statuses = all(TicketStatus::ALL, TicketStatus::as_str);
    let owners = all(WaitingOn::ALL, WaitingOn::as_str);
    let groups = [
        (Group::ActionState, all(ActionState::ALL, ActionState::as_str)),
        (Group::ImportKind, all(ImportKind::ALL, ImportKind::as_str)),
        (Group::ImportFailure, all(ImportFailureKind::ALL, ImportFailureKind::as_str)),
        (Group::ImportState, all(ImportState::ALL, ImportState::as_str)),
        (Group::JobState, all(JobState::ALL, JobState::as_str)),
        (Group::Language, all(&Lang::ALL, Lang::as_str)),
        (Group::NoticeSource, all(NoticeSource::ALL, NoticeSource::as_str)),
        (Group::Restriction, all(RestrictionType::ALL, RestrictionType::as_str)),
        (Group::Role, all(Role::ALL, Role::as_str)),
        (Group::SubmissionChannel, all(SubmissionChannel::ALL, SubmissionChannel::as_str)),
        (Group::SubmissionOutcome, all(SubmissionOutcome::ALL, SubmissionOutcome::as_str)),
        (Group::TicketKind, all(TicketKind::ALL, TicketKind::as_str)),
        (Group::TicketLevel, all(TicketLevel::ALL, TicketLevel::as_str)),
        (Group::TicketOutcome, all(TicketOutcome::ALL, TicketOutcome::as_str)),
        (Group::TicketPriority, all(TicketPriority::ALL, TicketPriority::as_str)),
        (Group::TicketStatus, statuses.clone()),
        (Group::TicketStatusExplained, statuses),
        (Group::WaitingOn, owners.clone()),
        (Group::Turn, owners),
        (Group::Category, vec!["marketing", "utility", "authentication", "service", "unknown"]),
        (Group::Verdict, vec!["valid", "opted_out", "expired", "retroactive", "scope_mismatch", "none"]),
        (Group::SecurityEvent, all(SecurityEvent::ALL, SecurityEvent::as_str)),
        (Group::Topic, all(Topic::ALL, Topic::as_str)),
        (Group::Severity, all(Severity::ALL, Severity::as_str)),
        (Group::RuleState, all(RuleState::ALL, RuleState::as_str)),
        (Group::SlaMetric, vec!["first_response", "next_reply", "keep_posted", "submission", "resolution"]),
        (Group::SlaWaiting, WaitingOn::ALL.iter().map(|owner| owner.as_str()).collect()),
        (Group::SlaState, vec!["running", "paused", "met", "breached", "cancelled"]),
        (Group::RowReason, ROW_REASONS.to_vec()),
    ];
    for group in Group::ALL {
        let (_, values) = groups.iter().find(|(listed, _)| listed == group).unwrap();
        for value in values {
            for lang in Lang::ALL {
                assert_ne!(word(lang, *group, value), **value, "{lang} {group:?}");
            }
        }
    }
}

#[test]
fn a_refused_move_names_statuses_in_the_reader_s_words() {
    let refused = [("from", "new".to_owned()), ("to", "in_review".to_owned())];
    assert_eq!(
        text_with(Lang::It, "error-transition-refused", &refused),
        "Un ticket non può passare da «Ricevuto» a «In valutazione presso Meta»."
    );
}

#[test]
fn what_has_no_word_is_written_as_it_is() {
    assert_eq!(word(Lang::It, Group::TicketStatus, "in_review"), "In valutazione presso Meta");
    assert_eq!(word(Lang::It, Group::TicketStatus, "hibernating"), "hibernating");
    assert_eq!(text(Lang::En, "no-such-key", &Args::new()), "no-such-key");
}
