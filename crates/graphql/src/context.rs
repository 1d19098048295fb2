//! Typed access to what an operation carries.

use app::OpCtx;
use async_graphql::{Context, dataloader::DataLoader};

use crate::loaders::{Loaders, Reader};

/// Id of the HTTP request, for error reports and logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// What whoever asks may still spend, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// What this operation was charged.
    pub cost: u64,
    /// What can be saved up; 0: nothing is limited.
    pub limit: u64,
    /// What is left.
    pub remaining: u64,
    /// What comes back each second.
    pub restored: u64,
}

/// What resolvers take from the context.
pub(crate) trait ContextExt {
    /// The operation.
    fn op(&self) -> &OpCtx;
    /// Batched reads of this operation.
    fn loader(&self) -> &DataLoader<Reader>;
}

impl ContextExt for Context<'_> {
    fn op(&self) -> &OpCtx {
        self.data_unchecked::<OpCtx>()
    }

    fn loader(&self) -> &DataLoader<Reader> {
        &self.data_unchecked::<Loaders>().0
    }
}
