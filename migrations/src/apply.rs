//! Applying what is pending, by one process at a time.

use std::{path::Path, time::Duration};

use sea_orm_migration::{
    MigrationTrait, MigratorTrait,
    sea_orm::{
        ConnectionTrait, DatabaseConnection, DbErr, SqliteTransactionMode, Statement, TransactionOptions,
        TransactionTrait,
    },
};

use crate::{
    Address, InvalidAddress, RuntimeRole, SCRIPTS, SqliteAccess,
    connection::{postgres_owner, sqlite},
};

/// A database to bring up to date.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it is. On PostgreSQL, as the role that owns the tables.
    pub address: Address,
    /// On PostgreSQL, the role as which the program runs; `None` when somebody else creates it and grants.
    pub runtime_role: Option<RuntimeRole>,
}

/// Why the database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The address is unusable.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// The database cannot be reached or opened.
    #[error("the database cannot be opened; check its address, that it runs, and that its folder can be written")]
    Connect(#[source] DbErr),
    /// The database was changed by a newer release.
    #[error("the database was changed by a newer release ({newest}): run that release, or a newer one")]
    Newer {
        /// The newest migration that this release does not know.
        newest: String,
    },
    /// A migration failed; nothing of it is left.
    #[error(
        "a migration failed, and nothing of it was kept; the role that migrates must own the tables, and where a runtime role is \
             configured be allowed to create roles"
    )]
    Failed(#[source] DbErr),
}

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        SCRIPTS.iter().map(|script| Box::new(*script) as Box<dyn MigrationTrait>).collect()
    }
}

/// Brings the database up to date, and returns the names of the migrations that this call applied. Any number of processes
/// may call it at once: one works, the others wait, and find nothing left to do.
///
/// # Errors
/// See [`MigrateError`]. After an error the database is as before the migration that failed.
pub async fn up(target: &Target) -> Result<Vec<String>, MigrateError> {
    match &target.address {
        Address::Postgres(url) => postgres_up(url, target.runtime_role.as_ref()).await,
        Address::Sqlite(path) => sqlite_up(path).await,
    }
}

/// The names of the migrations that are not applied yet. Reads only; migrations of newer releases do not disturb.
///
/// # Errors
/// The database cannot be reached.
pub async fn pending(database: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let applied = applied(database).await?;
    let unapplied = SCRIPTS.iter().filter(|script| !applied.iter().any(|name| name == script.name));
    Ok(unapplied.map(|script| script.name.to_owned()).collect())
}

async fn applied(database: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let backend = database.get_database_backend();
    let exists = match backend {
        sea_orm_migration::sea_orm::DbBackend::Postgres => {
            "SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass('seaql_migrations')"
        }
        _ => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
    };
    if database.query_one_raw(Statement::from_string(backend, exists)).await?.is_none() {
        return Ok(Vec::new());
    }
    let names = Statement::from_string(backend, "SELECT version FROM seaql_migrations ORDER BY version");
    database.query_all_raw(names).await?.iter().map(|row| row.try_get("", "version")).collect()
}

/// What is pending, provided that this release knows all that is applied.
async fn outstanding(database: &impl ConnectionTrait) -> Result<Vec<String>, MigrateError> {
    let pending = pending(database).await.map_err(MigrateError::Failed)?;
    if !pending.is_empty() {
        let applied = applied(database).await.map_err(MigrateError::Failed)?;
        let unknown = applied.into_iter().rev().find(|name| SCRIPTS.iter().all(|script| script.name != name));
        if let Some(newest) = unknown {
            return Err(MigrateError::Newer { newest });
        }
    }
    Ok(pending)
}

/// SQLite: all that is pending in one transaction, which is also the lock.
async fn sqlite_up(path: &Path) -> Result<Vec<String>, MigrateError> {
    const PATIENCE: Duration = Duration::from_mins(1);
    let database = sqlite(path, SqliteAccess::Create, 1, PATIENCE).await.map_err(MigrateError::Connect)?;
    let result = sqlite_up_in(&database).await;
    database.close().await.map_err(MigrateError::Failed)?;
    result
}

async fn sqlite_up_in(database: &DatabaseConnection) -> Result<Vec<String>, MigrateError> {
    if outstanding(database).await?.is_empty() {
        return Ok(Vec::new());
    }
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = database.begin_with_options(immediate).await.map_err(MigrateError::Failed)?;
    let pending = outstanding(&transaction).await?;
    if !pending.is_empty() {
        Migrator::up(&transaction, None).await.map_err(MigrateError::Failed)?;
    }
    transaction.commit().await.map_err(MigrateError::Failed)?;
    Ok(pending)
}

/// The lock's number: "sblocco" in ASCII.
const LOCK: i64 = 0x73_62_6C_6F_63_63_6F;

/// PostgreSQL: a session lock on a connection of its own; the work is done on another, so that a migration may also run outside
/// of a transaction. (A pooler in front of the server must give sessions, not transactions.)
async fn postgres_up(url: &str, role: Option<&RuntimeRole>) -> Result<Vec<String>, MigrateError> {
    let lock = postgres_owner(url).await.map_err(MigrateError::Connect)?;
    let take = format!("SELECT pg_advisory_lock({LOCK})");
    lock.execute_unprepared(&take).await.map_err(MigrateError::Connect)?;
    let work = postgres_owner(url).await.map_err(MigrateError::Connect)?;
    let result = postgres_up_in(&work, role).await;
    // The end of the session frees the lock, also when this process dies.
    let closed = (work.close().await, lock.close().await);
    let applied = result?;
    closed.0.and(closed.1).map_err(MigrateError::Failed)?;
    Ok(applied)
}

async fn postgres_up_in(
    database: &DatabaseConnection,
    role: Option<&RuntimeRole>,
) -> Result<Vec<String>, MigrateError> {
    let pending = outstanding(database).await?;
    if !pending.is_empty() {
        Migrator::up(database, None).await.map_err(MigrateError::Failed)?;
    }
    if let Some(role) = role {
        let transaction = database.begin().await.map_err(MigrateError::Failed)?;
        transaction.execute_unprepared(&role.sql()).await.map_err(MigrateError::Failed)?;
        transaction.commit().await.map_err(MigrateError::Failed)?;
    }
    Ok(pending)
}
