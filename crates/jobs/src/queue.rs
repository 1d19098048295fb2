//! The two queues of apalis behind one face: open, hand over, deliver.

use std::time::Duration;

use apalis::prelude::{
    BackendExt as _, Monitor, ParallelizeExt as _, TaskBuilder, WorkerBuilder, WorkerBuilderExt as _,
};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use app::jobs::Executor;
use domain::{JobId, jobs::JobLane};
use sqlx::{
    PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    QueueAddress,
    handler::{Trigger, deliver},
};

/// Name of a lane's queue: stable, for a type's name (the default) would lose what is queued when the type moves.
const fn name_of(lane: JobLane) -> &'static str {
    match lane {
        JobLane::Quick => "sblocco.quick.v1",
        JobLane::Long => "sblocco.jobs.v1",
    }
}

/// Between two signs of life of a worker of apalis.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Signs of life that may be missed before apalis delivers again what the worker had. Longer than a soft stop takes.
const MISSED: usize = 6;
/// Signs of life are looked for within this many seconds.
pub(crate) const ALIVE_SECONDS: i64 = 60;
/// Connections: one for each lane listens, the others fetch, report and hand over.
const CONNECTIONS: u32 = 6;
/// Jobs of the quick lane that one process works on at the same time: they wait for others most of their time.
pub(crate) const QUICK: usize = 8;
const BUSY: Duration = Duration::from_secs(30);
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Why the queue cannot be used. Texts hold no address.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// It cannot be reached or opened.
    #[error("the job queue cannot be opened; check that its database runs and that its folder can be written")]
    Open(#[source] sqlx::Error),
    /// Its tables could not be made.
    #[error(
        "the tables of the job queue cannot be made; run `sblocco migrate` as the owner of the database, with the extensions \
             hstore and pgcrypto installed on the server"
    )]
    Setup(#[source] sqlx::Error),
    /// It refused a statement.
    #[error("the job queue cannot be used now")]
    Use(#[source] sqlx::Error),
}

/// A worker of a lane.
struct LaneWorker {
    lane: JobLane,
    /// Unique for ever.
    name: String,
    concurrency: usize,
}

/// An open queue.
#[derive(Debug, Clone)]
pub(crate) enum Queue {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Connect options of the queue's file. Triggers are disposable, so a power cut may lose the last ones, but never damage the file.
pub(crate) fn sqlite_options(path: &std::path::Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY)
}

impl Queue {
    /// Opens the queue; its tables must be there.
    pub(crate) async fn open(address: &QueueAddress) -> Result<Self, QueueError> {
        match address {
            QueueAddress::Sqlite(path) => SqlitePoolOptions::new()
                .max_connections(CONNECTIONS)
                .acquire_timeout(PATIENCE)
                .connect_with(sqlite_options(path))
                .await
                .map(Self::Sqlite),
            QueueAddress::Postgres(url) => {
                let options = url.parse::<PgConnectOptions>().map_err(QueueError::Open)?;
                PgPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(PATIENCE)
                    .connect_with(options.application_name("sblocco jobs"))
                    .await
                    .map(Self::Postgres)
            }
        }
        .map_err(QueueError::Open)
    }

    /// Hands jobs over: all, or none.
    pub(crate) async fn push(&self, lane: JobLane, jobs: &[JobId]) -> Result<(), QueueError> {
        // One attempt: the ledger decides about others.
        let task = |job: &JobId| TaskBuilder::new(Trigger::new(*job).encode()).max_attempts(1).build();
        match self {
            Self::Sqlite(pool) => {
                let mut tx = pool.begin().await.map_err(QueueError::Use)?;
                let tasks: Vec<_> = jobs.iter().map(task).collect();
                apalis_sqlite::queries::push_tasks(&mut *tx, name_of(lane), &tasks).await.map_err(of_sqlite)?;
                tx.commit().await.map_err(QueueError::Use)
            }
            Self::Postgres(pool) => {
                // One statement, which needs no transaction.
                let mut connection = pool.acquire().await.map_err(QueueError::Use)?;
                let tasks = jobs.iter().map(task).collect();
                apalis_postgres::queries::push_tasks(&mut *connection, name_of(lane), tasks).await.map_err(of_postgres)
            }
        }
    }

    /// What delivers to `executor`, under names that nothing else has or had: for each lane a worker of its own.
    pub(crate) fn monitor(&self, executor: &Executor, name: &str, concurrency: usize, poll: Duration) -> Monitor {
        let long = LaneWorker { lane: JobLane::Long, name: name.to_owned(), concurrency };
        let quick = LaneWorker { lane: JobLane::Quick, name: format!("{name}-quick"), concurrency: QUICK };
        let monitor = self.register(Monitor::new(), executor, long, poll);
        self.register(monitor, executor, quick, poll)
    }

    fn register(&self, monitor: Monitor, executor: &Executor, worker: LaneWorker, poll: Duration) -> Monitor {
        let LaneWorker { lane, name, concurrency } = worker;
        let executor = executor.clone();
        match self {
            Self::Sqlite(pool) => {
                let config = apalis_sqlite::Config::default()
                    .queue(name_of(lane))
                    .batch_size(concurrency)
                    .heartbeat_interval(HEARTBEAT)
                    .missed_heartbeats(MISSED);
                let storage = SqliteStorage::<Trigger>::new(pool).with_config(config);
                monitor.register(move |_| {
                    WorkerBuilder::new(name.clone())
                        .backend(storage.clone().poll_with_interval(poll))
                        .concurrency(concurrency)
                        .parallelize(tokio::spawn)
                        .data(executor.clone())
                        .build(deliver)
                })
            }
            Self::Postgres(pool) => {
                let config = apalis_postgres::Config::default()
                    .queue(name_of(lane))
                    .batch_size(concurrency)
                    .heartbeat_interval(HEARTBEAT)
                    .missed_heartbeats(MISSED);
                let storage = PostgresStorage::<Trigger>::new(pool).with_config(config);
                monitor.register(move |_| {
                    WorkerBuilder::new(name.clone())
                        .backend(storage.clone().with_pubsub().poll_with_interval(poll))
                        .concurrency(concurrency)
                        .parallelize(tokio::spawn)
                        .data(executor.clone())
                        .build(deliver)
                })
            }
        }
    }

    /// Whether a worker whose name begins so has given a sign of life lately.
    pub(crate) async fn is_alive(&self, worker: &str) -> Result<bool, QueueError> {
        match self {
            Self::Sqlite(pool) => {
                const ALIVE: &str = "SELECT EXISTS (SELECT 1 FROM Workers WHERE substr(id, 1, length(?1)) = ?1
                    AND last_seen > strftime('%s', 'now') - ?2)";
                sqlx::query_scalar(ALIVE).bind(worker).bind(ALIVE_SECONDS).fetch_one(pool).await
            }
            Self::Postgres(pool) => {
                const ALIVE: &str = "SELECT EXISTS (SELECT 1 FROM apalis.workers WHERE starts_with(id, $1)
                    AND last_seen > now() - make_interval(secs => $2::double precision))";
                sqlx::query_scalar(ALIVE).bind(worker).bind(ALIVE_SECONDS as f64).fetch_one(pool).await
            }
        }
        .map_err(QueueError::Use)
    }

    /// Closes the connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

fn of_sqlite(error: apalis_sqlite::Error) -> QueueError {
    QueueError::Use(match error {
        apalis_sqlite::Error::Database(error) => error,
        other => sqlx::Error::Protocol(other.to_string()),
    })
}

fn of_postgres(error: apalis_postgres::Error) -> QueueError {
    QueueError::Use(match error {
        apalis_postgres::Error::Database(error) => error,
        other => sqlx::Error::Protocol(other.to_string()),
    })
}
