//! An entry of the activity log, and what shows that it is sealed.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::Loader};
use domain::{ActivityId, access::Permission, activity};

use super::{ApiToken, Client, User};
use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{BigInt, DateTime},
    words::graphql_words,
};

graphql_words! {
    /// What kind of actor did something. More values may come.
    ActivityActor = domain::activity::ActivityActor {
        /// Nobody who is known: a sign-in that failed.
        Anonymous,
        /// A person of the BSP.
        Staff,
        /// A person of a client.
        ClientUser,
        /// A program.
        Token,
        /// The product itself, at its command line.
        System,
    }
}

graphql_words! {
    /// How something ended.
    ActivityOutcome = domain::activity::ActivityOutcome {
        /// It was done.
        Done,
        /// The input was refused: nothing changed.
        Refused,
        /// The actor may not do it, or not know of it: nothing changed.
        Denied,
        /// It failed for a reason of ours.
        Failed,
    }
}

/// An entry of the activity log: who did what, when, from where, on whose data. It is never changed and never deleted.
#[derive(Debug, Clone)]
pub(crate) struct Activity(pub(crate) activity::Activity);

impl Activity {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<ActivityId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// An entry of the activity log: who did what, when, from where, on whose data. It is never changed and never deleted.
#[Object]
impl Activity {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// On whose data; `null` for what is the BSP's own.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        match self.0.client {
            Some(id) => Client::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// What kind of actor did it.
    async fn actor(&self) -> ActivityActor {
        self.0.actor.into()
    }

    /// The person who did it; `null` for a program, and for those who may not see users.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.user {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The program that did it; `null` for a person, and for those who may not see tokens.
    async fn api_token(&self, ctx: &Context<'_>) -> Result<Option<ApiToken>> {
        match self.0.token {
            Some(id) if ctx.op().actor().may(Permission::TokensWrite) => ApiToken::load(ctx, id).await,
            _ => Ok(None),
        }
    }

    /// What was done: the name of the mutation, or of an operation of another kind, such as `evidenceDownload`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// Ids of what it was done to: what was made, and what the caller named.
    async fn subjects(&self) -> Vec<ID> {
        self.0.subjects.iter().map(ID::from).collect()
    }

    /// How it ended.
    async fn outcome(&self) -> ActivityOutcome {
        self.0.outcome.into()
    }

    /// Why it was not done, for programs.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Address that it came from; `null` at the command line, and where staff did it for those who are a client's.
    async fn address(&self, ctx: &Context<'_>) -> Option<&str> {
        self.0.address.as_deref().filter(|_| app::activity::shows_origin(ctx.op(), &self.0))
    }

    /// Id of the request, as in the log of the server.
    async fn request_id(&self) -> Option<&str> {
        self.0.request.as_deref()
    }
}

/// What stood for a log of activity when it had so many entries. Keep it elsewhere: nobody can then change what is before it unnoticed.
#[derive(Debug, SimpleObject)]
pub(crate) struct ActivityHead {
    /// The log's name.
    log: String,
    /// Entries that are sealed.
    size: BigInt,
    /// The root of its Merkle tree (RFC 6962), in hexadecimal.
    root: String,
    /// When it was sealed.
    sealed_at: DateTime,
}

impl ActivityHead {
    pub(crate) fn new(log: String, head: &app::activity::Head) -> Self {
        Self { log, size: BigInt(head.size), root: hex::encode(head.root), sealed_at: head.sealed_at.into() }
    }
}

/// What shows that an entry is sealed in its log (RFC 9162, 2.1.3.2).
#[derive(Debug, SimpleObject)]
pub(crate) struct ActivityProof {
    /// The head under which it is shown.
    head: ActivityHead,
    /// Which leaf the entry is, from 0.
    leaf_index: BigInt,
    /// The hash of the entry, in hexadecimal.
    leaf_hash: String,
    /// The hashes beside its way to the root, from below, in hexadecimal.
    path: Vec<String>,
}

impl ActivityProof {
    pub(crate) fn new(proof: app::activity::ActivityProof) -> Self {
        Self {
            head: ActivityHead::new(proof.log, &proof.head),
            leaf_index: BigInt(proof.place),
            leaf_hash: hex::encode(proof.leaf),
            path: proof.hashes.iter().map(hex::encode).collect(),
        }
    }
}

impl Loader<ActivityId> for Reader {
    type Value = Activity;
    type Error = FieldError;

    async fn load(&self, ids: &[ActivityId]) -> Result<HashMap<ActivityId, Activity>, FieldError> {
        let entries = app::activity::by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(entries.into_iter().map(|entry| (entry.id, Activity(entry))).collect())
    }
}
