//! Strange but readable input: whatever the format, and by way of segments too, the same figures, and none of it is lost.

use domain::imports::ImportKind;
use domain::traffic::{Category, ConsentAction, ConsentScope, Outcome, Report, RuleId, RuleState, Verdict};

use super::segments::World;
use super::traffic::{Event, Files, HEADER, HOUR, Inbound, Message, T0, Traffic, audit_messages, request};

const DAY: i64 = 24 * HOUR;

/// A delivered marketing template, sent at T0 + `after`.
fn promo(id: &str, after: i64) -> Message {
    Message {
        id: id.to_owned(),
        recipient: "393331234567".to_owned(),
        user_id: None,
        sent_at: T0 + after,
        template: Some("promo".to_owned()),
        category: Category::Marketing,
        list: Some("spring".to_owned()),
        status: Some(Outcome::Delivered),
        read_at: None,
        error_code: None,
    }
}

/// These messages, and somebody else who agreed and wrote.
fn of(messages: impl IntoIterator<Item = Message>) -> Traffic {
    let somebody = "393330000001".to_owned();
    let wrote = Inbound { id: "in.1".to_owned(), sender: somebody.clone(), received_at: T0, text: None };
    let agreed = Event {
        recipient: somebody,
        action: ConsentAction::OptIn,
        scope: ConsentScope::All,
        effective_at: T0,
        recorded_at: None,
        ip: None,
    };
    Traffic { messages: messages.into_iter().collect(), inbound: vec![wrote], consents: vec![agreed] }
}

/// The report over the traffic, which is the same from files of every format and from segments.
async fn report(traffic: &Traffic) -> Report {
    report_of(traffic, &["ndjson", "parquet"]).await
}

/// The report over CSV files, which is the same from files of other formats and from segments.
async fn report_of(traffic: &Traffic, others: &[&str]) -> Report {
    let world = World::new();
    let report_of = |files: &Files| {
        let mut request = files.request();
        request.inputs.as_of = Some(T0);
        lake::audit_files(request).unwrap().report
    };
    let csv = traffic.write(world.folder.path(), "csv");
    let report = report_of(&csv);
    for extension in others {
        assert_eq!(report_of(&traffic.write(world.folder.path(), extension)), report, "{extension}");
    }
    let segments = world.import_all(&csv).await;
    let of_segments = world.audit(segments).await.unwrap();
    assert_eq!(of_segments.totals, report.totals);
    assert_eq!(of_segments.templates, report.templates);
    assert_eq!(of_segments.period, report.period);
    assert_eq!(of_segments.findings, report.findings);
    report
}

#[tokio::test]
async fn of_contradicting_rows_the_first_tells_the_facts_and_the_strongest_the_outcome() {
    let mut other = promo("m1", HOUR);
    (other.template, other.list, other.status) = (Some("other".to_owned()), None, Some(Outcome::Read));
    let mut failed = promo("m1", 0);
    (failed.status, failed.error_code) = (Some(Outcome::Failed), Some(131_026));
    let traffic = of([promo("m1", 0), other, failed]);
    let report = report(&traffic).await;
    assert_eq!((report.totals.messages, report.templates.len()), (1, 1));
    let template = &report.templates[0];
    assert_eq!((template.name.as_str(), template.read, template.failed), ("promo", 1, 0));
    assert!(template.errors.is_empty(), "what was read has not failed");
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(traffic.write(folder.path(), "csv").audit().contradicting_rows, 1);
}

#[tokio::test]
async fn times_in_the_future_and_before_whatsapp_are_counted_where_they_stand() {
    let years = |years: i64| years * 365 * DAY;
    let report = report(&of([promo("old", years(-30)), promo("now", 0), promo("late", years(200))])).await;
    assert_eq!((report.totals.messages, report.peak24h.recipients), (3, 1));
    let micros = |at: Option<domain::Instant>| at.unwrap().timestamp_micros();
    assert_eq!(micros(report.period.from), T0 + years(-30));
    assert_eq!(micros(report.period.to), T0 + years(200) + 1);
}

