//! Queries of the job ledger: for operators.

use async_graphql::{Context, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    page::{Connection, PageArguments, connection},
    types::{Job, JobState},
};

/// Queries of jobs.
#[derive(Debug, Default)]
pub(crate) struct JobsQuery;

#[Object]
impl JobsQuery {
    /// The jobs, the latest first. Requires `jobs:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in this state.")] state: Option<JobState>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<Job>> {
        let arguments = PageArguments::parse(&format!("jobs:{state:?}"), first, after)?.descending();
        let page = app::jobs::page(ctx.op(), state.map(Into::into), arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Job))
    }
}
