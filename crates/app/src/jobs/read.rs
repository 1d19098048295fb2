//! Looking at jobs: for operators.

use domain::{
    JobId,
    access::Permission,
    jobs::{Job, JobState},
};
use store::page::{Keyset, Page};

use crate::{OpCtx, OpError};

/// A page of the jobs that the actor may know of, by the time of putting in.
///
/// # Errors
/// `Forbidden` without `jobs:read`.
pub async fn page(op: &OpCtx, state: Option<JobState>, keyset: &Keyset) -> Result<Page<Job>, OpError> {
    op.require(Permission::JobsRead)?;
    Ok(store::jobs::page(&*op.reader().await?, state, keyset).await?)
}

/// Those of `ids` that the actor may know of, in any order. Whoever may see an audit may see how far its job has come.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn by_ids(op: &OpCtx, ids: &[JobId]) -> Result<Vec<Job>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::jobs::by_ids(&*op.reader().await?, ids).await?)
}
