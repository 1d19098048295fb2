//! SQLite is set up as it must be, and sorts as PostgreSQL does.

use domain::{Instant, access::Visibility, clients::Client};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _, Statement};

use super::client;
use crate::{ConnectError, Store, StoreConfig, Tx, both_stores, clients, entity, testing::TestStore};

async fn pragma(tx: &Tx, name: &str) -> String {
    let connection = tx.connection();
    let statement = Statement::from_string(connection.get_database_backend(), format!("PRAGMA {name}"));
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index::<String>(0)
        .or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string()))
        .unwrap()
}

#[tokio::test]
async fn writers_and_readers_are_set_up_to_lose_nothing() {
    let store = TestStore::sqlite().await;
    let writer = store.write(&Visibility::System).await.unwrap();
    for (name, value) in
        [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("busy_timeout", "30000")]
    {
        assert_eq!(pragma(&writer, name).await, value, "{name}");
    }
    let reader = store.read(&Visibility::System).await.unwrap();
    for (name, value) in
        [("journal_mode", "wal"), ("query_only", "1"), ("foreign_keys", "1"), ("busy_timeout", "30000")]
    {
        assert_eq!(pragma(&reader, name).await, value, "{name}");
    }
}

#[tokio::test]
async fn readers_read_while_one_writes_and_see_what_is_committed() {
    let store = TestStore::sqlite().await;
    let writer = store.write(&Visibility::System).await.unwrap();
    clients::insert(&writer, &client(1, "A")).await.unwrap();
    let before = store.read(&Visibility::System).await.unwrap();
    assert_eq!(clients::by_id(&before, super::id(1)).await.unwrap(), None);
    writer.commit().await.unwrap();
    assert_eq!(clients::by_id(&before, super::id(1)).await.unwrap(), None, "a reader keeps what it saw first");
    let after = store.read(&Visibility::System).await.unwrap();
    assert!(clients::by_id(&after, super::id(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made_by_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.db");
    let error = Store::connect(&StoreConfig::new(path.to_str().unwrap())).await.unwrap_err();
    assert!(matches!(error, ConnectError::Missing(_)), "{error}");
    assert!(!path.exists());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "not a database, and long enough to be taken for the header of one".repeat(20)).unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = Store::connect(&StoreConfig::new(path.to_str().unwrap())).await.unwrap_err();
    assert!(matches!(error, ConnectError::Unreachable(_)), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

both_stores! {
    async fn instants_keep_their_microseconds_and_sort_as_instants(store: TestStore) {
        let base = 1_795_000_000_000_000;
        let micros = [0, 1, 10, 100, 1_000, 120_000, 123_000, 123_456, 999_999, 1_000_000, 60_000_000];
        let tx = store.write(&Visibility::System).await.unwrap();
        for (number, micro) in micros.iter().enumerate().rev() {
            let created_at = Instant::from_timestamp_micros(base + micro).unwrap();
            let client = Client { created_at, ..client(number as u128, "N") };
            clients::insert(&tx, &client).await.unwrap();
        }
        let rows = entity::clients::Entity::find()
            .order_by_asc(entity::clients::Column::CreatedAt)
            .all(tx.connection())
            .await
            .unwrap();
        let read: Vec<_> = rows.iter().map(|row| row.created_at.timestamp_micros() - base).collect();
        assert_eq!(read, micros);
    }
}
