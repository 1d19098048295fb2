//! SLA policies and calendars, in their versions, and what a version would do.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, dataloader::Loader};
use domain::{ClientId, SlaCalendarId, SlaPolicyId};

use super::{Client, SlaMetric, Ticket, User};
use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{DateTime, Json},
};

/// For which tickets a version holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SlaScope {
    /// For tickets that are opened since.
    NewTickets,
    /// For those, and from then on for timers that run. What was counted before stays as it was counted.
    RunningTimers,
}

impl From<app::sla::Scope> for SlaScope {
    fn from(scope: app::sla::Scope) -> Self {
        match scope {
            app::sla::Scope::NewTickets => Self::NewTickets,
            app::sla::Scope::RunningTimers => Self::RunningTimers,
        }
    }
}

impl From<SlaScope> for app::sla::Scope {
    fn from(scope: SlaScope) -> Self {
        match scope {
            SlaScope::NewTickets => Self::NewTickets,
            SlaScope::RunningTimers => Self::RunningTimers,
        }
    }
}

pub(super) async fn owner(ctx: &Context<'_>, client: Option<ClientId>) -> Result<Option<Client>> {
    match client {
        Some(id) => Client::load(ctx, id).await,
        None => Ok(None),
    }
}

pub(super) async fn author(ctx: &Context<'_>, origin: &app::sla::Origin) -> Result<Option<User>> {
    match origin.author {
        Some(id) => User::load_if_visible(ctx, id).await,
        None => Ok(None),
    }
}

/// A version of an SLA policy. A version is never changed.
#[derive(Debug, Clone)]
pub(crate) struct SlaPolicyVersion(pub(crate) app::sla::PolicyVersion);

impl SlaPolicyVersion {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<SlaPolicyId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A version of an SLA policy. A version is never changed.
#[Object]
impl SlaPolicyVersion {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose; `null` for the BSP's own, which holds for every client that has none.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        owner(ctx, self.0.client).await
    }

    /// Counts the versions of the same owner, from 1; for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// From when it holds.
    async fn effective_from(&self) -> DateTime {
        self.0.effective_from.into()
    }

    /// For which tickets.
    async fn scope(&self) -> SlaScope {
        self.0.scope.into()
    }

    /// Goals by metric, priority and tier, who stops the clock, levels and escalations.
    async fn definition(&self) -> Json {
        Json(self.0.definition.clone())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.origin.created_at.into()
    }

    /// Who made it; `null` for the product and for programs, and for those who may not see users.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        author(ctx, &self.0.origin).await
    }

    /// Why, in the author's words.
    async fn reason(&self) -> Option<&str> {
        self.0.origin.reason.as_deref()
    }
}

/// A version of a calendar of working hours. A version is never changed.
#[derive(Debug, Clone)]
pub(crate) struct SlaCalendarVersion(pub(crate) app::sla::CalendarVersion);

impl SlaCalendarVersion {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<SlaCalendarId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A version of a calendar of working hours. A version is never changed.
#[Object]
impl SlaCalendarVersion {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose; `null` for the BSP's own, which holds for every client that has none of the key.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        owner(ctx, self.0.client).await
    }

    /// The key by which policies name it.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// Counts the versions of the same owner and key, from 1; for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// From when it holds.
    async fn effective_from(&self) -> DateTime {
        self.0.effective_from.into()
    }

    /// For which tickets.
    async fn scope(&self) -> SlaScope {
        self.0.scope.into()
    }

    /// Zone, weekly windows, overrides and holidays.
    async fn definition(&self) -> Json {
        Json(self.0.definition.clone())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.origin.created_at.into()
    }

    /// Who made it; `null` for the product and for programs, and for those who may not see users.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        author(ctx, &self.0.origin).await
    }

    /// Why, in the author's words.
    async fn reason(&self) -> Option<&str> {
        self.0.origin.reason.as_deref()
    }
}

/// What a version would do to the tickets that are open.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaPreview {
    /// When it would begin to hold; the answer supposes that nothing happens until then.
    at: DateTime,
    /// Open tickets that were looked at; none for a version that holds for new tickets alone.
    tickets: i32,
    /// Deadlines that would move.
    deadlines_moved: i32,
    /// Promises that would be broken at once, and are not otherwise.
    breached: i32,
    /// The first moves, at most 100.
    moves: Vec<SlaPreviewedMove>,
}

/// A deadline that would move.
#[derive(Debug)]
pub(crate) struct SlaPreviewedMove(app::sla::PreviewedMove);

/// A deadline that would move.
#[Object]
impl SlaPreviewedMove {
    /// Of which ticket.
    async fn ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        Ticket::load(ctx, self.0.ticket).await
    }

    /// Of which metric.
    async fn metric(&self) -> SlaMetric {
        self.0.moved.metric.into()
    }

    /// Of which cycle.
    async fn cycle(&self) -> i32 {
        i32::try_from(self.0.moved.cycle).unwrap_or(i32::MAX)
    }

    /// Where it stands; `null` when nothing is promised.
    async fn from_at(&self) -> Option<DateTime> {
        self.0.moved.from.map(|at| app::sla::instant(at).into())
    }

    /// Where it would stand; `null` when nothing would be promised.
    async fn to_at(&self) -> Option<DateTime> {
        self.0.moved.to.map(|at| app::sla::instant(at).into())
    }

    /// Whether the promise would be broken at once.
    async fn is_breached(&self) -> bool {
        self.0.moved.breached
    }
}

impl From<app::sla::Preview> for SlaPreview {
    fn from(preview: app::sla::Preview) -> Self {
        let count = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            at: preview.at.into(),
            tickets: count(preview.tickets),
            deadlines_moved: count(preview.moved),
            breached: count(preview.breached),
            moves: preview.moves.into_iter().map(SlaPreviewedMove).collect(),
        }
    }
}

impl Loader<SlaPolicyId> for Reader {
    type Value = SlaPolicyVersion;
    type Error = FieldError;

    async fn load(&self, ids: &[SlaPolicyId]) -> Result<HashMap<SlaPolicyId, SlaPolicyVersion>, FieldError> {
        let versions = app::sla::policies_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(versions.into_iter().map(|version| (version.id, SlaPolicyVersion(version))).collect())
    }
}

impl Loader<SlaCalendarId> for Reader {
    type Value = SlaCalendarVersion;
    type Error = FieldError;

    async fn load(&self, ids: &[SlaCalendarId]) -> Result<HashMap<SlaCalendarId, SlaCalendarVersion>, FieldError> {
        let versions = app::sla::calendars_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(versions.into_iter().map(|version| (version.id, SlaCalendarVersion(version))).collect())
    }
}

/// Key of the SLA tier of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TierOf(pub(super) ClientId);

impl Loader<TierOf> for Reader {
    type Value = String;
    type Error = FieldError;

    async fn load(&self, keys: &[TierOf]) -> Result<HashMap<TierOf, String>, FieldError> {
        let clients: Vec<ClientId> = keys.iter().map(|key| key.0).collect();
        let tiers = app::sla::tiers(&self.0, &clients).await.map_err(FieldError::new)?;
        Ok(tiers.into_iter().map(|(client, tier)| (TierOf(client), tier)).collect())
    }
}
