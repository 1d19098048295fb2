//! A person who signs in.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::{UserId, access::Permission};

use crate::{
    context::ContextExt as _, error::FieldError, loaders::Reader, scalars::DateTime, types::Client,
    words::graphql_words,
};

graphql_words! {
    /// What a person is, at the BSP or at a client. More values may come.
    Role = domain::access::Role {
        /// Runs the BSP's deployment.
        BspAdmin,
        /// Works on tickets and audits of the BSP's clients.
        SupportAgent,
        /// Reads traffic and audits of the BSP's clients.
        Analyst,
        /// Reads everything, changes nothing.
        Auditor,
        /// Runs the client's side.
        ClientAdmin,
        /// Builds the client's programs: imports and tokens.
        ClientDeveloper,
        /// Looks at the client's side.
        ClientViewer,
    }
}

/// A person who signs in.
#[derive(Debug, Clone)]
pub(crate) struct User {
    user: domain::accounts::User,
    /// Read already, for those who just signed in: the rest of the document still runs as nobody.
    client: Option<Client>,
}

impl User {
    pub(crate) const fn new(user: domain::accounts::User) -> Self {
        Self { user, client: None }
    }

    /// A person whose client is read already.
    pub(crate) const fn with_client(user: domain::accounts::User, client: Option<Client>) -> Self {
        Self { user, client }
    }

    /// Name, for people.
    pub(crate) fn called(&self) -> &str {
        &self.user.name
    }

    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<UserId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched; nothing for those who may not know of the person.
    pub(crate) async fn load(ctx: &Context<'_>, id: UserId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }

    /// The same as a detail of something else: also nothing, and no error, for those who may not see users at all.
    pub(crate) async fn load_if_visible(ctx: &Context<'_>, id: UserId) -> Result<Option<Self>> {
        let actor = ctx.op().actor();
        if actor.user() == Some(id) || actor.may(Permission::UsersRead) { Self::load(ctx, id).await } else { Ok(None) }
    }
}

/// A person who signs in.
#[Object]
impl User {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.user.id.into()
    }

    /// The client that the person belongs to; absent for staff.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        match (&self.client, self.user.client) {
            (Some(client), _) => Ok(Some(client.clone())),
            (None, Some(id)) => Client::load(ctx, id).await,
            (None, None) => Ok(None),
        }
    }

    /// Address to sign in with, in lower case.
    async fn email(&self) -> &str {
        &self.user.email
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.user.name
    }

    /// What the person may do.
    async fn role(&self) -> Role {
        self.user.role.into()
    }

    /// The clients that a member of staff works for; `null` for all, and for a client's people.
    async fn assigned_client_ids(&self) -> Option<Vec<ID>> {
        self.user.assigned.as_ref().map(|ids| ids.iter().copied().map(ID::from).collect())
    }

    /// Language of texts: `it` or `en`.
    async fn language(&self) -> &str {
        &self.user.language
    }

    /// When the person was shut out, if so.
    async fn disabled_at(&self) -> Option<DateTime> {
        self.user.disabled_at.map(Into::into)
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime {
        self.user.created_at.into()
    }

    /// Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.user.version
    }
}

impl Loader<UserId> for Reader {
    type Value = User;
    type Error = FieldError;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, User>, FieldError> {
        let users = app::accounts::users_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(users.into_iter().map(|user| (user.id, User::new(user))).collect())
    }
}
