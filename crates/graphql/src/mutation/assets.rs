//! Mutations of accounts and numbers.

use app::assets::{AssetCode, NewPhoneNumber, NewWaba};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    error::bad_input,
    id::parse,
    types::{PhoneNumber, Waba},
    user_error::user_errors,
};

user_errors! {
    /// Why an asset was not recorded.
    AssetUserError, AssetErrorCode from AssetCode {
        /// There is no such client for you.
        ClientNotFound,
        /// The client has no such account.
        WabaNotFound,
        /// The name is empty or longer than 200 characters.
        NameInvalid,
        /// Meta's id is not 1 to 32 digits.
        MetaIdInvalid,
        /// The id of Meta's is recorded already.
        MetaIdTaken,
        /// The number is no telephone number.
        NumberInvalid,
        /// The messaging limit is not a number above zero.
        MessagingLimitInvalid,
    }
}

/// A WhatsApp Business Account to be recorded.
#[derive(Debug, InputObject)]
pub(crate) struct WabaCreateInput {
    /// Whose.
    client_id: ID,
    /// Meta's id, digits.
    meta_id: String,
    /// Name.
    name: String,
    /// Meta's id of the business portfolio.
    portfolio_meta_id: Option<String>,
    /// The portfolio's messaging limit, when known.
    messaging_limit: Option<i32>,
    /// Whether the portfolio has no messaging limit; not together with `messagingLimit`.
    #[graphql(default)]
    is_unlimited: bool,
}

/// The account that was recorded.
#[derive(Debug, SimpleObject)]
pub(crate) struct WabaCreatePayload {
    /// The account; absent when the input was refused.
    waba: Option<Waba>,
    /// Why the input was refused.
    user_errors: Vec<AssetUserError>,
}

/// A sending number to be recorded.
#[derive(Debug, InputObject)]
pub(crate) struct PhoneNumberCreateInput {
    /// Of which account.
    waba_id: ID,
    /// Meta's id, digits.
    meta_id: String,
    /// The number, as people write it.
    display_number: String,
    /// The name that people see.
    verified_name: Option<String>,
}

/// The number that was recorded.
#[derive(Debug, SimpleObject)]
pub(crate) struct PhoneNumberCreatePayload {
    /// The number; absent when the input was refused.
    phone_number: Option<PhoneNumber>,
    /// Why the input was refused.
    user_errors: Vec<AssetUserError>,
}

/// Mutations of assets.
#[derive(Debug, Default)]
pub(crate) struct AssetsMutation;

#[Object]
impl AssetsMutation {
    /// Records a WhatsApp Business Account. Requires `assets:write`.
    async fn waba_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: WabaCreateInput,
    ) -> Result<WabaCreatePayload> {
        let messaging_limit = match (input.messaging_limit, input.is_unlimited) {
            (Some(_), true) => return Err(bad_input("give either `messagingLimit` or `isUnlimited`")),
            (limit, false) => limit.map(i64::from),
            (None, true) => Some(domain::assets::Waba::UNLIMITED),
        };
        let new = NewWaba {
            client: parse(&input.client_id)?,
            meta_id: input.meta_id,
            name: input.name,
            portfolio_meta_id: input.portfolio_meta_id,
            messaging_limit,
        };
        let (waba, user_errors) = AssetUserError::split(ctx.op(), app::assets::create_waba(ctx.op(), new).await)?;
        Ok(WabaCreatePayload { waba: waba.map(Waba), user_errors })
    }

    /// Records a sending number. Requires `assets:write`.
    async fn phone_number_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number.")] input: PhoneNumberCreateInput,
    ) -> Result<PhoneNumberCreatePayload> {
        let new = NewPhoneNumber {
            waba: parse(&input.waba_id)?,
            meta_id: input.meta_id,
            display_number: input.display_number,
            verified_name: input.verified_name,
        };
        let (number, user_errors) =
            AssetUserError::split(ctx.op(), app::assets::create_phone_number(ctx.op(), new).await)?;
        Ok(PhoneNumberCreatePayload { phone_number: number.map(PhoneNumber), user_errors })
    }
}
