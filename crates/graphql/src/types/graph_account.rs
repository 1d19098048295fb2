//! What is learned by asking Meta's Graph API.

use std::collections::HashMap;

use async_graphql::{Context, Object, Result, dataloader::Loader};
use domain::{WabaId, graph};

use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{BigInt, DateTime},
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

/// What Meta counted of a client's accounts on a day, beside what the send log holds.
#[derive(Debug, Clone)]
pub(crate) struct VolumeCheck(pub(crate) graph::VolumeCheck);

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
}
