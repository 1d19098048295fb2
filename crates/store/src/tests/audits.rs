//! Audits, findings, schedules.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::{
    AuditId, FindingId, Instant, ScheduleId,
    access::Visibility,
    audits::{Audit, AuditFailure, AuditState, Comparison, Finding, Seen},
    jobs::{LocalTime, Schedule, ScheduleKind},
    thresholds::UsedThresholds,
    traffic::{
        self, AuditParameters, Figure, Part, Period, Profile, Report, RuleId, RuleResult, RuleState, Severity, Subject,
        SubjectKind, Surroundings,
    },
};

use super::{id, now, only, three_clients};
use crate::{
    Store, StoreError, Tx,
    audits::{self, Completion},
    both_stores,
    findings::{self, FindingFilter},
    page::{Keyset, Span},
    schedules,
    testing::TestStore,
};

fn later(seconds: i64) -> Instant {
    now() + TimeDelta::seconds(seconds)
}

fn audit(number: u128, client: u128) -> Audit {
    let period = Period { from: Some(later(-1_000)), to: Some(later(-10)) };
    Audit {
        id: AuditId::from_uuid(uuid::Uuid::from_u128(number)),
        client: id(client),
        job: None,
        state: AuditState::Queued,
        parameters: AuditParameters {
            from: period.from,
            to: period.to,
            profile: Profile::Full,
            messaging_limit: Some(u64::MAX),
            as_of: now(),
        },
        thresholds: UsedThresholds {
            versions: Vec::new(),
            values: serde_json::json!({ "list": { "deadShare": 0.3 } }),
        },
        period,
        is_provisional: false,
        requested_by: None,
        requested_at: later(number as i64),
        started_at: None,
        finished_at: None,
        previous: None,
        failure: None,
    }
}

fn finding(number: u128, audit: &Audit, list: &str, severity: Severity) -> Finding {
    let subject = Subject { day: Some("2026-09-12".to_owned()), ..Subject::of(SubjectKind::List, Some(list)) };
    Finding {
        id: FindingId::from_uuid(uuid::Uuid::from_u128(number)),
        client: audit.client,
        audit: audit.id,
        ordinal: number as u32,
        comparison: Comparison::New,
        is_provisional: true,
        first_seen_at: audit.requested_at,
        found: traffic::Finding {
            rule: RuleId::Con01,
            fingerprint: traffic::Finding::fingerprint_of(RuleId::Con01, &subject),
            severity,
            breakdown: vec![Part { subject: Subject::client(), messages: 1, recipients: 1 }],
            places: vec![traffic::Place {
                component: traffic::Component::Button,
                button: Some(1),
                span: Some(traffic::Span { start: 3, end: 9 }),
                code: traffic::LintCode::ButtonTooLong,
            }],
            subject,
            messages: 7,
            recipients: 5,
            figures: BTreeMap::from([("share".to_owned(), Figure::Value(0.5)), ("due".to_owned(), Figure::Count(14))]),
            sample: Vec::new(),
        },
    }
}

fn report() -> Report {
    let rules = vec![RuleResult { rule: RuleId::Con01, state: RuleState::Finding, provisional: true }];
    let period = Period { from: Some(later(-900)), to: Some(later(-20)) };
    let mut report = Report { period, rules, ..Report::default() };
    report.totals.messages = 3_000_000_000;
    report
}

async fn completed(store: &Store, audit: &Audit, report: &Report, found: &[Finding]) {
    let tx = store.write(&Visibility::System).await.unwrap();
    audits::insert(&tx, audit).await.unwrap();
    audits::start(&tx, audit.id, later(1)).await.unwrap();
    let completion = Completion {
        report,
        is_provisional: true,
        previous: None,
        segments: &[],
        surroundings: &Surroundings::default(),
    };
    audits::complete(&tx, audit, completion, later(2)).await.unwrap();
    findings::insert_all(&tx, found, later(2)).await.unwrap();
    tx.commit().await.unwrap();
}

