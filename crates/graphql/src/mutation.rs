//! The root of mutations: one object for each area, merged.

mod accounts;
mod assets;
mod audits;
mod clients;
mod exports;
mod notifications;
mod recorded;
mod thresholds;
mod tickets;
mod webhooks;

use async_graphql::MergedObject;

pub(crate) use recorded::Mutation;

/// What can be changed.
#[derive(MergedObject, Debug, Default)]
#[graphql(name = "Mutation")]
pub(crate) struct Mutations(
    accounts::AccountsMutation,
    clients::ClientsMutation,
    assets::AssetsMutation,
    audits::AuditsMutation,
    exports::ExportsMutation,
    notifications::NotificationsMutation,
    thresholds::ThresholdsMutation,
    tickets::TicketsMutation,
    webhooks::WebhooksMutation,
);
