//! A job of the ledger.

use async_graphql::{Context, ID, Object, Result};

use super::{Client, audit::Progress};
use crate::{scalars::DateTime, words::graphql_words};

graphql_words! {
    /// Where a job stands. Values may be added.
    JobState = domain::jobs::JobState {
        /// Waits for a worker.
        Queued,
        /// A worker has it.
        Running,
        /// Failed, and will be tried again.
        Retry,
        /// Done.
        Succeeded,
        /// Failed for good.
        Dead,
        /// Somebody cancelled it.
        Cancelled,
    }
}

/// Something that is done outside of a request.
#[derive(Debug, Clone)]
pub(crate) struct Job(pub(crate) domain::jobs::Job);

/// Something that is done outside of a request.
#[Object]
impl Job {
    /// Id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Stable name of what it does, such as `audit.run.v1`.
    async fn kind(&self) -> &'static str {
        self.0.payload.kind()
    }

    /// Whose work it is; `null` for the BSP's own.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        match self.0.payload.client() {
            Some(id) => Client::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Where it stands.
    async fn state(&self) -> JobState {
        self.0.state.into()
    }

    /// How often it was started.
    async fn attempt_count(&self) -> u32 {
        self.0.attempts
    }

    /// How far it has come.
    async fn progress(&self) -> Progress {
        self.0.progress.into()
    }

    /// When it may run, or run again.
    async fn next_run_at(&self) -> DateTime {
        self.0.next_run_at.into()
    }

    /// When it was put in.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last started.
    async fn started_at(&self) -> Option<DateTime> {
        self.0.started_at.map(Into::into)
    }

    /// When it ended, however it did.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(Into::into)
    }

    /// What went wrong last, for operators, in English.
    async fn last_error(&self) -> Option<&str> {
        self.0.last_error.as_deref()
    }
}
