//! Migrations from nothing, by several processes at once, and the schema that they leave.

use std::collections::BTreeSet;

use domain::access::Visibility;
use migrations::{Address, RuntimeRole, Target};

use super::{id, three_clients};
use crate::{
    ConnectError, Store, StoreConfig, StoreError, both_stores,
    counters::{self, ClientCounter},
    migrate,
    testing::{EmptyDatabase, TestStore},
};

fn target(database: &EmptyDatabase) -> Target {
    Target {
        address: Address::parse(database.owner_url()).unwrap(),
        runtime_role: Some(RuntimeRole::new("sblocco_app", None).unwrap()),
    }
}

async fn several_at_once(database: EmptyDatabase) {
    let target = target(&database);
    let runs: Vec<_> = (0..6)
        .map(|_| {
            let target = target.clone();
            tokio::spawn(async move { migrate(&target).await.unwrap() })
        })
        .collect();
    let mut applied = Vec::new();
    for run in runs {
        applied.extend(run.await.unwrap());
    }
    let distinct: BTreeSet<_> = applied.iter().collect();
    assert_eq!(distinct.len(), applied.len(), "each migration was applied once");
    assert!(!applied.is_empty());
    assert!(migrate(&target).await.unwrap().is_empty(), "nothing is left to do");
    let store = Store::connect(&StoreConfig::new(database.url())).await.unwrap();
    assert!(store.check_schema().await.unwrap().contains(&"tickets"));
    store.close().await.unwrap();
}

#[tokio::test]
async fn several_processes_migrate_at_once_on_sqlite() {
    several_at_once(EmptyDatabase::sqlite().await).await;
}

#[tokio::test]
async fn several_processes_migrate_at_once_on_postgres() {
    several_at_once(EmptyDatabase::postgres().await).await;
}

#[tokio::test]
async fn a_database_that_lacks_migrations_is_not_used() {
    let database = EmptyDatabase::postgres().await;
    let error = Store::connect(&StoreConfig::new(database.url())).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Pending(names) if names.len() == migrations::names().len()), "{error}");
    let database = EmptyDatabase::sqlite().await;
    std::fs::write(database.url(), "").unwrap();
    let error = Store::connect(&StoreConfig::new(database.url())).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Pending(names) if names.len() == migrations::names().len()), "{error}");
}

#[tokio::test]
async fn an_unreachable_database_is_unavailable_and_says_no_more() {
    let config = StoreConfig {
        acquire_timeout: std::time::Duration::from_millis(300),
        ..StoreConfig::new("postgres://user:secret@127.0.0.1:1/nowhere")
    };
    let error = Store::connect(&config).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Unreachable(StoreError::Unavailable(_))), "{error}");
    assert!(!format!("{error} {error:?} {config:?}").contains("secret"));
}

both_stores! {
    async fn numbers_are_given_out_without_gaps(store: TestStore) {
        three_clients(&store).await;
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        assert_eq!(counters::last(&tx, id(1), ClientCounter::ConsentEvent).await, Ok(0));
        assert_eq!(counters::take(&tx, id(1), ClientCounter::ConsentEvent, 5).await, Ok(1));
        assert_eq!(counters::take(&tx, id(1), ClientCounter::ConsentEvent, 2).await, Ok(6));
        assert_eq!(counters::take(&tx, id(2), ClientCounter::ConsentEvent, 1).await, Ok(1));
        assert_eq!(counters::take(&tx, id(1), ClientCounter::Segment, 1).await, Ok(1));
        assert_eq!(counters::last(&tx, id(1), ClientCounter::ConsentEvent).await, Ok(7));
        assert_eq!(counters::next_ticket(&tx).await, Ok(1));
        drop(tx);
        let tx = store.write(&super::only(2)).await.unwrap();
        assert_eq!(counters::next_ticket(&tx).await, Ok(1), "a number that was not used is given out again");
        assert_eq!(counters::take(&tx, id(1), ClientCounter::Segment, 1).await, Err(StoreError::NotVisible));
    }
}
