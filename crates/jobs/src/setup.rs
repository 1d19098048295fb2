//! Making the queue's tables: part of `sblocco migrate`, never of a start.

use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use sqlx::{
    AssertSqlSafe,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::SqlitePoolOptions,
};

use crate::{
    QueueAddress, QueueError,
    queue::{PATIENCE, sqlite_options},
};

/// What the runtime role may do: everything with the rows, nothing with the tables. `{role}` is a plain name.
const GRANTS: &str = "GRANT USAGE ON SCHEMA apalis TO {role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA apalis TO {role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA apalis TO {role};";

/// Makes the tables of the queue, or brings them up to date. On PostgreSQL as the owner of the database, who grants
/// `runtime_role` what it needs; several processes may call it at once.
///
/// # Errors
/// The queue cannot be opened, or its tables cannot be made.
pub async fn setup(owner: &QueueAddress, runtime_role: Option<&str>) -> Result<(), QueueError> {
    match owner {
        QueueAddress::Sqlite(path) => {
            // A pool of its own: `setup` turns the waiting for the disk off on the connection that it is given.
            let pool = SqlitePoolOptions::new().max_connections(1).connect_with(sqlite_options(path)).await;
            let pool = pool.map_err(QueueError::Open)?;
            let made = SqliteStorage::setup(&pool).await;
            pool.close().await;
            made.map_err(|error| QueueError::Setup(driver(error)))
        }
        QueueAddress::Postgres(url) => {
            // Extensions and helpers land in the first schema of the search path.
            let options =
                url.parse::<PgConnectOptions>().map_err(QueueError::Open)?.options([("search_path", "public")]);
            let pool = one().connect_with(options).await.map_err(QueueError::Open)?;
            let made = postgres(&pool, runtime_role).await;
            pool.close().await;
            made
        }
    }
}

/// Whether the queue can be reached and has its tables. Makes nothing.
///
/// # Errors
/// It cannot be opened, or lacks its tables.
pub async fn check(address: &QueueAddress) -> Result<(), QueueError> {
    match address {
        QueueAddress::Sqlite(path) => {
            let options = sqlite_options(path).create_if_missing(false);
            let pool =
                SqlitePoolOptions::new().max_connections(1).connect_with(options).await.map_err(QueueError::Open)?;
            let looked = sqlx::query("SELECT 1 FROM Jobs LIMIT 0").execute(&pool).await;
            pool.close().await;
            looked.map(drop).map_err(QueueError::Setup)
        }
        QueueAddress::Postgres(url) => {
            let pool = one().connect(url).await.map_err(QueueError::Open)?;
            let looked = sqlx::query("SELECT 1 FROM apalis.jobs LIMIT 0").execute(&pool).await;
            pool.close().await;
            looked.map(drop).map_err(QueueError::Setup)
        }
    }
}

/// One connection, for which nobody waits long.
fn one() -> PgPoolOptions {
    PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE)
}

async fn postgres(pool: &sqlx::PgPool, runtime_role: Option<&str>) -> Result<(), QueueError> {
    PostgresStorage::setup(pool).await.map_err(|error| QueueError::Setup(driver(error)))?;
    let Some(role) = runtime_role else { return Ok(()) };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if role.is_empty() || !role.bytes().all(plain) {
        return Err(QueueError::Setup(sqlx::Error::Configuration("the runtime role is no plain name".into())));
    }
    sqlx::raw_sql(AssertSqlSafe(GRANTS.replace("{role}", role))).execute(pool).await.map_err(QueueError::Setup)?;
    Ok(())
}

fn driver(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Configuration(Box::new(error))
}
