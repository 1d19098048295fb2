//! The nightly audit of a client.

use std::collections::HashMap;

use async_graphql::{Context, Object, Result, dataloader::Loader};
use domain::{ClientId, jobs::Schedule};

use super::super::Client;
use crate::{context::ContextExt as _, error::FieldError, loaders::Reader, scalars::DateTime};

/// When a client's audits run by themselves.
#[derive(Debug, Clone)]
pub(crate) struct AuditSchedule(pub(crate) Schedule);

impl AuditSchedule {
    /// Of a client, batched.
    pub(crate) async fn load(ctx: &Context<'_>, client: ClientId) -> Result<Option<Self>> {
        ctx.loader().load_one(ScheduleOf(client)).await.map_err(FieldError::show)
    }
}

/// When a client's audits run by themselves.
#[Object]
impl AuditSchedule {
    /// Whose.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        match self.0.client {
            Some(id) => Client::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Whether audits run by themselves.
    async fn is_enabled(&self) -> bool {
        self.0.is_enabled
    }

    /// Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Time of the day, `HH:MM`.
    async fn local_time(&self) -> String {
        self.0.local_time.to_string()
    }

    /// IANA zone of that time.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }

    /// When the next audit starts; `null` when they are switched off.
    async fn next_run_at(&self) -> Option<DateTime> {
        self.0.is_enabled.then(|| self.0.next_run_at.into())
    }

    /// The time of the last audit that was started so.
    async fn last_run_at(&self) -> Option<DateTime> {
        self.0.last_run_at.map(Into::into)
    }
}

/// The schedule of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ScheduleOf(ClientId);

impl Loader<ScheduleOf> for Reader {
    type Value = AuditSchedule;
    type Error = FieldError;

    async fn load(&self, keys: &[ScheduleOf]) -> Result<HashMap<ScheduleOf, AuditSchedule>, FieldError> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        let schedules = app::audits::schedules_by_clients(&self.0, &clients).await.map_err(FieldError::new)?;
        let keyed = |schedule: Schedule| schedule.client.map(|client| (ScheduleOf(client), AuditSchedule(schedule)));
        Ok(schedules.into_iter().filter_map(keyed).collect())
    }
}
