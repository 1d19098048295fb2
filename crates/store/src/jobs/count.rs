//! How many jobs there are, for whoever watches the deployment.

use domain::jobs::JobState;
use sea_orm::{ConnectionTrait as _, Statement};

use super::TABLE;
use crate::{StoreError, Tx};

/// So many jobs of a kind are in a state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count {
    /// Name of the kind, as in the payload; of a retired kind too.
    pub kind: String,
    /// Their state.
    pub state: JobState,
    /// How many, at least one.
    pub jobs: u64,
}

/// The jobs that are not done, by kind and state: those that wait or run, and the dead, until they are pruned. Each part reads an
/// index of its own, whose size is that of the answer and not of the table.
///
/// # Errors
/// `NotVisible` for a transaction that does not know of all clients; the database is unavailable.
pub async fn counts(tx: &Tx) -> Result<Vec<Count>, StoreError> {
    // Constants, for with a bound value PostgreSQL does not see that the partial indexes hold these rows.
    const COUNTS: &str =
        "SELECT kind, state, count(*) AS jobs FROM jobs WHERE state IN ('queued', 'retry') GROUP BY kind, state
        UNION ALL SELECT kind, state, count(*) AS jobs FROM jobs WHERE state = 'running' GROUP BY kind, state
        UNION ALL SELECT kind, state, count(*) AS jobs FROM jobs WHERE state = 'dead' GROUP BY kind, state";
    tx.admit(None)?;
    let connection = tx.connection();
    let statement = Statement::from_string(connection.get_database_backend(), COUNTS);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| {
            let (kind, state, jobs): (String, String, i64) =
                (row.try_get("", "kind")?, row.try_get("", "state")?, row.try_get("", "jobs")?);
            let state = state.parse().map_err(|_| StoreError::inconsistent(TABLE, "state", &kind))?;
            Ok(Count { kind, state, jobs: u64::try_from(jobs).unwrap_or_default() })
        })
        .collect()
}
