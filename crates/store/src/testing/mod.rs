//! A store of its own for each test, on SQLite and on PostgreSQL. Never skipped: where PostgreSQL is missing, tests fail and
//! say what to install.
//!
//! ```ignore
//! store::both_stores! {
//!     /// What holds.
//!     async fn a_client_reads_back(store: TestStore) {
//!         let tx = store.read(&Visibility::AllClients).await.unwrap();
//!     }
//! }
//! ```
//! makes the tests `a_client_reads_back::sqlite` and `a_client_reads_back::postgres`.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot begin has failed")]

mod cluster;
mod databases;
mod files;
mod intruder;
mod programs;
mod server;

use std::ops::Deref;

use sqlx::Connection as _;

use databases::TestDatabase;
pub use server::OwnServer;

use crate::{Store, StoreConfig};

/// Makes each test run on both stores. The functions take a [`TestStore`] by value.
#[macro_export]
macro_rules! both_stores {
    ($($(#[$meta:meta])* async fn $name:ident($store:ident: $type:ty) $body:block)*) => {$(
        $(#[$meta])*
        async fn $name($store: $type) $body

        mod $name {
            #[::tokio::test]
            async fn sqlite() {
                super::$name($crate::testing::TestStore::sqlite().await).await;
            }

            #[::tokio::test]
            async fn postgres() {
                super::$name($crate::testing::TestStore::postgres().await).await;
            }
        }
    )*};
}

/// An empty store with the whole schema, which goes away when dropped. On PostgreSQL it is used as the runtime role, for which
/// row-level security holds.
#[derive(Debug)]
pub struct TestStore {
    store: Store,
    database: TestDatabase,
}

impl TestStore {
    /// On SQLite, in a temporary folder.
    pub async fn sqlite() -> Self {
        Self::open(databases::sqlite().await).await
    }

    /// On PostgreSQL, in a database of its own on a server that the tests of a run share.
    pub async fn postgres() -> Self {
        Self::open(databases::postgres().await).await
    }

    async fn open(database: TestDatabase) -> Self {
        let config = StoreConfig { max_connections: 4, ..StoreConfig::new(database.url()) };
        let store = Store::connect(&config).await.expect("a prepared database can be opened");
        Self { store, database }
    }

    /// The store, for parts that own theirs.
    pub fn store(&self) -> Store {
        self.store.clone()
    }

    /// Brings PostgreSQL's statistics up to date, as a server does by itself in time.
    ///
    /// # Panics
    /// The server of the tests cannot be reached.
    pub async fn analyze(&self) {
        if self.store.is_postgres() {
            let owner = sqlx::PgConnection::connect(self.owner_url()).await;
            let mut owner = owner.expect("a server of ours lets its owner in");
            cluster::execute(&mut owner, "ANALYZE".to_owned()).await;
        }
    }

    /// The address at which the program would open it.
    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// The address at which migrations run: on PostgreSQL, as the owner of the tables.
    pub fn owner_url(&self) -> &str {
        self.database.owner_url()
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// Addresses of a database without any table, for tests of migrations; it goes away when dropped.
#[derive(Debug)]
pub struct EmptyDatabase(TestDatabase);

impl EmptyDatabase {
    /// A file that does not exist yet.
    pub async fn sqlite() -> Self {
        Self(databases::empty_sqlite().await)
    }

    /// An empty database.
    pub async fn postgres() -> Self {
        Self(databases::empty_postgres().await)
    }

    /// As the program opens it.
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// As migrations do.
    pub fn owner_url(&self) -> &str {
        self.0.owner_url()
    }
}

/// How many statements `work` ran on `store`, beside what it returned. Nothing else may use the store meanwhile.
pub async fn statements<T>(store: &Store, work: impl Future<Output = T>) -> (T, u64) {
    let before = store.statements();
    let result = work.await;
    (result, store.statements() - before)
}
