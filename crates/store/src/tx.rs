//! Transactions that carry what they may know of.
//!
//! **Beginning.** In sqlx 0.9.0 a `begin` on PostgreSQL whose future is dropped half-way gives the connection back to the pool
//! inside an open transaction (issue 4393 of sqlx), and the next one to take it would work in the transaction, and so
//! under the visibility, of somebody else. A request that is cancelled drops its futures, so `begin` is awaited in a task of
//! its own, which nobody cancels: when the caller is gone, the finished transaction is dropped and rolls back. A check of each
//! released connection would cost a round trip, and find nothing more. `tests::begin` holds it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{ClientId, access::Visibility};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    QueryFilter, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
};

use crate::{Fault, StoreError, activities::Record, tickets::Frequent};

/// One statement gives a PostgreSQL transaction its visibility, its clients, whether it may write, and how long its statements may run;
/// all end with it. As it has to be run anyhow, it also tells the number of the SLA terms.
pub(crate) const SCOPE: &str = "SELECT set_config('app.visibility', $1, true), set_config('app.clients', $2, true), \
     set_config('transaction_read_only', $3, true), \
     set_config('statement_timeout', coalesce($4, current_setting('statement_timeout')), true), \
     (SELECT value FROM counters WHERE name = 'sla_terms') AS sla_terms";

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It only reads.
    Read,
    /// It may write.
    Write,
}

/// A transaction. Dropped without [`commit`](Tx::commit), it rolls back.
///
/// Statements of one transaction take turns; nothing runs in parallel on it.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    visibility: Visibility,
    /// What it enters in the activity log when it commits.
    record: Option<Box<Record>>,
    /// What it wrote, as far as a record asks.
    touched: Mutex<Touched>,
    /// The number of the SLA terms at its moment; a transaction that has no moment of its own has to ask.
    pub(crate) sla_terms: Option<i64>,
    /// What the process knows of which conditions hold of many tickets.
    pub(crate) frequent: Arc<Frequent>,
    /// Whether a test has taken the scoped predicates away, to see that row-level security holds by itself.
    #[cfg(any(test, feature = "testing"))]
    unguarded: bool,
}

/// What a transaction wrote, for the activity log.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// Whose rows.
    pub(crate) clients: BTreeSet<ClientId>,
    /// What was made.
    pub(crate) subjects: Vec<String>,
}

/// Begins a transaction whose statements run no longer than `patience`. May be cancelled at any point.
pub(crate) async fn begin(
    pool: &DatabaseConnection,
    visibility: &Visibility,
    access: Access,
    patience: Option<Duration>,
) -> Result<Tx, StoreError> {
    let (pool, visibility) = (pool.clone(), visibility.clone());
    let begun = tokio::spawn(async move {
        let inner = pool.begin_with_options(options(pool.get_database_backend(), access)).await?;
        let mut sla_terms = None;
        if inner.get_database_backend() == DbBackend::Postgres {
            let row = inner.query_one_raw(scope(&visibility, access, patience)).await?;
            let number = row.map(|row| row.try_get("", "sla_terms")).transpose()?;
            sla_terms = number.filter(|_| access == Access::Read);
        }
        Ok(Tx {
            inner,
            visibility,
            record: None,
            touched: Mutex::default(),
            sla_terms,
            frequent: Arc::default(),
            #[cfg(any(test, feature = "testing"))]
            unguarded: false,
        })
    });
    // A task ends without a result only when the runtime is shut down.
    begun.await.unwrap_or_else(|_| Err(StoreError::Unavailable(Fault::new("the program is ending"))))
}

fn options(backend: DbBackend, access: Access) -> TransactionOptions {
    TransactionOptions {
        // A transaction that turns from reading to writing would fail when another one wrote meanwhile.
        sqlite_transaction_mode: (access == Access::Write).then_some(SqliteTransactionMode::Immediate),
        // Several statements of a reader see one moment, as on SQLite: that is how our connections begin. Writers ask for READ
        // COMMITTED: they lock what they decide on, and would otherwise fail wherever two of them wait for the same row.
        isolation_level: (backend == DbBackend::Postgres && access == Access::Write)
            .then_some(IsolationLevel::ReadCommitted),
        ..TransactionOptions::default()
    }
}

