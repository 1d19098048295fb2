//! The root of mutations: one object for each area, merged.

mod assets;
mod audits;
mod clients;

use async_graphql::MergedObject;

/// What can be changed.
#[derive(MergedObject, Debug, Default)]
pub struct Mutation(clients::ClientsMutation, assets::AssetsMutation, audits::AuditsMutation);
