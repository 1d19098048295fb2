//! The job ledger and the outbox.

use chrono::TimeDelta;
use domain::{
    AuditId, ClientId, Instant, JobId,
    access::Visibility,
    jobs::{Job, JobLane, JobPayload, JobState},
    ports::Progress,
};

use super::{id, now, only, three_clients};
use crate::{
    Store, both_stores,
    jobs::{self, Claim, Count, Enqueued, Heartbeat},
    outbox::{self, Limits},
    testing::TestStore,
};

const WIDE: Limits = Limits { per_client: 100, handed_over: 100 };

fn job(number: u128, client: u128) -> Job {
    Job {
        id: JobId::from_uuid(uuid::Uuid::from_u128(number)),
        payload: JobPayload::AuditRun { audit: AuditId::from_uuid(uuid::Uuid::from_u128(number)), client: id(client) },
        state: JobState::Queued,
        attempts: 0,
        next_run_at: now(),
        started_at: None,
        heartbeat_at: None,
        progress: Progress::default(),
        cancel_requested_at: None,
        last_error: None,
        created_at: now(),
        finished_at: None,
        dedupe_key: None,
    }
}

fn later(seconds: i64) -> Instant {
    now() + TimeDelta::seconds(seconds)
}

async fn put_in(store: &Store, job: &Job) -> Enqueued {
    let tx = store.write(&Visibility::System).await.unwrap();
    let enqueued = jobs::enqueue(&tx, job).await.unwrap();
    tx.commit().await.unwrap();
    enqueued
}

async fn dispatch(store: &Store, limits: Limits, at: Instant) -> Vec<JobId> {
    let tx = store.write(&Visibility::System).await.unwrap();
    let dispatched = outbox::dispatch(&tx, JobLane::Long, limits, at).await.unwrap();
    tx.commit().await.unwrap();
    dispatched
}

async fn claim(store: &Store, id: JobId, worker: &str, at: Instant) -> Option<Claim> {
    let tx = store.write(&Visibility::System).await.unwrap();
    let claim = jobs::claim(&tx, id, worker, at).await.unwrap();
    tx.commit().await.unwrap();
    claim
}

async fn read(store: &Store, id: JobId) -> Job {
    let tx = store.read(&Visibility::System).await.unwrap();
    jobs::by_id(&tx, id).await.unwrap().unwrap()
}

async fn fail(store: &Store, claim: &Claim, retry_at: Option<Instant>) -> bool {
    let tx = store.write(&Visibility::System).await.unwrap();
    let failed = jobs::fail(&tx, claim, "no luck", retry_at, later(1)).await.unwrap();
    tx.commit().await.unwrap();
    failed
}

