//! Retention of apalis' own rows, which it never deletes: triggers that were delivered, and workers of earlier starts. Each start
//! has names of its own, and a row of a worker stays while a trigger names it.

use crate::{QueueError, queue::Queue};

/// Triggers and workers are kept for a day, for whoever looks for a fault.
const SQLITE: [&str; 2] = [
    "DELETE FROM Jobs WHERE status IN ('Done', 'Failed', 'Killed') AND done_at < strftime('%s', 'now') - 86400",
    "DELETE FROM Workers WHERE last_seen < strftime('%s', 'now') - 86400
        AND NOT EXISTS (SELECT 1 FROM Jobs WHERE Jobs.lock_by = Workers.id)",
];
const POSTGRES: [&str; 2] = [
    "DELETE FROM apalis.jobs WHERE status IN ('Done', 'Failed', 'Killed') AND done_at < now() - interval '1 day'",
    "DELETE FROM apalis.workers w WHERE last_seen < now() - interval '1 day'
        AND NOT EXISTS (SELECT 1 FROM apalis.jobs j WHERE j.lock_by = w.id)",
];

/// Deletes what is old.
pub(crate) async fn prune(queue: &Queue) -> Result<(), QueueError> {
    match queue {
        Queue::Sqlite(pool) => {
            for sql in SQLITE {
                sqlx::query(sql).execute(pool).await.map_err(QueueError::Use)?;
            }
        }
        Queue::Postgres(pool) => {
            for sql in POSTGRES {
                sqlx::query(sql).execute(pool).await.map_err(QueueError::Use)?;
            }
        }
    }
    Ok(())
}
