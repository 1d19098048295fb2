//! Jobs that are cancelled, and workers that are stopped.

use app::{OpError, audits::AuditCode};
use domain::{audits::AuditState, jobs::JobState, ports::Progress};
use store::{both_stores, testing::TestStore};

use super::harness::{Harness, Next};

both_stores! {
    async fn an_audit_that_waits_is_cancelled_at_once(store: TestStore) {
        let harness = Harness::new(store).await;
        let audit = harness.request().await;
        let cancelled = app::audits::cancel(&harness.op(), audit.id).await.unwrap();
        assert_eq!(cancelled.state, AuditState::Cancelled);
        let again = app::audits::cancel(&harness.op(), audit.id).await;
        let Err(OpError::Refused(refusals)) = again else { panic!("{again:?}") };
        assert_eq!(refusals[0].code, AuditCode::Ended);
        let worker = harness.worker().await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(harness.audited(), 0);
        worker.stop().await;
    }

    async fn an_audit_that_runs_is_told_to_stop(store: TestStore) {
        let harness = Harness::new(store).await;
        harness.next(Next::Hang);
        let worker = harness.worker().await;
        let audit = harness.request().await;
        harness.until(audit.id, AuditState::Running).await;
        let job = audit.job.unwrap();
        harness.until_true(async || harness.job(job).await.progress == Progress { done: 1, total: 4 }).await;
        let told = app::audits::cancel(&harness.op(), audit.id).await.unwrap();
        assert_eq!(told.state, AuditState::Running);
        harness.until(audit.id, AuditState::Cancelled).await;
        assert_eq!(harness.job(job).await.state, JobState::Cancelled);
        worker.stop().await;
    }

    async fn a_worker_that_stops_gives_its_jobs_to_others(store: TestStore) {
        let harness = Harness::new(store).await;
        harness.next(Next::Hang);
        let stopping = harness.worker().await;
        let audit = harness.request().await;
        harness.until(audit.id, AuditState::Running).await;
        stopping.stop().await;
        let job = harness.job(audit.job.unwrap()).await;
        assert_eq!((job.state, job.attempts), (JobState::Retry, 0), "being stopped is no failure");
        assert_eq!(harness.audit(audit.id).await.state, AuditState::Queued);
        let other = harness.worker().await;
        harness.until(audit.id, AuditState::Completed).await;
        other.stop().await;
    }

    async fn a_worker_that_stops_finishes_what_is_nearly_done(store: TestStore) {
        let harness = Harness::new(store).await;
        let worker = harness.worker().await;
        let audit = harness.request().await;
        harness.until_true(async || harness.audited() == 1).await;
        worker.stop().await;
        assert_eq!(harness.audit(audit.id).await.state, AuditState::Completed);
    }

    async fn a_stopped_queue_does_not_hang(store: TestStore) {
        let harness = Harness::new(store).await;
        let began = tokio::time::Instant::now();
        harness.worker().await.stop().await;
        assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
    }
}