both_stores! {
    async fn a_job_and_its_outbox_row_are_written_together_or_not_at_all(store: TestStore) {
        three_clients(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        jobs::enqueue(&tx, &job(1, 1)).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(dispatch(&store, WIDE, now()).await, []);
        assert_eq!(put_in(&store, &job(1, 1)).await, Enqueued::Now);
        assert_eq!(read(&store, job(1, 1).id).await, job(1, 1));
        assert_eq!(dispatch(&store, WIDE, now()).await, [job(1, 1).id]);
        assert_eq!(dispatch(&store, WIDE, later(9)).await, [], "handed over once");
    }

    async fn what_is_not_done_is_counted_by_kind_and_state(store: TestStore) {
        three_clients(&store).await;
        for number in 1..=5 {
            put_in(&store, &job(number, number % 3 + 1)).await;
        }
        let claimed = |number| claim(&store, job(number, 1).id, "a", now());
        claimed(1).await.unwrap();
        let (done, dead, again) = (claimed(2).await.unwrap(), claimed(3).await.unwrap(), claimed(4).await.unwrap());
        let tx = store.write(&Visibility::System).await.unwrap();
        assert!(jobs::succeed(&tx, &done, later(1)).await.unwrap());
        tx.commit().await.unwrap();
        assert!(fail(&store, &dead, None).await && fail(&store, &again, Some(later(10))).await);
        let tx = store.read(&Visibility::System).await.unwrap();
        let mut counts = jobs::counts(&tx).await.unwrap();
        counts.sort();
        let kind = || job(1, 1).payload.kind().to_owned();
        let one = |state| Count { kind: kind(), state, jobs: 1 };
        let mut expected = [JobState::Queued, JobState::Running, JobState::Retry, JobState::Dead].map(one);
        expected.sort();
        assert_eq!(counts, expected);
        let tx = store.read(&only(1)).await.unwrap();
        assert_eq!(jobs::counts(&tx).await, Err(crate::StoreError::NotVisible), "a client learns nothing of the others'");
    }

    async fn of_many_claimers_one_has_the_job(store: TestStore) {
        three_clients(&store).await;
        put_in(&store, &job(1, 1)).await;
        let claims = (0..16).map(|worker| {
            let store = store.store();
            tokio::spawn(async move { claim(&store, job(1, 1).id, &format!("w{worker}"), now()).await })
        });
        let claims: Vec<_> = futures::future::join_all(claims).await.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(claims.len(), 1);
        let stands = read(&store, job(1, 1).id).await;
        assert_eq!((stands.state, stands.attempts), (JobState::Running, 1));
        assert_eq!(dispatch(&store, WIDE, later(9)).await, [], "the claim takes the outbox row away");
    }

    async fn nothing_is_claimed_before_its_time_or_after_its_end(store: TestStore) {
        three_clients(&store).await;
        put_in(&store, &Job { next_run_at: later(10), ..job(1, 1) }).await;
        assert_eq!(dispatch(&store, WIDE, later(9)).await, []);
        assert_eq!(claim(&store, job(1, 1).id, "a", later(9)).await, None);
        let claimed = claim(&store, job(1, 1).id, "a", later(10)).await.unwrap();
        let tx = store.write(&Visibility::System).await.unwrap();
        assert!(jobs::succeed(&tx, &claimed, later(11)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(claim(&store, job(1, 1).id, "a", later(20)).await, None);
        let stands = read(&store, job(1, 1).id).await;
        assert_eq!((stands.state, stands.finished_at), (JobState::Succeeded, Some(later(11))));
    }

    async fn two_unfinished_jobs_never_share_a_key(store: TestStore) {
        three_clients(&store).await;
        let keyed = |number| Job { dedupe_key: Some("k".to_owned()), ..job(number, 1) };
        assert_eq!(put_in(&store, &keyed(1)).await, Enqueued::Now);
        assert_eq!(put_in(&store, &keyed(2)).await, Enqueued::Already(job(1, 1).id));
        let claimed = claim(&store, job(1, 1).id, "a", now()).await.unwrap();
        assert_eq!(put_in(&store, &keyed(3)).await, Enqueued::Already(job(1, 1).id), "while it runs too");
        fail(&store, &claimed, None).await;
        assert_eq!(put_in(&store, &keyed(4)).await, Enqueued::Now);
    }

    async fn a_failure_waits_and_then_runs_again(store: TestStore) {
        three_clients(&store).await;
        put_in(&store, &job(1, 1)).await;
        let claimed = claim(&store, job(1, 1).id, "a", now()).await.unwrap();
        assert!(fail(&store, &claimed, Some(later(10))).await);
        let stands = read(&store, job(1, 1).id).await;
        assert_eq!((stands.state, stands.next_run_at), (JobState::Retry, later(10)));
        assert_eq!(stands.last_error.as_deref(), Some("no luck"));
        assert_eq!(claim(&store, job(1, 1).id, "a", later(9)).await, None);
        assert_eq!(dispatch(&store, WIDE, later(9)).await, []);
        assert_eq!(dispatch(&store, WIDE, later(10)).await, [job(1, 1).id]);
        let again = claim(&store, job(1, 1).id, "b", later(10)).await.unwrap();
        assert_eq!(again.job.attempts, 2);
        assert!(fail(&store, &again, None).await);
        assert_eq!(read(&store, job(1, 1).id).await.state, JobState::Dead);
        assert_eq!(dispatch(&store, WIDE, later(99)).await, []);
    }

    async fn whoever_fell_silent_can_write_nothing_more(store: TestStore) {
        three_clients(&store).await;
        put_in(&store, &job(1, 1)).await;
        let silent = claim(&store, job(1, 1).id, "a", now()).await.unwrap();
        let tx = store.write(&Visibility::System).await.unwrap();
        let stale = jobs::stale(&tx, later(60), 10).await.unwrap();
        assert_eq!(stale.iter().map(|claim| claim.job.id).collect::<Vec<_>>(), [job(1, 1).id]);
        assert!(jobs::stale(&tx, now(), 10).await.unwrap().is_empty());
        assert!(jobs::seize_stale(&tx, &stale[0], later(60), Some(later(60)), later(60)).await.unwrap());
        assert!(!jobs::seize_stale(&tx, &stale[0], later(60), Some(later(60)), later(60)).await.unwrap(), "once");
        tx.commit().await.unwrap();
        assert_eq!(dispatch(&store, WIDE, later(60)).await, [job(1, 1).id]);
        let taken = claim(&store, job(1, 1).id, "a", later(60)).await.unwrap();
        let tx = store.write(&Visibility::System).await.unwrap();
        let progress = Progress { done: 1, total: 2 };
        assert_eq!(jobs::heartbeat(&tx, &silent, progress, later(61)).await.unwrap(), Heartbeat::Lost);
        assert!(!jobs::succeed(&tx, &silent, later(61)).await.unwrap());
        assert!(!jobs::fail(&tx, &silent, "late", Some(later(70)), later(61)).await.unwrap());
        assert_eq!(jobs::heartbeat(&tx, &taken, progress, later(61)).await.unwrap(), Heartbeat::Continue);
        tx.commit().await.unwrap();
        let stands = read(&store, job(1, 1).id).await;
        assert_eq!((stands.state, stands.progress, stands.heartbeat_at), (JobState::Running, progress, Some(later(61))));
    }

    async fn a_worker_that_speaks_again_keeps_its_job(store: TestStore) {
        three_clients(&store).await;
        put_in(&store, &job(1, 1)).await;
        let slow = claim(&store, job(1, 1).id, "a", now()).await.unwrap();
        let tx = store.write(&Visibility::System).await.unwrap();
        let stale = jobs::stale(&tx, later(60), 10).await.unwrap();
        jobs::heartbeat(&tx, &slow, Progress::default(), later(60)).await.unwrap();
        assert!(!jobs::seize_stale(&tx, &stale[0], later(60), Some(later(60)), later(60)).await.unwrap());
        tx.commit().await.unwrap();
    }

    async fn a_job_given_back_has_lost_no_attempt(store: TestStore) {
        three_clients(&store).await;
        put_in(&store, &job(1, 1)).await;
        let first = claim(&store, job(1, 1).id, "a", now()).await.unwrap();
        let tx = store.write(&Visibility::System).await.unwrap();
        assert!(jobs::release(&tx, &first, later(5)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(dispatch(&store, WIDE, later(5)).await, [job(1, 1).id]);
        let second = claim(&store, job(1, 1).id, "b", later(5)).await.unwrap();
        assert_eq!(second.job.attempts, 1);
        let tx = store.write(&Visibility::System).await.unwrap();
        assert!(!jobs::succeed(&tx, &first, later(6)).await.unwrap(), "the same attempt, but another worker");
    }

    async fn a_waiting_job_is_cancelled_at_once_and_a_running_one_is_told(store: TestStore) {
        three_clients(&store).await;
        put_in(&store, &job(1, 1)).await;
        put_in(&store, &job(2, 1)).await;
        let running = claim(&store, job(2, 1).id, "a", now()).await.unwrap();
        let tx = store.write(&only(1)).await.unwrap();
        assert_eq!(jobs::request_cancel(&tx, job(1, 1).id, later(1)).await.unwrap(), Some(JobState::Cancelled));
        assert_eq!(jobs::request_cancel(&tx, job(1, 1).id, later(1)).await.unwrap(), None, "it has ended");
        assert_eq!(jobs::request_cancel(&tx, job(2, 1).id, later(1)).await.unwrap(), Some(JobState::Running));
        tx.commit().await.unwrap();
        assert_eq!(dispatch(&store, WIDE, later(9)).await, []);
        assert_eq!(claim(&store, job(1, 1).id, "a", later(9)).await, None);
        let tx = store.write(&Visibility::System).await.unwrap();
        assert_eq!(jobs::heartbeat(&tx, &running, Progress::default(), later(2)).await.unwrap(), Heartbeat::Cancel);
        assert!(jobs::cancelled(&tx, &running, later(2)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(read(&store, job(2, 1).id).await.state, JobState::Cancelled);
    }

    async fn another_client_s_job_does_not_exist(store: TestStore) {
        three_clients(&store).await;
        put_in(&store, &job(1, 1)).await;
        let tx = store.write(&only(2)).await.unwrap();
        assert_eq!(jobs::by_id(&tx, job(1, 1).id).await.unwrap(), None);
        assert_eq!(jobs::request_cancel(&tx, job(1, 1).id, later(1)).await.unwrap(), None);
        assert!(jobs::enqueue(&tx, &job(2, 1)).await.is_err());
    }

    async fn a_busy_client_does_not_keep_the_others_waiting(store: TestStore) {
        three_clients(&store).await;
        for number in 1..=20 {
            put_in(&store, &job(number, 1)).await;
        }
        put_in(&store, &job(21, 2)).await;
        put_in(&store, &job(22, 3)).await;
        let limits = Limits { per_client: 2, handed_over: 100 };
        let dispatched = dispatch(&store, limits, now()).await;
        let expected: Vec<_> = [(1, 1), (21, 2), (22, 3), (2, 1)].map(|(number, client)| job(number, client).id).into();
        assert_eq!(dispatched, expected, "in turn over the clients, two of each at most");
        assert_eq!(dispatch(&store, limits, now()).await, [], "two of the busy client are under way");
        let first = claim(&store, job(1, 1).id, "a", now()).await.unwrap();
        assert_eq!(dispatch(&store, limits, now()).await, [], "one runs, one is handed over");
        let tx = store.write(&Visibility::System).await.unwrap();
        jobs::succeed(&tx, &first, later(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(dispatch(&store, limits, now()).await, [job(3, 1).id]);
    }

    async fn the_queue_is_kept_short(store: TestStore) {
        three_clients(&store).await;
        for number in 1..=9 {
            put_in(&store, &job(number, number % 3 + 1)).await;
        }
        let limits = Limits { per_client: 100, handed_over: 4 };
        assert_eq!(dispatch(&store, limits, now()).await.len(), 4);
        assert_eq!(dispatch(&store, limits, now()).await.len(), 0);
    }

    async fn relays_at_the_same_time_keep_the_limits(store: TestStore) {
        three_clients(&store).await;
        for number in 1..=12 {
            put_in(&store, &job(number, 1)).await;
        }
        let relays = (0..8).map(|_| {
            let store = store.store();
            tokio::spawn(async move { dispatch(&store, Limits { per_client: 3, handed_over: 100 }, now()).await })
        });
        let dispatched: Vec<JobId> = futures::future::join_all(relays).await.into_iter().flat_map(Result::unwrap).collect();
        assert_eq!(dispatched.len(), 3);
    }

    async fn a_lost_hand_over_is_repeated(store: TestStore) {
        three_clients(&store).await;
        put_in(&store, &job(1, 1)).await;
        dispatch(&store, WIDE, now()).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        assert_eq!(outbox::return_unclaimed(&tx, now()).await.unwrap(), 0);
        assert_eq!(outbox::return_unclaimed(&tx, later(60)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(dispatch(&store, WIDE, later(60)).await, [job(1, 1).id]);
        let tx = store.write(&Visibility::System).await.unwrap();
        outbox::return_failed(&tx, &[job(1, 1).id]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(dispatch(&store, WIDE, later(60)).await, [job(1, 1).id]);
    }

    async fn old_jobs_that_ended_are_deleted_and_no_others(store: TestStore) {
        three_clients(&store).await;
        for number in 1..=3 {
            put_in(&store, &job(number, 1)).await;
        }
        for number in 1..=2 {
            let claimed = claim(&store, job(number, 1).id, "a", now()).await.unwrap();
            if number == 1 {
                fail(&store, &claimed, None).await;
            }
        }
        let tx = store.write(&Visibility::System).await.unwrap();
        assert_eq!(jobs::prune(&tx, now(), 10).await.unwrap(), 0);
        assert_eq!(jobs::prune(&tx, later(60), 10).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let tx = store.read(&Visibility::System).await.unwrap();
        assert_eq!(jobs::by_ids(&tx, &[job(1, 1).id, job(2, 1).id, job(3, 1).id]).await.unwrap().len(), 2);
    }
}

#[test]
fn payloads_name_their_client() {
    assert_eq!(job(1, 2).payload.client(), Some(ClientId::from_uuid(uuid::Uuid::from_u128(2))));
}
