//! Teams, replies that are written beforehand, lists that are kept; and what is tied to a ticket for staff alone.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::{TeamId, TicketId, UserId};

use crate::{
    error::FieldError,
    loaders::Reader,
    scalars::{DateTime, Json},
    types::User,
};

/// Those of `ids` that the actor may see, read at once.
pub(super) async fn people(ctx: &Context<'_>, ids: &[UserId]) -> Result<Vec<User>> {
    let loaded = futures::future::try_join_all(ids.iter().map(|id| User::load_if_visible(ctx, *id))).await?;
    Ok(loaded.into_iter().flatten().collect())
}

/// Some of the staff, who are given tickets together.
#[derive(Debug, Clone)]
pub(crate) struct Team(pub(crate) domain::tickets::Team);

/// Some of the staff, who are given tickets together.
#[Object]
impl Team {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Who leads it, and is told of what escalates.
    async fn lead(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.lead {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Who is in it, as far as you may see users.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn members(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        people(ctx, &self.0.members).await
    }

    /// Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A reply that is written beforehand, with places for what differs from ticket to ticket.
#[derive(Debug, Clone)]
pub(crate) struct ReplyMacro(pub(crate) domain::tickets::ReplyMacro);

/// A reply that is written beforehand, with places for what differs from ticket to ticket.
#[Object]
impl ReplyMacro {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The text with its places; `replyMacroText` fills them.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A list of tickets that you keep.
#[derive(Debug, Clone)]
pub(crate) struct SavedView(pub(crate) domain::tickets::SavedView);

/// A list of tickets that you keep.
#[Object]
impl SavedView {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Filter and order, as `tickets` takes them.
    async fn view(&self) -> Json {
        Json(self.0.view.clone())
    }

    /// When it was first kept.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

impl Loader<TeamId> for Reader {
    type Value = Team;
    type Error = FieldError;

    async fn load(&self, ids: &[TeamId]) -> Result<HashMap<TeamId, Team>, FieldError> {
        let teams = app::tickets::teams(&self.0).await.map_err(FieldError::new)?;
        Ok(teams.into_iter().filter(|team| ids.contains(&team.id)).map(|team| (team.id, Team(team))).collect())
    }
}

/// Key of the tags of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TagsOf(pub(super) TicketId);

impl Loader<TagsOf> for Reader {
    type Value = Vec<String>;
    type Error = FieldError;

    async fn load(&self, keys: &[TagsOf]) -> Result<HashMap<TagsOf, Vec<String>>, FieldError> {
        let ids: Vec<TicketId> = keys.iter().map(|key| key.0).collect();
        let tags = app::tickets::tags_of(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(tags.into_iter().map(|(ticket, tags)| (TagsOf(ticket), tags)).collect())
    }
}

/// Key of the watchers of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct WatchersOf(pub(super) TicketId);

impl Loader<WatchersOf> for Reader {
    type Value = Vec<UserId>;
    type Error = FieldError;

    async fn load(&self, keys: &[WatchersOf]) -> Result<HashMap<WatchersOf, Vec<UserId>>, FieldError> {
        let ids: Vec<TicketId> = keys.iter().map(|key| key.0).collect();
        let watchers = app::tickets::watchers_of(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(watchers.into_iter().map(|(ticket, users)| (WatchersOf(ticket), users)).collect())
    }
}
