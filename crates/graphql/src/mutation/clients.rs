//! Mutations of clients.

use app::clients::{ClientCode, NewClient};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::{context::ContextExt as _, types::Client, user_error::user_errors};

user_errors! {
    /// Why a client was not created.
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
}