#[tokio::test]
async fn a_clock_that_jumps_changes_nothing_but_the_order_of_rows() {
    let straight: Vec<Message> = (0..20).map(|n| promo(&format!("m{n:02}"), n * HOUR)).collect();
    let mut jumping = straight.clone();
    jumping.rotate_left(7);
    jumping.swap(3, 16);
    assert_eq!(report(&of(jumping)).await, report(&of(straight)).await);
}

#[tokio::test]
async fn empty_tables_are_tables() {
    // Of NDJSON, which has no header, an empty file is no table at all.
    let report = report_of(&Traffic::default(), &["parquet"]).await;
    assert_eq!((report.totals.messages, report.period.from, report.period.to), (0, None, None));
    assert!(report.findings.is_empty());
    let state = |rule| report.rules.iter().find(|result| result.rule == rule).unwrap().state;
    // Consents were given, and there are none: nothing can be judged, which is no pass and not the same as not given.
    assert_ne!(state(RuleId::Con01), RuleState::NotFed);
    assert!(report.rules.iter().all(|result| result.state != RuleState::Finding));
    let folder = tempfile::tempdir().unwrap();
    let files = Traffic::default().write(folder.path(), "csv");
    let without = lake::audit_files(request(&[&files.messages], &[], &[])).unwrap().report;
    let state = |rule| without.rules.iter().find(|result| result.rule == rule).unwrap().state;
    assert_eq!(state(RuleId::Con01), RuleState::NotFed);
}

#[tokio::test]
async fn a_template_name_of_512_letters_is_kept_whole() {
    let name = "à".repeat(256);
    let mut named = promo("m1", 0);
    named.template = Some(name.clone());
    let report = report(&of([named])).await;
    assert_eq!(report.templates[0].name, name);
}

#[tokio::test]
async fn unknown_error_codes_and_categories_are_kept_shown_and_counted() {
    let rows = "m1,1,393331234567,1788220800,template,promo,lottery\n";
    let unknown = audit_messages("m.csv", format!("{HEADER}{rows}").as_bytes()).unwrap();
    assert_eq!((unknown.files[0].rejected, unknown.report.totals.messages), (0, 1));
    assert_eq!((unknown.report.totals.templates, unknown.report.consent.due), (1, 0), "what is unknown is never due");
    let mut failed = promo("m1", 0);
    (failed.status, failed.error_code) = (Some(Outcome::Failed), Some(999_999));
    failed.category = Category::Unknown;
    let report = report(&of([failed])).await;
    let template = &report.templates[0];
    assert_eq!((template.failed, template.errors[0].code, template.errors[0].messages), (1, 999_999, 1));
    assert!(report.consent.by_verdict.iter().all(|verdict| verdict.messages == 0 || verdict.verdict != Verdict::None));
}

/// Everything to one person, in one row group: more than memory is meant to hold.
#[tokio::test]
async fn one_person_with_very_many_messages_gives_the_same_figures_in_little_memory() {
    let messages = (0..60_000_i64).map(|n| {
        let mut message = promo(&format!("m{n}"), n * 7_000_000);
        message.template = Some(format!("tpl_{}", n % 3));
        message
    });
    let traffic = of(messages);
    let (little, much) = (World::with(std::num::NonZero::new(2), 1 << 20), World::with(None, 512 << 20));
    let mut reports = Vec::new();
    for world in [little, much] {
        let files = traffic.write(world.folder.path(), "parquet");
        let segments = world.import(ImportKind::Messages, &files.messages).await.segments;
        reports.push(world.audit(segments).await.unwrap());
    }
    assert_eq!(reports[0], reports[1]);
    assert_eq!((reports[0].totals.messages, reports[0].totals.recipients), (60_000, 1));
}
