//! A `begin` that is cancelled half-way leaves nothing behind (sqlx 0.9.0; see `tx`).

use std::{pin::pin, time::Duration};

use domain::access::Visibility;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use sqlx::postgres::PgPoolOptions;

use super::{client, only, three_clients};
use crate::{
    Store, StoreConfig, StoreError, Tx, both_stores, clients,
    counters::{self, ClientCounter},
    testing::TestStore,
};

/// Polls a future so many times, with time for the server to answer between, and drops it.
async fn cancelled<T>(future: impl Future<Output = T> + Send, polls: u32) {
    let mut future = pin!(future);
    for _ in 0..polls {
        if futures::poll!(future.as_mut()).is_ready() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The defect itself, at whichever step of the bare `begin` the server's answer is awaited. When this test fails, sqlx is mended:
/// the task in `tx::begin` may go.
#[tokio::test]
async fn a_bare_begin_that_is_cancelled_leaves_a_transaction_open() {
    let store = TestStore::postgres().await;
    let mut left_open = false;
    // On a busy machine the server's answer may come a poll sooner or later: it is tried until it is seen.
    for polls in (1..=4).cycle().take(100) {
        let options = PgPoolOptions::new().max_connections(1).test_before_acquire(false);
        let pool = options.connect(store.url()).await.unwrap();
        // The connection is back in the pool a moment after its use.
        tokio::time::sleep(Duration::from_millis(20)).await;
        cancelled(pool.begin(), polls).await;
        // Outside of a transaction a savepoint is refused.
        left_open = sqlx::query("SAVEPOINT probe").execute(&pool).await.is_ok();
        pool.close().await;
        if left_open {
            break;
        }
    }
    assert!(left_open);
}

/// Two writers that add to the same row wait for each other and both succeed: neither sees "could not serialize access".
#[tokio::test]
async fn writers_on_postgresql_see_what_was_committed_while_they_waited() {
    let store = TestStore::postgres().await;
    three_clients(&store).await;
    let first = store.write(&Visibility::System).await.unwrap();
    let second = store.write(&Visibility::System).await.unwrap();
    // Its moment, if it had one, would be before the other's commit.
    assert_eq!(counters::last(&second, super::id(1), ClientCounter::Segment).await.unwrap(), 0);
    assert_eq!(counters::take(&first, super::id(1), ClientCounter::Segment, 1).await.unwrap(), 1);
    first.commit().await.unwrap();
    assert_eq!(counters::take(&second, super::id(1), ClientCounter::Segment, 1).await.unwrap(), 2);
    second.commit().await.unwrap();
}

#[tokio::test]
async fn a_begin_of_ours_that_is_cancelled_leaves_no_transaction_open() {
    let database = TestStore::postgres().await;
    three_clients(&database).await;
    let config = StoreConfig { max_connections: 1, ..StoreConfig::new(database.url()) };
    let store = Store::connect(&config).await.unwrap();
    for polls in 1..=6 {
        cancelled(store.write(&Visibility::AllClients), polls).await;
        let pool = store.postgres_pool();
        let outside = sqlx::query("SAVEPOINT probe").execute(pool).await.unwrap_err();
        assert_eq!(outside.as_database_error().unwrap().code().unwrap(), "25P01", "after {polls} polls");
        let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM clients").fetch_one(pool).await.unwrap();
        assert_eq!(rows, 0, "no visibility is left after {polls} polls");
    }
    let tx = store.read(&only(2)).await.unwrap();
    assert!(clients::by_id(&tx, super::id(1)).await.unwrap().is_none());
}

both_stores! {
    async fn all_statements_of_a_reader_see_one_moment(store: TestStore) {
        three_clients(&store).await;
        let reader = store.read(&Visibility::AllClients).await.unwrap();
        assert!(clients::by_id(&reader, super::id(1)).await.unwrap().is_some());
        let writer = store.write(&Visibility::AllClients).await.unwrap();
        clients::insert(&writer, &client(4, "D")).await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(clients::by_id(&reader, super::id(4)).await.unwrap(), None, "a reader keeps the moment of its first read");
        let later = store.read(&Visibility::AllClients).await.unwrap();
        assert!(clients::by_id(&later, super::id(4)).await.unwrap().is_some());
    }

    async fn cancelled_begins_keep_no_connection(store: TestStore) {
        for polls in 1..=6 {
            for _ in 0..8 {
                cancelled(store.write(&Visibility::AllClients), polls).await;
                cancelled(store.read(&Visibility::AllClients), polls).await;
            }
        }
        three_clients(&store).await;
        let tx = store.read(&only(1)).await.unwrap();
        assert!(clients::by_id(&tx, super::id(1)).await.unwrap().is_some());
    }
}

/// Somebody who waits for an answer is gone after a while; the statement, and the connection that it holds, go soon after.
#[tokio::test]
async fn a_statement_that_nobody_waits_for_any_more_is_given_up_by_the_server() {
    let database = TestStore::postgres().await;
    let config = StoreConfig {
        max_connections: 1,
        answer_timeout: Some(Duration::from_millis(200)),
        ..StoreConfig::new(database.url())
    };
    let store = Store::connect(&config).await.unwrap();
    let run = async |tx: &Tx, sql: &str| {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        tx.connection().execute_raw(statement).await.map(drop).map_err(StoreError::from)
    };
    let tx = store.read_for_answer(&Visibility::AllClients).await.unwrap();
    run(&tx, "SELECT pg_sleep(0.01)").await.unwrap();
    let error = run(&tx, "SELECT pg_sleep(60)").await.unwrap_err();
    assert!(matches!(&error, StoreError::Unavailable(fault) if fault.code.as_deref() == Some("57014")), "{error}");
    drop(tx);
    // Who goes away leaves the only connection to the next one soon.
    let tx = store.read_for_answer(&Visibility::AllClients).await.unwrap();
    let gone = tokio::time::timeout(Duration::from_millis(50), run(&tx, "SELECT pg_sleep(60)")).await;
    assert!(gone.is_err());
    drop(tx);
    let begun = std::time::Instant::now();
    // What nobody waits for, such as a job, has no such limit, and inherits none.
    let tx = store.read(&Visibility::System).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    run(&tx, "SELECT pg_sleep(0.5)").await.unwrap();
}
