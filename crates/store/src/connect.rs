//! The pools, opened and checked.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::access::Visibility;
use migrations::{Address, InvalidAddress, SqliteAccess};
use sea_orm::{ConnAcquireErr, ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbErr, Statement};

use tokio::sync::OnceCell;

use crate::{Fault, Inbox, StoreConfig, StoreError, Tx, tickets::Frequent, tx};

/// A PostgreSQL connection that was idle for longer is tried before it is used.
const TRIED_WHEN_IDLE_FOR: Duration = Duration::from_secs(30);

/// The database. Cheap to clone; all clones share the pools.
#[derive(Clone)]
pub struct Store(Arc<Pools>);

struct Pools {
    /// On SQLite, connections that can only read; on PostgreSQL the same as `writer`.
    reader: DatabaseConnection,
    /// On SQLite a single connection, so that writers queue here and not in the file's lock.
    writer: DatabaseConnection,
    statements: Arc<AtomicU64>,
    frequent: Arc<Frequent>,
    answer_timeout: Option<Duration>,
    /// Where the SQLite database is.
    file: Option<PathBuf>,
    /// Opened when it is needed first.
    inbox: OnceCell<Inbox>,
    /// Set by a test that wants transactions without scoped predicates.
    #[cfg(any(test, feature = "testing"))]
    unguarded: std::sync::atomic::AtomicBool,
}

/// Why a store cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The address is unusable.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// There is no file there.
    #[error("there is no database at {0}: make it with `sblocco migrate`")]
    Missing(String),
    /// The database cannot be reached.
    #[error(transparent)]
    Unreachable(#[from] StoreError),
    /// The server answers, and does not let the role in.
    #[error(
        "the role of database.url cannot sign in: correct its name or password, or run `sblocco migrate`, which makes it"
    )]
    SignIn,
    /// The server answers, and has no such database.
    #[error("the server has no database of the name in database.url: create it (createdb), or correct the name")]
    NoDatabase,
    /// The database lacks migrations of this release.
    #[error("the database lacks migrations ({}): run `sblocco migrate` first", .0.join(", "))]
    Pending(Vec<String>),
    /// Row-level security would not hold for the role.
    #[error(
        "the role {role} must not run the program, for it {why}: let `sblocco migrate` connect as the owner and create a runtime \
         role, and connect as that one here"
    )]
    Role {
        /// The role that connected.
        role: String,
        /// What is wrong with it.
        why: UnsafeRole,
    },
}

/// Why row-level security would not hold for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsafeRole {
    /// It does not hold for superusers.
    Superuser,
    /// The role has BYPASSRLS.
    BypassesRowSecurity,
    /// The role could take the wall down.
    OwnsTables,
}

impl fmt::Display for UnsafeRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Superuser => "is a superuser",
            Self::BypassesRowSecurity => "bypasses row-level security",
            Self::OwnsTables => "owns the tables",
        })
    }
}

impl Store {
    /// Opens the pools, and asserts that every migration is applied and, on PostgreSQL, that row-level security holds for the
    /// role.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn connect(config: &StoreConfig) -> Result<Self, ConnectError> {
        let statements = Arc::new(AtomicU64::new(0));
        let mut file = None;
        let (reader, writer) = match Address::parse(&config.url)? {
            Address::Sqlite(path) => {
                let (mut reader, mut writer) = open_sqlite(&path, config).await?;
                count(&mut reader, &statements);
                count(&mut writer, &statements);
                file = Some(path);
                (reader, writer)
            }
            Address::Postgres(url) => {
                let mut pool = open_postgres(url, config).await.map_err(unanswered)?;
                count(&mut pool, &statements);
                assert_role(&pool).await?;
                (pool.clone(), pool)
            }
        };
        let pending = migrations::pending(&reader).await.map_err(StoreError::from)?;
        if !pending.is_empty() {
            return Err(ConnectError::Pending(pending));
        }
        Ok(Self(Arc::new(Pools {
            reader,
            writer,
            statements,
            frequent: Arc::default(),
            answer_timeout: config.answer_timeout,
            file,
            inbox: OnceCell::new(),
            #[cfg(any(test, feature = "testing"))]
            unguarded: std::sync::atomic::AtomicBool::new(false),
        })))
    }

    /// A transaction that reads. All its statements see the database as it stood at the first of them (on PostgreSQL it is
    /// REPEATABLE READ), so that a page of several statements is one moment.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn read(&self, visibility: &Visibility) -> Result<Tx, StoreError> {
        self.begun(tx::begin(&self.0.reader, visibility, tx::Access::Read, None).await)
    }

    /// The same, for somebody who waits for the answer, and not for ever: on PostgreSQL the server gives up a statement that runs longer
    /// than `answer_timeout`. Whoever goes away, or is told that it took too long, leaves the statement running and its connection taken.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn read_for_answer(&self, visibility: &Visibility) -> Result<Tx, StoreError> {
        self.begun(tx::begin(&self.0.reader, visibility, tx::Access::Read, self.0.answer_timeout).await)
    }

    /// A transaction that may write. On PostgreSQL each statement sees what was committed before it began; on SQLite there is
    /// one at a time: hold it for milliseconds, and never while calling another service.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn write(&self, visibility: &Visibility) -> Result<Tx, StoreError> {
        self.begun(tx::begin(&self.0.writer, visibility, tx::Access::Write, None).await)
    }

    fn begun(&self, tx: Result<Tx, StoreError>) -> Result<Tx, StoreError> {
        let tx = tx?.knowing(&self.0.frequent);
        #[cfg(any(test, feature = "testing"))]
        let tx = tx.unguarded(self.0.unguarded.load(Ordering::Relaxed));
        Ok(tx)
    }

    /// Runs one statement on PostgreSQL without a transaction, as [`crate::users::of_credential`] does with every request. `None` on
    /// SQLite, where a transaction costs nothing.
    pub(crate) fn single(&self) -> Option<&DatabaseConnection> {
        self.is_postgres().then_some(&self.0.reader)
    }

    /// Lets all further transactions go without scoped predicates, so that a test sees what stands behind them.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn take_predicates_away(&self) {
        self.0.unguarded.store(true, Ordering::Relaxed);
    }

    /// Statements that were run since the store was opened, the ones that begin, end and scope transactions left out. Two
    /// operations that run at once are counted together.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// The inbox of webhooks: a file of its own beside a SQLite database, made when it is needed first; a table of a PostgreSQL one.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub async fn inbox(&self) -> Result<&Inbox, StoreError> {
        let pools = &self.0;
        pools
            .inbox
            .get_or_try_init(async || match &pools.file {
                Some(file) => Inbox::beside(file).await,
                None => Ok(Inbox::within(&pools.writer)),
            })
            .await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.0.writer.ping().await?;
        Ok(self.0.reader.ping().await?)
    }

    /// Whether it is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.0.writer.get_database_backend() == sea_orm::DbBackend::Postgres
    }

    /// Closes all connections, after the transactions that are open. Nothing can be begun afterwards.
    ///
    /// # Errors
    /// A connection could not be closed properly.
    pub async fn close(&self) -> Result<(), StoreError> {
        if let Some(inbox) = self.0.inbox.get() {
            inbox.close().await?;
        }
        self.0.reader.close_by_ref().await?;
        Ok(self.0.writer.close_by_ref().await?)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("backend", &self.0.writer.get_database_backend()).finish_non_exhaustive()
    }
}

