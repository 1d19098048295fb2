//! What a credential may still spend.

use async_graphql::{Context, Object};

use crate::context::RateLimit;

/// What a credential may still spend on operations.
#[Object]
impl RateLimit {
    /// Points that this operation was charged; what it did not use is given back when it ends.
    async fn cost(&self) -> i32 {
        int(self.cost)
    }

    /// Points that the credential may save up.
    async fn limit(&self) -> i32 {
        int(self.limit)
    }

    /// Points that are left, without those of this operation.
    async fn remaining(&self) -> i32 {
        int(self.remaining)
    }

    /// Points that come back each second.
    async fn restore_rate(&self) -> i32 {
        int(self.restored)
    }
}

fn int(points: u64) -> i32 {
    i32::try_from(points).unwrap_or(i32::MAX)
}

/// Queries of limits.
#[derive(Debug, Default)]
pub(crate) struct RateLimitQuery;

#[Object]
impl RateLimitQuery {
    /// What your credential may still spend on operations; the same stands in `extensions.cost` of every answer. `null` where
    /// nothing is limited.
    async fn rate_limit(&self, ctx: &Context<'_>) -> Option<RateLimit> {
        ctx.data_opt::<RateLimit>().filter(|limit| limit.limit > 0).copied()
    }
}
