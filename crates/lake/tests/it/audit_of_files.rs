//! What an audit of files makes of rows: merging, persons, order, memory.

use std::collections::{BTreeMap, BTreeSet};

use domain::traffic::Outcome;
use lake::audit_files;
use proptest::prelude::*;

use super::traffic::{HEADER, Message, T0, Traffic, audit_messages, request};

fn message(id: &str, recipient: &str) -> Message {
    Message {
        id: id.to_owned(),
        recipient: recipient.to_owned(),
        user_id: None,
        sent_at: T0,
        template: Some("promo".to_owned()),
        category: domain::traffic::Category::Marketing,
        list: None,
        status: None,
        read_at: None,
        error_code: None,
    }
}

#[test]
fn rows_of_one_message_are_one_message() {
    let rows = "m1,1,393331234567,1788220800,template,promo,marketing\n\
                m1,1,+39 333 123 4567,1788220800,template,promo,marketing\n\
                m1,1,393331234568,1788220800,template,promo,marketing\n\
                m1,1,393331234567,1788220900,template,promo,marketing\n";
    let outcome = audit_messages("m.csv", format!("{HEADER}{rows}").as_bytes()).unwrap();
    assert_eq!(outcome.report.totals.messages, 2);
    assert_eq!(outcome.report.totals.recipients, 2);
    assert_eq!(outcome.contradicting_rows, 1, "the last row gives another time");
}

#[test]
fn a_row_with_number_and_user_id_joins_two_persons() {
    let count = |user_id: Option<&str>| {
        let folder = tempfile::tempdir().unwrap();
        let mut linked = message("m2", "393331234567");
        linked.user_id = user_id.map(str::to_owned);
        let mut other_number = message("m4", "393337654321");
        other_number.user_id = user_id.map(str::to_owned);
        let traffic = Traffic {
            messages: vec![message("m1", "IT.abc"), message("m3", "IT.ENT.other"), linked, other_number],
            ..Traffic::default()
        };
        let files = traffic.write(folder.path(), "csv");
        files.audit().report.totals.recipients
    };
    assert_eq!(count(None), 4);
    assert_eq!(count(Some("IT.abc")), 2, "IT.abc and both numbers are one person, IT.ENT.other another");
}

#[test]
fn files_of_one_kind_are_read_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
    std::fs::write(&a, format!("{HEADER}m1,1,393331234567,1788220800,template,a,marketing\n")).unwrap();
    std::fs::write(&b, format!("{HEADER}m1,1,393331234567,1788220800,template,b,marketing\n")).unwrap();
    for (first, second) in [(&a, &b), (&b, &a)] {
        let outcome = audit_files(request(&[first, second], &[], &[])).unwrap();
        assert_eq!((outcome.report.totals.messages, outcome.contradicting_rows), (1, 1));
    }
}

#[test]
fn little_memory_and_any_threads_give_the_same_figures() {
    let folder = tempfile::tempdir().unwrap();
    let files = Traffic::sample(20_000).write(folder.path(), "parquet");
    let expected = files.audit();
    for (memory, threads) in [(1 << 10, 1), (1 << 16, 3), (1 << 20, 2), (1 << 30, 1)] {
        let mut request = files.request();
        request.memory = Some(memory);
        request.threads = std::num::NonZero::new(threads);
        request.temporary = Some(folder.path().to_owned());
        let outcome = audit_files(request).unwrap();
        assert_eq!(outcome.report, expected.report, "{memory} bytes, {threads} threads");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "no temporary file stays");
}

#[test]
fn progress_reaches_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let files = Traffic::sample(1_000).write(folder.path(), "csv.gz");
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |progress| told.lock().unwrap().push(progress);
    let mut request = files.request();
    request.progress = &tell;
    audit_files(request).unwrap();
    let told = told.into_inner().unwrap();
    for phase in [lake::Phase::Reading, lake::Phase::Replaying] {
        assert!(told.iter().any(|told| told.phase == phase && told.done == told.total), "{told:?}");
        assert!(told.iter().all(|told| told.done <= told.total));
    }
}

/// A row of a small world, so that messages often have several.
fn small_world() -> impl Strategy<Value = Message> {
    let status = prop_oneof![
        Just(None),
        Just(Some(Outcome::Sent)),
        Just(Some(Outcome::Delivered)),
        Just(Some(Outcome::Read)),
        Just(Some(Outcome::Failed))
    ];
    (0_u8..6, 0_u8..4, 0_i64..5, status, proptest::option::of(Just(131_026_u32)), proptest::bool::ANY).prop_map(
        |(id, person, minute, status, error_code, read)| {
            let mut row = message(&format!("m{id}"), &format!("39333123456{person}"));
            row.sent_at = T0 + minute * 60_000_000;
            row.status = status;
            row.error_code = error_code;
            row.read_at = read.then_some(T0);
            row.template = Some(format!("t{}", id % 2));
            row
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn figures_are_those_of_a_naive_merge(rows in proptest::collection::vec(small_world(), 0..40)) {
        let mut merged: BTreeMap<(String, String), (i64, Outcome)> = BTreeMap::new();
        for row in &rows {
            let said = row.status.unwrap_or(Outcome::Sent);
            let outcome = if row.read_at.is_some() { Outcome::Read } else { said };
            let entry = merged.entry((row.recipient.clone(), row.id.clone())).or_insert((row.sent_at, outcome));
            entry.1 = entry.1.max(outcome);
        }
        let people: BTreeSet<&String> = merged.keys().map(|(recipient, _)| recipient).collect();
        let folder = tempfile::tempdir().unwrap();
        let files = Traffic { messages: rows, ..Traffic::default() }.write(folder.path(), "csv");
        let report = files.audit().report;
        prop_assert_eq!(report.totals.messages, merged.len() as u64);
        prop_assert_eq!(report.totals.recipients, people.len() as u64);
        let read: u64 = report.templates.iter().map(|template| template.read).sum();
        let failed: u64 = report.templates.iter().map(|template| template.failed).sum();
        let expected = |wanted| merged.values().filter(|(_, outcome)| *outcome == wanted).count() as u64;
        prop_assert_eq!((read, failed), (expected(Outcome::Read), expected(Outcome::Failed)));
        let from = merged.values().map(|(sent_at, _)| *sent_at).min();
        prop_assert_eq!(report.period.from.map(|from| from.timestamp_micros()), from);
    }
}
