//! What the foundation promises, on both stores.

mod accounts;
mod audits;
mod begin;
mod clients;
mod imports;
mod jobs;
mod migrating;
mod schema;
mod sqlite;
mod thresholds;
mod tickets;
mod wall;

use domain::{ClientId, Instant, access::Visibility, clients::Client};

use crate::{Store, clients as area};

fn now() -> Instant {
    Instant::from_timestamp_micros(1_795_000_000_123_456).unwrap()
}

fn id(number: u128) -> ClientId {
    ClientId::from_uuid(uuid::Uuid::from_u128(number))
}

fn client(number: u128, name: &str) -> Client {
    Client {
        id: id(number),
        name: name.to_owned(),
        slug: format!("client-{number}"),
        time_zone: "Europe/Rome".to_owned(),
        language: "it".to_owned(),
        created_at: now(),
        version: 1,
    }
}

fn only(number: u128) -> Visibility {
    Visibility::Clients(vec![id(number)])
}

/// Clients 1 to 3, named A to C.
async fn three_clients(store: &Store) {
    let tx = store.write(&Visibility::AllClients).await.unwrap();
    for (number, name) in [(1, "A"), (2, "B"), (3, "C")] {
        area::insert(&tx, &client(number, name)).await.unwrap();
    }
    tx.commit().await.unwrap();
}
