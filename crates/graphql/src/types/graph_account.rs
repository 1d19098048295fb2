//! What is learned by asking Meta's Graph API.

use std::collections::HashMap;

use async_graphql::{Context, Object, Result, dataloader::Loader};
use domain::{ClientId, WabaId, graph};

use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{BigInt, DateTime},
    types::Waba,
    words::graphql_words,
};

graphql_words! {
    /// How the Graph API answered about an account last.
    GraphAccess = graph::GraphAccess {
        /// It answered.
        Open,
        /// The token has ended: whoever keeps it must renew it.
        Token,
        /// The token may not look at this account: it must be shared with the token's business.
        Permission,
        /// There were too many calls.
        TooMany,
        /// Meta refused the call.
        Refused,
        /// Nothing usable was answered.
        Unreachable,
    }
}

/// How asking Meta about an account goes.
#[derive(Debug, Clone)]
pub(crate) struct GraphAccount(graph::GraphAccount);

impl GraphAccount {
    /// Of an account, batched.
    pub(crate) async fn load(ctx: &Context<'_>, waba: WabaId) -> Result<Option<Self>> {
        ctx.loader().load_one(AskedAbout(waba)).await.map_err(FieldError::show)
    }
}

/// How asking Meta about an account goes.
#[Object]
impl GraphAccount {
    /// How it was answered last.
    async fn access(&self) -> GraphAccess {
        self.0.access.into()
    }

    /// Meta's code, when it refused.
    async fn code(&self) -> Option<BigInt> {
        self.0.code.and_then(|code| u64::try_from(code).ok()).map(BigInt)
    }

    /// How often in a row it was not answered.
    async fn failures(&self) -> u32 {
        self.0.failures
    }

    /// When it was asked about last.
    async fn asked_at(&self) -> DateTime {
        self.0.asked_at.into()
    }

    /// When an answer came last.
    async fn answered_at(&self) -> Option<DateTime> {
        self.0.answered_at.map(Into::into)
    }

    /// When it is asked about again.
    async fn next_at(&self) -> DateTime {
        self.0.next_at.into()
    }
}

/// How asking about an account goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct AskedAbout(WabaId);

impl Loader<AskedAbout> for Reader {
    type Value = GraphAccount;
    type Error = FieldError;

    async fn load(&self, keys: &[AskedAbout]) -> Result<HashMap<AskedAbout, GraphAccount>, FieldError> {
        let wabas: Vec<_> = keys.iter().map(|key| key.0).collect();
        let accounts = app::assets::graph_accounts(&self.0, &wabas).await.map_err(FieldError::new)?;
        Ok(accounts.into_iter().map(|account| (AskedAbout(account.waba), GraphAccount(account))).collect())
    }
}

/// What Meta counted of a client's accounts on a day, beside what the send log holds; and the same of each of them.
#[derive(Debug, Clone)]
pub(crate) struct VolumeCheck(pub(crate) graph::VolumeCheck, pub(crate) Vec<graph::VolumeCheck>);

/// What Meta counted of a client's accounts on a day, beside what the send log holds.
#[Object]
impl VolumeCheck {
    /// The start of the day (UTC).
    async fn from(&self) -> DateTime {
        self.0.from.into()
    }

    /// Its end; this instant is no longer part of it.
    async fn to(&self) -> DateTime {
        self.0.to.into()
    }

    /// Messages that Meta counted.
    async fn counted_by_meta(&self) -> BigInt {
        BigInt(self.0.counted_by_meta)
    }

    /// Messages of the send log.
    async fn in_send_log(&self) -> BigInt {
        BigInt(self.0.in_send_log)
    }

    /// Messages that the send log does not know: sent by somebody else with access to the accounts, or not logged.
    async fn unknown(&self) -> BigInt {
        BigInt(self.0.unknown())
    }

    /// Whether so many are unknown that clocks do not explain it. A send log without a message of the day was not given, and accuses
    /// nobody.
    async fn is_suspicious(&self) -> bool {
        self.0.is_suspicious()
    }

    /// When they were compared.
    async fn checked_at(&self) -> DateTime {
        self.0.checked_at.into()
    }

    /// The same of each account that Meta counted messages of, when the client has numbers in several. A number whose account nobody
    /// knows counts for each.
    async fn accounts(&self) -> Vec<AccountVolumeCheck> {
        self.1.iter().copied().map(AccountVolumeCheck).collect()
    }
}

/// What Meta counted of one account on a day, beside what the send log holds of its numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AccountVolumeCheck(graph::VolumeCheck);

/// What Meta counted of one account on a day, beside what the send log holds of its numbers.
#[Object]
impl AccountVolumeCheck {
    /// The account.
    async fn waba(&self, ctx: &Context<'_>) -> Result<Option<Waba>> {
        match self.0.waba {
            Some(waba) => Waba::load(ctx, waba).await,
            None => Ok(None),
        }
    }

    /// Messages that Meta counted.
    async fn counted_by_meta(&self) -> BigInt {
        BigInt(self.0.counted_by_meta)
    }

    /// Messages of the send log.
    async fn in_send_log(&self) -> BigInt {
        BigInt(self.0.in_send_log)
    }

    /// Messages that the send log does not know.
    async fn unknown(&self) -> BigInt {
        BigInt(self.0.unknown())
    }

    /// Whether so many are unknown that clocks do not explain it.
    async fn is_suspicious(&self) -> bool {
        self.0.is_suspicious()
    }
}

/// How much of a client's messaging limit is used.
#[derive(Debug, Clone)]
pub(crate) struct MessagingHeadroom(graph::Headroom);

impl MessagingHeadroom {
    /// Of a client, batched.
    pub(crate) async fn load(ctx: &Context<'_>, client: ClientId) -> Result<Option<Self>> {
        ctx.loader().load_one(HeadroomOf(client)).await.map_err(FieldError::show)
    }
}

/// How much of a client's messaging limit is used: distinct people to whom templates were delivered outside of service windows in the
/// moving 24 hours, over all its accounts.
#[Object]
impl MessagingHeadroom {
    /// The least limit of the client's portfolios; `null` when unknown, or when there is none.
    async fn limit(&self) -> Option<BigInt> {
        self.0.limit.filter(|limit| *limit != u64::MAX).map(BigInt)
    }

    /// Whether there is no limit.
    async fn is_unlimited(&self) -> bool {
        self.0.limit == Some(u64::MAX)
    }

    /// People in the 24 hours before it was counted.
    async fn used(&self) -> BigInt {
        BigInt(self.0.used)
    }

    /// People who may still be written to; `null` when the limit is unknown, or when there is none.
    async fn left(&self) -> Option<BigInt> {
        self.0.left().map(BigInt)
    }

    /// When it was counted: within minutes of traffic, for large clients within a hundred times what counting takes.
    async fn counted_at(&self) -> DateTime {
        self.0.counted_at.into()
    }
}

/// The headroom of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct HeadroomOf(ClientId);

impl Loader<HeadroomOf> for Reader {
    type Value = MessagingHeadroom;
    type Error = FieldError;

    async fn load(&self, keys: &[HeadroomOf]) -> Result<HashMap<HeadroomOf, MessagingHeadroom>, FieldError> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = app::assets::headrooms(&self.0, &clients).await.map_err(FieldError::new)?;
        Ok(found.into_iter().map(|headroom| (HeadroomOf(headroom.client), MessagingHeadroom(headroom))).collect())
    }
}
