//! Audits that are asked for, and audits that a schedule starts.

use app::audits::{ScheduleAudits, set_schedule};
use chrono::TimeDelta;
use domain::{
    access::Visibility,
    audits::{AuditState, Comparison},
    jobs::JobState,
};
use store::{both_stores, findings::FindingFilter, page::Keyset, testing::TestStore};

use super::harness::{Harness, Next, start};

both_stores! {
    async fn an_audit_that_is_asked_for_ends_with_findings(store: TestStore) {
        let harness = Harness::new(store).await;
        harness.finds(&["fair", "shop"]);
        let worker = harness.worker().await;
        let first = harness.request().await;
        assert_eq!(first.state, AuditState::Queued);
        let first = harness.until(first.id, AuditState::Completed).await;
        assert_eq!(harness.job(first.job.unwrap()).await.state, JobState::Succeeded);
        let op = harness.op();
        let page = app::audits::findings(&op, first.id, &FindingFilter::default(), &Keyset::first(9)).await.unwrap();
        let found: Vec<_> = page.items.iter().map(|finding| (finding.comparison, finding.found.fingerprint.as_str())).collect();
        assert_eq!(found, [(Comparison::New, "CON-01/list=fair"), (Comparison::New, "CON-01/list=shop")]);

        harness.clock.advance(60);
        harness.finds(&["shop", "web"]);
        let second = harness.request().await;
        let second = harness.until(second.id, AuditState::Completed).await;
        assert_eq!(second.previous, Some(first.id));
        harness.clock.advance(60);
        harness.finds(&["fair"]);
        let third = harness.request().await;
        let third = harness.until(third.id, AuditState::Completed).await;
        let op = harness.op();
        let page = app::audits::findings(&op, second.id, &FindingFilter::default(), &Keyset::first(9)).await.unwrap();
        let found: Vec<_> = page.items.iter().map(|finding| (finding.comparison, finding.first_seen_at)).collect();
        assert_eq!(found, [(Comparison::Continuing, first.requested_at), (Comparison::New, second.requested_at)]);
        let page = app::audits::findings(&op, third.id, &FindingFilter::default(), &Keyset::first(9)).await.unwrap();
        assert_eq!(page.items[0].comparison, Comparison::Returned);
        let resolved = app::audits::resolved_findings(&op, &[second.id, third.id]).await.unwrap();
        let resolved: Vec<_> =
            resolved.iter().map(|(audit, finding)| (*audit, finding.found.fingerprint.as_str())).collect();
        assert_eq!(resolved, [
            (second.id, "CON-01/list=fair"),
            (third.id, "CON-01/list=shop"),
            (third.id, "CON-01/list=web"),
        ]);
        worker.check().await.unwrap();
        worker.stop().await;
    }

    async fn what_has_not_changed_is_not_audited_again(store: TestStore) {
        let harness = Harness::new(store).await;
        harness.publish(1).await;
        harness.finds(&["fair", "shop"]);
        let worker = harness.worker().await;
        // What the lake would find now tells whether it was asked.
        let again = async || {
            harness.clock.advance(60);
            let audit = harness.request().await;
            harness.until(audit.id, AuditState::Completed).await;
            let op = harness.op();
            let page = app::audits::findings(&op, audit.id, &FindingFilter::default(), &Keyset::first(9)).await.unwrap();
            let found: Vec<_> = page.items.into_iter().map(|finding| (finding.comparison, finding.found)).collect();
            (harness.audited(), found)
        };
        let (_, first) = again().await;
        harness.finds(&["web"]);
        let (audited, second) = again().await;
        assert_eq!(audited, 1);
        let whole = |found: &[(Comparison, domain::traffic::Finding)]| found.iter().map(|(_, found)| found.clone()).collect::<Vec<_>>();
        assert_eq!(whole(&second), whole(&first));
        assert!(second.iter().all(|(comparison, _)| *comparison == Comparison::Continuing), "{second:?}");
        // Another segment, other thresholds, other surroundings: each is looked at anew, and then not again.
        harness.publish(2).await;
        assert_eq!(again().await.0, 2);
        let values = serde_json::json!({ "list": { "deadShare": 0.33 } });
        let thresholds = app::thresholds::SetThresholds {
            client: Some(harness.client), values, reason: "a test".to_owned(), effective_at: None, expected_version: None,
        };
        app::thresholds::set(&harness.op(), thresholds).await.unwrap();
        assert_eq!(again().await.0, 3);
        super::surroundings::declare(&harness, "a.ndjson", r#"{"kind": "number", "id": "1055"}"#).await;
        assert_eq!((again().await.0, again().await.0), (4, 4));
        // A period of its own is another question.
        let asked = harness.request_of(harness.client, Some(start())).await;
        harness.until(asked.id, AuditState::Completed).await;
        assert_eq!(harness.audited(), 5);
        worker.stop().await;
    }

    async fn what_was_provisional_is_audited_again_once_nothing_can_come_late(store: TestStore) {
        let harness = Harness::new(store).await;
        harness.lake.waits.store(true, std::sync::atomic::Ordering::Relaxed);
        harness.finds(&["fair", "shop"]);
        let worker = harness.worker().await;
        let first = harness.request().await;
        let first = harness.until(first.id, AuditState::Completed).await;
        assert!(first.is_provisional);
        let again = async || app::audits::ask_again(&harness.op()).await.unwrap();
        harness.clock.set(start() + TimeDelta::days(7));
        assert_eq!(again().await, 0);
        harness.finds(&["shop"]);
        harness.clock.advance(1);
        assert_eq!(again().await, 1);
        assert_eq!(again().await, 0, "it is at work, or done");
        harness.until_true(async || harness.audited() == 2).await;
        let tx = harness.services.store.read(&Visibility::System).await.unwrap();
        let all = store::audits::page(&tx, Some(harness.client), &Keyset::first(9)).await.unwrap().items;
        tx.rollback().await.unwrap();
        let second = all.iter().find(|audit| audit.id != first.id).unwrap();
        let second = harness.until(second.id, AuditState::Completed).await;
        assert_eq!((second.is_provisional, second.period, second.previous), (false, first.period, Some(first.id)));
        assert_eq!((second.parameters.profile, second.thresholds), (first.parameters.profile, first.thresholds));
        // What has come of it is told; what the first found is kept.
        let op = harness.op();
        let page = app::audits::findings(&op, second.id, &FindingFilter::default(), &Keyset::first(9)).await.unwrap();
        let found: Vec<_> = page.items.iter().map(|finding| (finding.comparison, finding.found.fingerprint.as_str())).collect();
        assert_eq!(found, [(Comparison::Continuing, "CON-01/list=shop")]);
        let resolved = app::audits::resolved_findings(&op, &[second.id]).await.unwrap();
        assert_eq!(resolved[0].1.found.fingerprint, "CON-01/list=fair");
        let page = app::audits::findings(&op, first.id, &FindingFilter::default(), &Keyset::first(9)).await.unwrap();
        assert_eq!(page.items.len(), 2);
        harness.clock.advance(24 * 3_600);
        assert_eq!(again().await, 0);
        worker.stop().await;
    }

    async fn the_same_audit_is_not_asked_for_twice_while_it_is_at_work(store: TestStore) {
        let harness = Harness::new(store).await;
        let first = harness.request().await;
        assert_eq!(harness.request().await.id, first.id);
        let worker = harness.worker().await;
        harness.until(first.id, AuditState::Completed).await;
        assert_ne!(harness.request().await.id, first.id);
        worker.stop().await;
    }

    async fn a_night_that_was_missed_is_made_up_for_once_over_all_workers(store: TestStore) {
        let harness = Harness::new(store).await;
        let input = ScheduleAudits { client: harness.client, local_time: Some("02:00".to_owned()), enabled: None, expected_version: None };
        let schedule = set_schedule(&harness.op(), input).await.unwrap();
        assert_eq!(schedule.next_run_at, "2026-11-23T01:00:00Z".parse::<domain::Instant>().unwrap());
        // Nobody was there for five nights.
        harness.clock.set(start() + TimeDelta::days(5));
        let workers = [harness.worker().await, harness.worker().await, harness.worker().await];
        harness.until_true(async || harness.audited() == 1).await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(harness.audited(), 1);
        let request = harness.lake.audits.lock().unwrap()[0].clone();
        let period = (request.parameters.from.unwrap(), request.parameters.to.unwrap());
        assert_eq!(period, ("2026-10-27T23:00:00Z".parse().unwrap(), "2026-11-26T23:00:00Z".parse().unwrap()));
        // The next night comes as usual.
        harness.clock.set(start() + TimeDelta::days(6));
        harness.until_true(async || harness.audited() == 2).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(harness.audited(), 2);
        for worker in workers {
            worker.stop().await;
        }
    }

    async fn audits_of_a_large_client_do_not_delay_those_of_a_small_one(store: TestStore) {
        let harness = Harness::new(store).await;
        let small = harness.client("borea").await;
        // More than the worker has places for, and none of them ends by itself.
        let mut large = Vec::new();
        for day in 0..6 {
            harness.next(Next::Hang);
            large.push(harness.request_of(harness.client, Some(start() - TimeDelta::days(day))).await.id);
        }
        let worker = harness.worker().await;
        harness.until_true(async || harness.audited() == 2).await;
        // The two that hang have taken their turns of mischief.
        harness.lake.next.lock().unwrap().clear();
        let other = harness.request_of(small, None).await;
        harness.until(other.id, AuditState::Completed).await;
        let mut states = Vec::new();
        for id in &large {
            states.push(harness.audit(*id).await.state);
        }
        let count = |state| states.iter().filter(|found| **found == state).count();
        assert_eq!((count(AuditState::Running), count(AuditState::Queued)), (2, 4), "{states:?}");
        worker.stop().await;
    }

    async fn the_lake_is_swept_at_night(store: TestStore) {
        let harness = Harness::new(store).await;
        let worker = harness.worker().await;
        harness.clock.advance(24 * 3_600);
        harness.until_true(async || !harness.lake.sweeps.lock().unwrap().is_empty()).await;
        assert_eq!(harness.lake.sweeps.lock().unwrap()[0], start(), "what is younger than a day may still be published");
        worker.stop().await;
    }

    async fn what_is_delivered_twice_is_done_once(store: TestStore) {
        let harness = Harness::new(store).await;
        let audit = harness.request().await;
        let queue = crate::queue::Queue::open(&harness.config.address).await.unwrap();
        queue.push(domain::jobs::JobLane::Long, &[audit.job.unwrap(); 5]).await.unwrap();
        let worker = harness.worker().await;
        harness.until(audit.id, AuditState::Completed).await;
        queue.push(domain::jobs::JobLane::Long, &[audit.job.unwrap(); 5]).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(harness.audited(), 1);
        assert_eq!(harness.job(audit.job.unwrap()).await.attempts, 1);
        worker.stop().await;
        queue.close().await;
    }

    async fn nobody_may_ask_for_what_it_may_not_see(store: TestStore) {
        use app::{OpCtx, OpError};
        use domain::{access::{Actor, Role}, traffic::Profile, UserId};
        let harness = Harness::new(store).await;
        let services = std::sync::Arc::clone(&harness.services);
        let user = UserId::new(start(), &*services.random);
        let other = domain::ClientId::new(start(), &*services.random);
        let stranger = Actor::ClientUser { user, role: Role::ClientAdmin, client: other };
        let viewer = Actor::ClientUser { user, role: Role::ClientViewer, client: harness.client };
        let input = app::audits::RequestAudit { client: harness.client, from: None, to: None, profile: Profile::Full };
        let asked = app::audits::request(&OpCtx::new(services.clone(), stranger.clone(), i18n::Lang::En), input).await;
        assert!(matches!(asked, Err(OpError::NotFound)), "{asked:?}");
        let asked = app::audits::request(&OpCtx::new(services.clone(), viewer, i18n::Lang::En), input).await;
        assert!(matches!(asked, Err(OpError::Forbidden(_))), "{asked:?}");
        let audit = harness.request().await;
        let cancelled = app::audits::cancel(&OpCtx::new(services, stranger, i18n::Lang::En), audit.id).await;
        assert!(matches!(cancelled, Err(OpError::NotFound)), "{cancelled:?}");
        let tx = harness.services.store.read(&Visibility::Clients(vec![other])).await.unwrap();
        assert_eq!(store::audits::by_id(&tx, audit.id).await.unwrap(), None);
    }
}
