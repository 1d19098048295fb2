//! The root of queries: one object for each area, merged.

mod assets;
mod audits;
mod clients;
mod jobs;

use async_graphql::MergedObject;

/// What can be read.
#[derive(MergedObject, Debug, Default)]
pub struct Query(
    crate::node::NodeQuery,
    clients::ClientsQuery,
    assets::AssetsQuery,
    audits::AuditsQuery,
    jobs::JobsQuery,
);
