//! Looking at jobs: for operators.

use domain::{
    JobId,
    access::Permission,
    jobs::{Job, JobState},
};
use store::{
    jobs::Count,
    page::{Keyset, Page},
};

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

/// How many jobs are not done, by kind and state: for whoever watches the deployment. The product itself asks.
///
/// # Errors
/// `Forbidden` without `jobs:read`; the actor may not know of all clients.
pub async fn counts(op: &OpCtx) -> Result<Vec<Count>, OpError> {
    op.require(Permission::JobsRead)?;
    Ok(store::jobs::counts(&*op.reader().await?).await?)
}
