//! Connections, opened the same way everywhere.

use std::{path::Path, time::Duration};

use sea_orm_migration::sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr, SqlxError,
    sqlx::{
        Connection as _, SqliteConnection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

/// How long a connection waits for another process's write to end.
const BUSY: Duration = Duration::from_secs(30);
/// Memory for the pages of the connection that writes (SQLite: negative for KiB), taken as it is needed. The indexes of the consent
/// ledger are written all over: with SQLite's usual 2 MiB each row of a large import would be several reads of the disk.
const WRITER_CACHE: &str = "-65536";
/// How long a server that does not answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long opening is tried again while another process turns the file to WAL, which does not wait by itself.
const OPENING_ATTEMPTS: u32 = 200;
const OPENING_PAUSE: Duration = Duration::from_millis(50);

/// What a SQLite connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqliteAccess {
    /// Read and write, and make the file where it is missing.
    Create,
    /// Read and write an existing file.
    Write,
    /// Read an existing file.
    Read,
}

/// A pool of connections to a SQLite file: WAL, `synchronous=FULL`, foreign keys, and patience with other writers.
///
/// # Errors
/// The file cannot be opened, or (except with `Create`) does not exist.
pub async fn sqlite(
    path: &Path,
    access: SqliteAccess,
    connections: u32,
    acquire_timeout: Duration,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new("sqlite:");
    let path = path.to_owned();
    options
        .min_connections(1)
        .max_connections(connections)
        .acquire_timeout(acquire_timeout)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite.filename(&path).foreign_keys(true).busy_timeout(BUSY);
            match access {
                SqliteAccess::Read => sqlite.read_only(true).create_if_missing(false).pragma("query_only", "on"),
                _ => sqlite
                    .pragma("cache_size", WRITER_CACHE)
                    .create_if_missing(access == SqliteAccess::Create)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full),
            }
        })
        // A connection that is never replaced keeps its prepared statements, and a file does not go away.
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.max_lifetime(None).idle_timeout(None).after_release(|connection, _| Box::pin(ended(connection)))
        });
    let mut attempts = 0;
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if is_busy(&error) && attempts < OPENING_ATTEMPTS => attempts += 1,
            result => return result,
        }
        tokio::time::sleep(OPENING_PAUSE).await;
    }
}

/// Whether a connection that is given back has ended its transaction; else it is closed, which undoes what was not committed. A COMMIT
/// that failed (the disk was full) leaves its transaction open, and everything that is written on the connection afterwards would be a
/// part of it: said to be committed, and never so.
async fn ended(connection: &mut SqliteConnection) -> Result<bool, SqlxError> {
    // What was asked for before is done by then: a transaction that was dropped is rolled back.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// SQLITE_BUSY (5) and SQLITE_LOCKED (6), with all their extended codes.
fn is_busy(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let SqlxError::Database(error) = error.as_ref() else { return false };
    error.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| matches!(code & 0xFF, 5 | 6))
}

/// One connection to PostgreSQL as the owner of the tables. It sees all rows, for migrations that move data: row-level
/// security is forced, and so holds for the owner too.
pub(crate) async fn postgres_owner(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_postgres_opts(|postgres| postgres.options([("app.visibility", "all")]))
        .map_sqlx_postgres_pool_opts(|pool| pool.max_lifetime(None).idle_timeout(None));
    Database::connect(options).await
}
