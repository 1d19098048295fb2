//! The second wall: row-level security, with the scoped queries taken away. PostgreSQL alone.

use domain::access::Visibility;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait as _, EntityTrait as _};
use sqlx::{Connection as _, PgConnection};

use super::{id, now, only, three_clients};
use crate::{
    ConnectError, Store, StoreConfig, StoreError, UnsafeRole,
    entity::{clients, imports, outbox, sign_ins, sla_policies, users},
    testing::TestStore,
};

async fn seen(store: &Store, visibility: &Visibility) -> usize {
    let tx = store.read(visibility).await.unwrap();
    clients::Entity::find().all(tx.connection()).await.unwrap().len()
}

fn import(number: u128, client: u128) -> imports::ActiveModel {
    imports::ActiveModel {
        id: Set(uuid::Uuid::from_u128(number)),
        client_id: Set(id(client).uuid()),
        kind: Set("messages".to_owned()),
        state: Set("running".to_owned()),
        file_name: Set("m.csv".to_owned()),
        unknown_columns: Set(serde_json::json!([])),
        created_at: Set(now()),
        heartbeat_at: Set(now()),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_query_that_forgets_its_predicate_sees_no_other_client() {
    let store = TestStore::postgres().await;
    three_clients(&store).await;
    assert_eq!(seen(&store, &Visibility::AllClients).await, 3);
    assert_eq!(seen(&store, &Visibility::System).await, 3);
    assert_eq!(seen(&store, &only(2)).await, 1);
    assert_eq!(seen(&store, &Visibility::Clients(vec![id(1), id(3)])).await, 2);
    assert_eq!(seen(&store, &Visibility::Clients(Vec::new())).await, 0);
}

#[tokio::test]
async fn without_a_visibility_there_are_no_rows_also_after_a_transaction_that_had_one() {
    let store = TestStore::postgres().await;
    three_clients(&store).await;
    let count = "SELECT count(*) FROM clients";
    let mut fresh = PgConnection::connect(store.url()).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut fresh).await.unwrap(), 0);
    // A setting that ended with its transaction is empty, not absent.
    let used = store.postgres_pool();
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(used).await.unwrap(), 0);
}

#[tokio::test]
async fn a_row_of_a_client_that_is_not_known_of_cannot_be_written() {
    let store = TestStore::postgres().await;
    three_clients(&store).await;
    let tx = store.write(&only(2)).await.unwrap();
    import(1, 2).insert(tx.connection()).await.unwrap();
    let refused = imports::Entity::insert(import(2, 1)).exec_without_returning(tx.connection()).await.unwrap_err();
    assert_eq!(StoreError::from(refused), StoreError::NotVisible);
}

#[tokio::test]
async fn a_row_cannot_be_moved_to_a_client_that_is_not_known_of() {
    let store = TestStore::postgres().await;
    three_clients(&store).await;
    let tx = store.write(&only(2)).await.unwrap();
    import(1, 2).insert(tx.connection()).await.unwrap();
    let moved = imports::ActiveModel { client_id: Set(id(1).uuid()), ..Default::default() };
    let refused = imports::Entity::update_many().set(moved).exec(tx.connection()).await.unwrap_err();
    assert_eq!(StoreError::from(refused), StoreError::NotVisible);
}

#[tokio::test]
async fn every_table_is_behind_the_wall_but_those_that_say_nothing_of_anybody() {
    let store = TestStore::postgres().await;
    let mut owner = PgConnection::connect(store.owner_url()).await.unwrap();
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
         AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(open, ["counters", "idempotency_marks", "seaql_migrations", "unsealed_activities"]);
    let walled: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.columns WHERE column_name = 'client_id' AND table_schema = 'public'
         AND table_name NOT IN (SELECT tablename::text FROM pg_policies)",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(walled.is_empty(), "{walled:?}");
}

#[tokio::test]
async fn the_wall_holds_for_the_owner_too() {
    let store = TestStore::postgres().await;
    three_clients(&store).await;
    let mut owner = PgConnection::connect(store.owner_url()).await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM clients").fetch_one(&mut owner).await.unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn the_owner_and_superusers_must_not_run_the_program() {
    let store = TestStore::postgres().await;
    let refusal = async |url: &str| match Store::connect(&StoreConfig::new(url)).await.unwrap_err() {
        ConnectError::Role { why, .. } => why,
        other => panic!("{other}"),
    };
    assert_eq!(refusal(store.owner_url()).await, UnsafeRole::OwnsTables);
    let superuser = store.owner_url().replace("sblocco_owner", "sblocco_super");
    assert_eq!(refusal(&superuser).await, UnsafeRole::Superuser);
}

#[tokio::test]
async fn a_timeline_can_only_grow() {
    let store = TestStore::postgres().await;
    let tx = store.write(&Visibility::System).await.unwrap();
    let refused = tx.connection().execute_unprepared("DELETE FROM ticket_events").await.unwrap_err();
    assert!(matches!(StoreError::from(refused), StoreError::Refused(_)));
}

#[tokio::test]
async fn what_has_no_client_is_the_bsps_own_except_sla_versions_which_all_may_read() {
    let store = TestStore::postgres().await;
    three_clients(&store).await;
    let tx = store.write(&Visibility::AllClients).await.unwrap();
    let policy = |number, client: Option<u128>| sla_policies::ActiveModel {
        id: Set(uuid::Uuid::from_u128(number)),
        client_id: Set(client.map(|client| id(client).uuid())),
        version: Set(1),
        effective_from: Set(now()),
        definition: Set(serde_json::json!({})),
        created_at: Set(now()),
        ..Default::default()
    };
    for (number, client) in [(1, None), (2, Some(1)), (3, Some(2))] {
        policy(number, client).insert(tx.connection()).await.unwrap();
    }
    let staff = users::ActiveModel {
        id: Set(uuid::Uuid::from_u128(1)),
        email: Set("staff@bsp.example".to_owned()),
        name: Set("Staff".to_owned()),
        role: Set("bsp_admin".to_owned()),
        language: Set("it".to_owned()),
        password_hash: Set("-".to_owned()),
        created_at: Set(now()),
        ..Default::default()
    };
    staff.insert(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();

    let tx = store.write(&only(2)).await.unwrap();
    assert_eq!(sla_policies::Entity::find().all(tx.connection()).await.unwrap().len(), 2);
    assert!(users::Entity::find().all(tx.connection()).await.unwrap().is_empty());
    assert!(sign_ins::Entity::find().all(tx.connection()).await.unwrap().is_empty());
    assert!(outbox::Entity::find().all(tx.connection()).await.unwrap().is_empty());
    let refused = policy(4, None).insert(tx.connection()).await.unwrap_err();
    assert_eq!(StoreError::from(refused), StoreError::NotVisible);
}
