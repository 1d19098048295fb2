//! Jobs that fail, and workers that die.

use chrono::TimeDelta;
use domain::{
    access::Visibility,
    audits::{AuditFailure, AuditState},
    jobs::{JobState, MAX_ATTEMPTS},
};
use store::{both_stores, testing::TestStore};

use super::harness::{Harness, Next, start};

both_stores! {
    async fn what_may_pass_is_tried_again_later(store: TestStore) {
        let harness = Harness::new(store).await;
        harness.next(Next::Storage);
        harness.next(Next::Panic);
        let worker = harness.worker().await;
        let audit = harness.request().await;
        let job = audit.job.unwrap();
        harness.until_true(async || harness.job(job).await.state == JobState::Retry).await;
        let stands = harness.job(job).await;
        let wait = stands.next_run_at - start();
        assert!(wait >= TimeDelta::seconds(10) && wait < TimeDelta::milliseconds(12_501), "{wait}");
        assert_eq!(stands.last_error.as_deref(), Some("the fake lake was told to fail"));
        assert_eq!(harness.audit(audit.id).await.state, AuditState::Queued);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(harness.audited(), 1, "not before its time");
        harness.clock.advance(13);
        harness.until_true(async || harness.job(job).await.attempts == 2 && harness.job(job).await.state == JobState::Retry).await;
        assert_eq!(harness.job(job).await.last_error.as_deref(), Some("the job panicked"));
        harness.clock.advance(60);
        harness.until(audit.id, AuditState::Completed).await;
        worker.stop().await;
    }

    async fn what_cannot_pass_is_given_up_at_once(store: TestStore) {
        let harness = Harness::new(store).await;
        harness.next(Next::Input);
        let worker = harness.worker().await;
        let audit = harness.request().await;
        let failed = harness.until(audit.id, AuditState::Failed).await;
        assert_eq!(failed.failure, Some(AuditFailure::UnreadableTraffic));
        assert_eq!(harness.job(audit.job.unwrap()).await.state, JobState::Dead);
        worker.stop().await;
    }

    async fn what_fails_every_time_is_given_up_in_the_end(store: TestStore) {
        let harness = Harness::new(store).await;
        for _ in 0..MAX_ATTEMPTS {
            harness.next(Next::Storage);
        }
        let worker = harness.worker().await;
        let audit = harness.request().await;
        for attempts in 1..=MAX_ATTEMPTS {
            harness.until_true(async || harness.audited() == attempts as usize).await;
            harness.until_true(async || harness.job(audit.job.unwrap()).await.state != JobState::Running).await;
            harness.clock.advance(4_000);
        }
        let failed = harness.until(audit.id, AuditState::Failed).await;
        assert_eq!(failed.failure, Some(AuditFailure::TooManyAttempts));
        worker.stop().await;
    }

    async fn the_job_of_a_worker_that_died_is_taken_over(store: TestStore) {
        let harness = Harness::new(store).await;
        let audit = harness.request().await;
        let job = audit.job.unwrap();
        let tx = harness.services.store.write(&Visibility::System).await.unwrap();
        store::jobs::claim(&tx, job, "killed", start()).await.unwrap().unwrap();
        store::audits::start(&tx, audit.id, start()).await.unwrap();
        tx.commit().await.unwrap();
        let worker = harness.worker().await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(harness.audited(), 0, "it may be alive");
        harness.clock.advance(61);
        harness.until(audit.id, AuditState::Completed).await;
        assert_eq!(harness.job(job).await.attempts, 2);
        worker.stop().await;
    }

    async fn a_job_that_takes_its_workers_down_is_given_up(store: TestStore) {
        let harness = Harness::new(store).await;
        let audit = harness.request().await;
        let job = audit.job.unwrap();
        for _ in 0..MAX_ATTEMPTS {
            let now = harness.job(job).await.next_run_at.max(harness.op().now());
            harness.clock.set(now);
            let tx = harness.services.store.write(&Visibility::System).await.unwrap();
            store::jobs::claim(&tx, job, "killed", now).await.unwrap().unwrap();
            store::audits::start(&tx, audit.id, now).await.unwrap();
            tx.commit().await.unwrap();
            harness.clock.advance(61);
            app::jobs::sweep(&harness.services, harness.config.timing).await.unwrap();
        }
        assert_eq!(harness.job(job).await.state, JobState::Dead);
        assert_eq!(harness.audit(audit.id).await.failure, Some(AuditFailure::TooManyAttempts));
    }

    async fn a_lost_hand_over_is_repeated(store: TestStore) {
        let harness = Harness::new(store).await;
        let audit = harness.request().await;
        // Marked as handed over, and then the process was killed.
        assert_eq!(app::jobs::dispatch(&harness.services, domain::jobs::JobLane::Long, 8).await.unwrap(), [audit.job.unwrap()]);
        let worker = harness.worker().await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(harness.audit(audit.id).await.state, AuditState::Queued);
        harness.clock.advance(121);
        harness.until(audit.id, AuditState::Completed).await;
        worker.stop().await;
    }
}