fn count(connection: &mut DatabaseConnection, statements: &Arc<AtomicU64>) {
    let statements = Arc::clone(statements);
    connection.set_metric_callback(move |info| {
        if info.statement.sql != tx::SCOPE {
            statements.fetch_add(1, Ordering::Relaxed);
        }
    });
}

async fn open_sqlite(
    path: &Path,
    config: &StoreConfig,
) -> Result<(DatabaseConnection, DatabaseConnection), ConnectError> {
    if !path.exists() {
        return Err(ConnectError::Missing(path.display().to_string()));
    }
    let wait = config.acquire_timeout;
    // The writer first: a connection that only reads cannot make the files that go with the WAL.
    let writer = migrations::sqlite(path, SqliteAccess::Write, 1, wait).await.map_err(StoreError::from)?;
    let readers = config.max_connections.max(1);
    let reader = migrations::sqlite(path, SqliteAccess::Read, readers, wait).await.map_err(StoreError::from)?;
    Ok((reader, writer))
}

/// A pool tries a server that refuses connections until its patience ends. Before there is any connection, that is no lack of
/// free ones.
fn unanswered(error: DbErr) -> ConnectError {
    if let DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) = error {
        return StoreError::Unavailable(Fault::new("nothing answers at its address")).into();
    }
    match StoreError::from(error) {
        StoreError::Unavailable(Fault { code: Some(code), .. }) if code.starts_with("28") => ConnectError::SignIn,
        StoreError::Unavailable(Fault { code: Some(code), .. }) if code == "3D000" => ConnectError::NoDatabase,
        error => error.into(),
    }
}

async fn open_postgres(url: String, config: &StoreConfig) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(config.max_connections.max(1))
        .acquire_timeout(config.acquire_timeout)
        .connect_timeout(config.acquire_timeout)
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(TRIED_WHEN_IDLE_FOR)
        .set_application_name("sblocco")
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        // As most transactions read, theirs is the level that none has to ask for: each asking is a round trip.
        .map_sqlx_postgres_opts(|options| options.options([("default_transaction_isolation", "repeatable read")]));
    Database::connect(options).await
}

/// Ownership counts when it can be used without asking (`USAGE`), as members of the owning role do.
const ROLE: &str = "SELECT rolname::text AS role, rolsuper AS superuser, rolbypassrls AS bypasses, EXISTS (
        SELECT 1 FROM pg_catalog.pg_class
        WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p') AND relrowsecurity
            AND pg_has_role(current_user, relowner, 'USAGE')
    ) AS owns
    FROM pg_catalog.pg_roles WHERE rolname = current_user";

async fn assert_role(pool: &DatabaseConnection) -> Result<(), ConnectError> {
    let row = pool.query_one_raw(Statement::from_string(sea_orm::DbBackend::Postgres, ROLE)).await;
    let row = row.map_err(StoreError::from)?.ok_or(StoreError::NotFound { table: "pg_roles" })?;
    let flag = |column: &str| row.try_get::<bool>("", column).map_err(StoreError::from);
    let why = if flag("superuser")? {
        UnsafeRole::Superuser
    } else if flag("bypasses")? {
        UnsafeRole::BypassesRowSecurity
    } else if flag("owns")? {
        UnsafeRole::OwnsTables
    } else {
        return Ok(());
    };
    Err(ConnectError::Role { role: row.try_get("", "role").map_err(StoreError::from)?, why })
}

#[cfg(test)]
impl Store {
    /// The pool itself, for what tests must see without a transaction.
    pub(crate) fn postgres_pool(&self) -> &sqlx::PgPool {
        self.0.writer.get_postgres_connection_pool()
    }
}
