//! Mutations of clients.

use app::clients::{ClientChange, ClientCode, NewClient};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{context::ContextExt as _, id::parse, types::Client, user_error::user_errors};

user_errors! {
    /// Why a client was not created or changed.
    ClientUserError, ClientErrorCode from ClientCode {
        /// The name is empty or longer than 200 characters.
        NameInvalid,
        /// The slug is no lower-case word of letters, digits and dashes.
        SlugInvalid,
        /// Another client has the slug.
        SlugTaken,
        /// The tz database has no such zone.
        TimeZoneUnknown,
        /// No such language.
        LanguageUnknown,
    }
}

/// A client to be created.
#[derive(Debug, InputObject)]
pub(crate) struct ClientCreateInput {
    /// Name, 1 to 200 characters.
    name: String,
    /// Short name, unique: lower-case letters, digits and dashes.
    slug: String,
    /// IANA zone of its nights and working hours, such as `Europe/Rome`.
    time_zone: String,
    /// Language of what it is sent: `it` or `en`.
    language: String,
}

/// The client that was created.
#[derive(Debug, SimpleObject)]
pub(crate) struct ClientCreatePayload {
    /// The client; absent when the input was refused.
    client: Option<Client>,
    /// Why the input was refused.
    user_errors: Vec<ClientUserError>,
}

/// What is to be changed of a client; what is absent stays.
#[derive(Debug, InputObject)]
pub(crate) struct ClientUpdateInput {
    /// Which.
    client_id: ID,
    /// Name, 1 to 200 characters.
    name: Option<String>,
    /// Short name, unique: lower-case letters, digits and dashes.
    slug: Option<String>,
    /// IANA zone of its nights and working hours; its nightly audit moves with it.
    time_zone: Option<String>,
    /// Language of what it is sent: `it` or `en`.
    language: Option<String>,
    /// The version that you have seen; `CONFLICT` when it is another one by now.
    expected_version: Option<i32>,
}

/// The client after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct ClientUpdatePayload {
    /// The client; absent when the input was refused.
    client: Option<Client>,
    /// Why the input was refused.
    user_errors: Vec<ClientUserError>,
}

/// Mutations of clients.
#[derive(Debug, Default)]
pub(crate) struct ClientsMutation;

#[Object]
impl ClientsMutation {
    /// Creates a client. Requires `clients:write`.
    async fn client_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client.")] input: ClientCreateInput,
    ) -> Result<ClientCreatePayload> {
        let ClientCreateInput { name, slug, time_zone, language } = input;
        let result = app::clients::create(ctx.op(), NewClient { name, slug, time_zone, language }).await;
        let (client, user_errors) = ClientUserError::split(ctx.op(), result)?;
        Ok(ClientCreatePayload { client: client.map(Client), user_errors })
    }

    /// Changes a client. Requires `clients:write`.
    async fn client_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what.")] input: ClientUpdateInput,
    ) -> Result<ClientUpdatePayload> {
        let ClientUpdateInput { client_id, name, slug, time_zone, language, expected_version } = input;
        let change = ClientChange { name, slug, time_zone, language, expected_version };
        let result = app::clients::update(ctx.op(), parse(&client_id)?, change).await;
        let (client, user_errors) = ClientUserError::split(ctx.op(), result)?;
        Ok(ClientUpdatePayload { client: client.map(Client), user_errors })
    }
}