fn schedule(client: Option<u128>) -> Schedule {
    Schedule {
        id: ScheduleId::from_uuid(uuid::Uuid::from_u128(client.unwrap_or_default() + 1)),
        client: client.map(id),
        kind: if client.is_some() { ScheduleKind::NightlyAudit } else { ScheduleKind::LakeSweep },
        time_zone: "Europe/Rome".to_owned(),
        local_time: LocalTime::NIGHT,
        is_enabled: true,
        next_run_at: later(100),
        last_run_at: None,
        created_at: now(),
        version: 1,
    }
}

both_stores! {
    async fn an_audit_reads_back_through_its_life(store: TestStore) {
        three_clients(&store).await;
        let asked = audit(1, 1);
        let tx = store.write(&only(1)).await.unwrap();
        audits::insert(&tx, &asked).await.unwrap();
        assert_eq!(audits::by_id(&tx, asked.id).await.unwrap(), Some(asked.clone()));
        audits::start(&tx, asked.id, later(5)).await.unwrap();
        audits::requeue(&tx, asked.id).await.unwrap();
        audits::start(&tx, asked.id, later(9)).await.unwrap();
        let running = audits::by_id(&tx, asked.id).await.unwrap().unwrap();
        assert_eq!((running.state, running.started_at), (AuditState::Running, Some(later(5))), "the first start counts");
        audits::abandon(&tx, asked.id, Some(AuditFailure::UnreadableTraffic), later(10)).await.unwrap();
        let failed = audits::by_id(&tx, asked.id).await.unwrap().unwrap();
        assert_eq!((failed.state, failed.failure), (AuditState::Failed, Some(AuditFailure::UnreadableTraffic)));
        assert_eq!(failed.finished_at, Some(later(10)));
        let missing = audits::requeue(&tx, audit(9, 1).id).await;
        assert_eq!(missing, Err(StoreError::RowsAffected { table: "audits", expected: 1, actual: 0 }));
    }

    async fn figures_and_findings_read_back(store: TestStore) {
        three_clients(&store).await;
        let asked = audit(1, 1);
        let found = [finding(1, &asked, "fair", Severity::Critical), finding(2, &asked, "shop", Severity::Low)];
        completed(&store, &asked, &report(), &found).await;
        let tx = store.read(&only(1)).await.unwrap();
        let stands = audits::by_id(&tx, asked.id).await.unwrap().unwrap();
        assert_eq!((stands.state, stands.period, stands.is_provisional), (AuditState::Completed, report().period, true));
        assert_eq!(audits::reports(&tx, &[asked.id]).await.unwrap(), [(asked.id, report())]);
        let page = findings::page(&tx, asked.id, &FindingFilter::default(), &Keyset::first(1)).await.unwrap();
        assert_eq!((page.items.as_slice(), page.has_next), (&found[..1], true));
        let next = Keyset::first(1).after(page.cursors[0].clone());
        let page = findings::page(&tx, asked.id, &FindingFilter::default(), &next).await.unwrap();
        assert_eq!((page.items.as_slice(), page.has_next), (&found[1..], false));
        let low = FindingFilter { severities: vec![Severity::Low], rules: vec![RuleId::Con01], comparisons: vec![Comparison::New] };
        assert_eq!(findings::page(&tx, asked.id, &low, &Keyset::first(9)).await.unwrap().items, found[1..]);
        let none = FindingFilter { comparisons: vec![Comparison::Returned], ..FindingFilter::default() };
        assert!(findings::page(&tx, asked.id, &none, &Keyset::first(9)).await.unwrap().items.is_empty());
        assert_eq!(findings::by_ids(&tx, &[found[1].id]).await.unwrap(), found[1..]);
        let counts = findings::counts(&tx, &[asked.id]).await.unwrap();
        assert_eq!(counts.iter().map(|count| count.count).sum::<u32>(), 2);
    }

    async fn the_audits_before_are_known(store: TestStore) {
        three_clients(&store).await;
        let (first, second, third) = (audit(1, 1), audit(2, 1), audit(3, 1));
        let one = [finding(1, &first, "fair", Severity::Low), finding(2, &first, "shop", Severity::Low)];
        completed(&store, &first, &report(), &one).await;
        completed(&store, &second, &report(), &[finding(3, &second, "shop", Severity::Low)]).await;
        completed(&store, &audit(4, 2), &report(), &[]).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        audits::insert(&tx, &third).await.unwrap();
        let ids = |audits: Vec<Audit>| audits.into_iter().map(|audit| audit.id).collect::<Vec<_>>();
        let before = audits::completed_before(&tx, &third, later(-20), 9).await.unwrap();
        assert_eq!(ids(before), [second.id, first.id]);
        assert!(audits::completed_before(&tx, &third, later(-21), 9).await.unwrap().is_empty(), "their period ends later");
        assert_eq!(ids(audits::completed_before(&tx, &second, later(0), 9).await.unwrap()), [first.id]);
        let (fair, shop) = (one[0].found.fingerprint.as_str(), one[1].found.fingerprint.as_str());
        let seen = findings::seen(&tx, first.id).await.unwrap();
        assert_eq!(seen.get(fair), Some(&Seen { first_seen_at: first.requested_at }));
        let ever = findings::ever_seen(&tx, id(1), &[fair, shop, "TPL-01/template=x"]).await.unwrap();
        assert_eq!(ever, BTreeSet::from([fair.to_owned(), shop.to_owned()]));
        assert!(findings::ever_seen(&tx, id(2), &[fair]).await.unwrap().is_empty());
        assert!(findings::gone(&tx, &[second.id], 9).await.unwrap().is_empty(), "it was compared with none");
        let surroundings = Surroundings { messaging_limit: Some(250), ..Surroundings::default() };
        let completion = Completion {
            report: &report(), is_provisional: false, previous: Some(first.id), segments: &[], surroundings: &surroundings,
        };
        audits::complete(&tx, &second, completion, later(3)).await.unwrap();
        let gone = findings::gone(&tx, &[second.id, first.id], 9).await.unwrap();
        assert_eq!(gone, [(second.id, one[0].clone())]);
    }

    async fn provisional_audits_are_made_again_once(store: TestStore) {
        three_clients(&store).await;
        let first = audit(1, 1);
        completed(&store, &first, &report(), &[]).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        let span = |from, to| Span { from: later(from), to: later(to) };
        // The report's period ends at -20.
        let ids = async |tx: &Tx, span| {
            let audits = audits::to_be_made_again(tx, span, 9).await.unwrap();
            audits.into_iter().map(|audit| audit.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(&tx, span(-20, -19)).await, [first.id]);
        assert_eq!(ids(&tx, span(-30, -20)).await, []);
        assert_eq!(ids(&tx, span(-19, 0)).await, []);
        // Of another client, other rules or another period, that is another audit.
        let of = |number, client, profile| {
            let asked = audit(number, client);
            let parameters = AuditParameters { profile, ..asked.parameters };
            Audit { parameters, period: report().period, ..asked }
        };
        audits::insert(&tx, &of(2, 2, Profile::Full)).await.unwrap();
        audits::insert(&tx, &of(3, 1, Profile::Minimum)).await.unwrap();
        audits::insert(&tx, &audit(4, 1)).await.unwrap();
        assert_eq!(ids(&tx, span(-20, -19)).await, [first.id]);
        let again = of(5, 1, Profile::Full);
        audits::insert(&tx, &again).await.unwrap();
        assert_eq!(ids(&tx, span(-20, -19)).await, []);
        // Whatever became of it.
        audits::abandon(&tx, again.id, Some(AuditFailure::Internal), later(9)).await.unwrap();
        assert_eq!(ids(&tx, span(-20, -19)).await, []);
    }

    async fn another_client_s_audits_and_findings_do_not_exist(store: TestStore) {
        three_clients(&store).await;
        let asked = audit(1, 1);
        let found = [finding(1, &asked, "fair", Severity::Low)];
        completed(&store, &asked, &report(), &found).await;
        let tx = store.write(&only(2)).await.unwrap();
        assert_eq!(audits::by_id(&tx, asked.id).await.unwrap(), None);
        assert!(audits::by_ids(&tx, &[asked.id]).await.unwrap().is_empty());
        assert!(audits::reports(&tx, &[asked.id]).await.unwrap().is_empty());
        assert!(audits::page(&tx, Some(id(1)), &Keyset::first(9)).await.unwrap().items.is_empty());
        assert!(findings::by_ids(&tx, &[found[0].id]).await.unwrap().is_empty());
        assert!(findings::page(&tx, asked.id, &FindingFilter::default(), &Keyset::first(9)).await.unwrap().items.is_empty());
        assert!(findings::counts(&tx, &[asked.id]).await.unwrap().is_empty());
        assert_eq!(audits::insert(&tx, &audit(2, 1)).await, Err(StoreError::NotVisible));
        assert!(audits::requeue(&tx, asked.id).await.is_err());
    }

    async fn a_tick_is_taken_once(store: TestStore) {
        three_clients(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        assert!(schedules::insert_if_absent(&tx, &schedule(Some(1))).await.unwrap());
        assert!(schedules::insert_if_absent(&tx, &schedule(None)).await.unwrap());
        let twin = |of: Schedule| Schedule { id: ScheduleId::from_uuid(uuid::Uuid::from_u128(77)), ..of };
        assert!(!schedules::insert_if_absent(&tx, &twin(schedule(Some(1)))).await.unwrap());
        assert!(!schedules::insert_if_absent(&tx, &twin(schedule(None))).await.unwrap());
        tx.commit().await.unwrap();
        let tx = store.read(&Visibility::System).await.unwrap();
        assert!(schedules::due(&tx, later(99), 9).await.unwrap().is_empty());
        assert_eq!(schedules::due(&tx, later(100), 9).await.unwrap().len(), 2);
        tx.rollback().await.unwrap();
        let takers = (0..8).map(|_| {
            let store = store.store();
            tokio::spawn(async move {
                let tx = store.write(&Visibility::System).await.unwrap();
                let taken = schedules::take_tick(&tx, &schedule(Some(1)), later(200)).await.unwrap();
                tx.commit().await.unwrap();
                taken
            })
        });
        let taken: Vec<_> = futures::future::join_all(takers).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
        let tx = store.read(&only(1)).await.unwrap();
        let stands = schedules::by_clients(&tx, ScheduleKind::NightlyAudit, &[id(1), id(2)]).await.unwrap();
        assert_eq!((stands[0].next_run_at, stands[0].last_run_at), (later(200), Some(later(100))));
    }

    async fn a_schedule_changes_under_its_version(store: TestStore) {
        three_clients(&store).await;
        let tx = store.write(&only(1)).await.unwrap();
        schedules::insert_if_absent(&tx, &schedule(Some(1))).await.unwrap();
        assert_eq!(schedules::insert_if_absent(&tx, &schedule(None)).await, Err(StoreError::NotVisible));
        let off = Schedule { is_enabled: false, local_time: "23:45".parse().unwrap(), ..schedule(Some(1)) };
        assert_eq!(schedules::update(&tx, &off).await, Ok(2));
        assert_eq!(schedules::update(&tx, &off).await, Err(StoreError::Stale { current: 2 }));
        assert!(schedules::due(&tx, later(999), 9).await.unwrap().is_empty());
        assert!(!schedules::take_tick(&tx, &schedule(Some(1)), later(200)).await.unwrap(), "it is switched off");
        let stands = schedules::by_clients(&tx, ScheduleKind::NightlyAudit, &[id(1)]).await.unwrap();
        assert_eq!(stands, [Schedule { version: 2, ..off }]);
    }
}
