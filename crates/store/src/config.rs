//! Where the database is, and how many connections to it.

use std::time::Duration;

/// Configuration of a [`Store`](crate::Store).
#[derive(Clone)]
pub struct StoreConfig {
    /// `postgres://…`, as the runtime role, or the path of a SQLite file.
    pub url: String,
    /// Connections at most: on PostgreSQL in all, on SQLite for reading (one more writes).
    pub max_connections: u32,
    /// How long a transaction waits for a free connection.
    pub acquire_timeout: Duration,
    /// On PostgreSQL, how long a statement may run that somebody waits for ([`Store::read_for_answer`](crate::Store::read_for_answer));
    /// absent, as long as the server lets it.
    pub answer_timeout: Option<Duration>,
}

impl StoreConfig {
    /// Eight connections, ten seconds of patience.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), max_connections: 8, acquire_timeout: Duration::from_secs(10), answer_timeout: None }
    }
}

/// Without the URL, which may hold a password.
impl std::fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreConfig")
            .field("max_connections", &self.max_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("answer_timeout", &self.answer_timeout)
            .finish_non_exhaustive()
    }
}
