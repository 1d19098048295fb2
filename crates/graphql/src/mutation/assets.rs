//! Mutations of accounts and numbers.

use app::assets::{AssetCode, NewPhoneNumber, NewWaba, PhoneNumberChange, WabaChange};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    error::bad_input,
    id::parse,
    types::{PhoneNumber, Waba},
    user_error::user_errors,
};

user_errors! {
    /// Why an asset was not recorded or corrected.
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

/// What is to be corrected of a WhatsApp Business Account; what is absent stays. What Meta tells later stands over it.
#[derive(Debug, InputObject)]
pub(crate) struct WabaUpdateInput {
    /// Which.
    waba_id: ID,
    /// Name.
    name: Option<String>,
    /// Meta's id of the business portfolio; `null` when it is unknown.
    portfolio_meta_id: MaybeUndefined<String>,
    /// The portfolio's messaging limit; `null` when it is unknown.
    messaging_limit: MaybeUndefined<i32>,
    /// Whether the portfolio has no messaging limit; not together with `messagingLimit`.
    #[graphql(default)]
    is_unlimited: bool,
    /// The version that you have seen; `CONFLICT` when it is another one by now.
    expected_version: Option<i32>,
}

/// The account after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct WabaUpdatePayload {
    /// The account; absent when the input was refused.
    waba: Option<Waba>,
    /// Why the input was refused.
    user_errors: Vec<AssetUserError>,
}

/// What is to be corrected of a sending number; what is absent stays. What Meta tells later stands over it.
#[derive(Debug, InputObject)]
pub(crate) struct PhoneNumberUpdateInput {
    /// Which.
    phone_number_id: ID,
    /// The number, as people write it.
    display_number: Option<String>,
    /// The name that people see; `null` when it has none.
    verified_name: MaybeUndefined<String>,
    /// The version that you have seen; `CONFLICT` when it is another one by now.
    expected_version: Option<i32>,
}

/// The number after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct PhoneNumberUpdatePayload {
    /// The number; absent when the input was refused.
    phone_number: Option<PhoneNumber>,
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

    /// Corrects a WhatsApp Business Account. Requires `assets:write`.
    async fn waba_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what.")] input: WabaUpdateInput,
    ) -> Result<WabaUpdatePayload> {
        let messaging_limit = match (input.messaging_limit, input.is_unlimited) {
            (MaybeUndefined::Undefined, false) => None,
            (MaybeUndefined::Undefined, true) => Some(Some(domain::assets::Waba::UNLIMITED)),
            (MaybeUndefined::Null, false) => Some(None),
            (MaybeUndefined::Value(limit), false) => Some(Some(i64::from(limit))),
            (_, true) => return Err(bad_input("give either `messagingLimit` or `isUnlimited`")),
        };
        let change = WabaChange {
            name: input.name,
            portfolio_meta_id: input.portfolio_meta_id.into(),
            messaging_limit,
            expected_version: input.expected_version,
        };
        let result = app::assets::update_waba(ctx.op(), parse(&input.waba_id)?, change).await;
        let (waba, user_errors) = AssetUserError::split(ctx.op(), result)?;
        Ok(WabaUpdatePayload { waba: waba.map(Waba), user_errors })
    }

    /// Corrects a sending number. Requires `assets:write`.
    async fn phone_number_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what.")] input: PhoneNumberUpdateInput,
    ) -> Result<PhoneNumberUpdatePayload> {
        let change = PhoneNumberChange {
            display_number: input.display_number,
            verified_name: input.verified_name.into(),
            expected_version: input.expected_version,
        };
        let result = app::assets::update_phone_number(ctx.op(), parse(&input.phone_number_id)?, change).await;
        let (number, user_errors) = AssetUserError::split(ctx.op(), result)?;
        Ok(PhoneNumberUpdatePayload { phone_number: number.map(PhoneNumber), user_errors })
    }
}