fn scope(visibility: &Visibility, access: Access, patience: Option<Duration>) -> Statement {
    let (word, clients) = match visibility {
        Visibility::System | Visibility::AllClients => ("all", String::new()),
        Visibility::Clients(clients) => {
            let list: Vec<_> = clients.iter().map(|client| client.uuid().as_hyphenated().to_string()).collect();
            ("list", list.join(","))
        }
    };
    let read_only = if access == Access::Read { "on" } else { "off" };
    // Nought would be no limit.
    let milliseconds = patience.map(|patience| patience.as_millis().max(1).to_string());
    let values = [word.into(), clients.into(), read_only.into(), milliseconds.into()];
    Statement::from_sql_and_values(DbBackend::Postgres, SCOPE, values)
}

impl Tx {
    /// The same transaction, which shares what the process knows of the frequency of conditions.
    pub(crate) fn knowing(mut self, frequent: &Arc<Frequent>) -> Self {
        self.frequent = Arc::clone(frequent);
        self
    }

    /// The same transaction without scoped predicates, for a test of what stands behind them.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn unguarded(mut self, unguarded: bool) -> Self {
        self.unguarded = unguarded;
        self
    }

    /// The same transaction, which enters `record` in the activity log when it commits.
    #[must_use]
    pub fn recording(mut self, record: Record) -> Self {
        self.record = Some(Box::new(record));
        self
    }

    /// Makes everything that was done permanent and visible, together with its entry in the activity log.
    ///
    /// # Errors
    /// The database is unavailable; then it is not known whether it was done.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let record = self.record.take();
        if let Some(record) = &record {
            let touched = std::mem::take(self.touched.get_mut().unwrap_or_else(PoisonError::into_inner));
            // Apart, so that every future that commits stays small.
            Box::pin(record.write(&self, touched)).await?;
        }
        self.inner.commit().await?;
        if let Some(record) = record {
            record.committed();
        }
        Ok(())
    }

    /// Says whose rows are written, for the activity log, where no row is added that says it.
    pub fn concerns(&self, client: ClientId) {
        if self.record.is_some() {
            self.touched.lock().unwrap_or_else(PoisonError::into_inner).clients.insert(client);
        }
    }

    /// Says what was made, for the activity log: the caller could not name it.
    pub fn about(&self, id: impl std::fmt::Display) {
        if self.record.is_some() {
            self.touched.lock().unwrap_or_else(PoisonError::into_inner).subjects.push(id.to_string());
        }
    }

    /// Undoes everything, now and not when the connection is used next.
    ///
    /// # Errors
    /// The database is unavailable; everything is undone all the same.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.inner.rollback().await?)
    }

    /// What the transaction may know of.
    pub const fn visibility(&self) -> &Visibility {
        &self.visibility
    }

    /// The connection, for statements that carry [`scoped`](Tx::scoped) or are about no client.
    pub(crate) const fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// Restricts a select, update or delete to the rows of clients that the transaction may know of. Rows without a client are
    /// the BSP's own, and only those who may know of all clients see them.
    pub(crate) fn scoped<Q: QueryFilter>(&self, query: Q, client: impl ColumnTrait) -> Q {
        match self.listed(client) {
            Some(condition) => query.filter(condition),
            None => query,
        }
    }

    /// The same, for tables of which rows without a client can be read by all.
    pub(crate) fn scoped_or_shared<Q: QueryFilter>(&self, query: Q, client: impl ColumnTrait) -> Q {
        match self.listed(client) {
            Some(condition) => query.filter(Condition::any().add(condition).add(client.is_null())),
            None => query,
        }
    }

    /// Refuses to write a row of a client of which the transaction may not know; without a client, of the BSP's own.
    pub(crate) fn admit(&self, client: Option<ClientId>) -> Result<(), StoreError> {
        if let Some(client) = client {
            self.concerns(client);
        }
        #[cfg(any(test, feature = "testing"))]
        if self.unguarded {
            return Ok(());
        }
        let admitted = match (&self.visibility, client) {
            (visibility, Some(client)) => visibility.includes(client),
            (Visibility::System | Visibility::AllClients, None) => true,
            (Visibility::Clients(_), None) => false,
        };
        if admitted { Ok(()) } else { Err(StoreError::NotVisible) }
    }

    fn listed(&self, client: impl ColumnTrait) -> Option<Condition> {
        #[cfg(any(test, feature = "testing"))]
        if self.unguarded {
            return None;
        }
        match &self.visibility {
            Visibility::System | Visibility::AllClients => None,
            // No client at all makes a condition that is never true.
            Visibility::Clients(clients) => {
                Some(Condition::all().add(client.is_in(clients.iter().map(|client| client.uuid()))))
            }
        }
    }
}
