//! Where the queue is, and how a worker works.

use std::{fmt, path::PathBuf, time::Duration};

use app::jobs::Timing;

/// Where the queue is.
#[derive(Clone, PartialEq, Eq)]
pub enum QueueAddress {
    /// A file of its own, beside the database: apalis takes the names `Jobs` and `Workers`, and changes how SQLite writes.
    Sqlite(PathBuf),
    /// The same PostgreSQL database as the store, as the runtime role; everything is in the schema `apalis`. No pooler that gives
    /// transactions instead of sessions.
    Postgres(String),
}

/// Without the URL, which may hold a password.
impl fmt::Debug for QueueAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// How a worker works.
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    /// Where the queue is.
    pub address: QueueAddress,
    /// Jobs at the same time.
    pub concurrency: usize,
    /// How often the outbox and the queue are looked at when nobody nudges.
    pub poll: Duration,
    /// How often the SLA clock looks whether something has come due.
    pub clock_every: Duration,
    /// How often schedules are looked at.
    pub schedules_every: Duration,
    /// How often new entries of the activity log are sealed.
    pub seal_every: Duration,
    /// How often silent workers and lost hand-overs are looked for.
    pub sweep_every: Duration,
    /// How often workers speak, and how long silence lasts before it means something.
    pub timing: Timing,
    /// How long a job that has ended stays in the ledger.
    pub keep_jobs: Duration,
    /// How long running jobs may go on after the soft stop, before they are given back.
    pub grace: Duration,
}

impl WorkerConfig {
    /// The usual worker.
    pub fn new(address: QueueAddress, concurrency: usize) -> Self {
        Self {
            address,
            concurrency: concurrency.max(1),
            poll: Duration::from_secs(1),
            clock_every: Duration::from_millis(500),
            schedules_every: Duration::from_secs(5),
            seal_every: Duration::from_secs(1),
            sweep_every: Duration::from_secs(15),
            timing: Timing::default(),
            keep_jobs: Duration::from_hours(30 * 24),
            grace: Duration::from_secs(20),
        }
    }
}
