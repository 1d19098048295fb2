//! Batched reads: one loader an operation, so that nothing is shared between actors; it reads in the operation's own transaction.
//! Each relation implements [`async_graphql::dataloader::Loader`] for a key type of its own, beside the type that it loads.

use app::OpCtx;
use async_graphql::dataloader::DataLoader;

/// What loaders read with.
#[derive(Debug, Clone)]
pub(crate) struct Reader(pub(crate) OpCtx);

/// The loader of an operation.
pub(crate) struct Loaders(pub(crate) DataLoader<Reader>);

impl Loaders {
    /// Most keys of one batch: under the bind limits of both databases.
    const BATCH: usize = 500;

    pub(crate) fn new(op: OpCtx) -> Self {
        Self(DataLoader::new(Reader(op), tokio::spawn).max_batch_size(Self::BATCH))
    }
}
