//! The root of mutations: one object for each area, merged.

mod accounts;
mod assets;
mod audits;
mod clients;
mod exports;
mod notifications;
mod thresholds;
mod tickets;
mod webhooks;

use async_graphql::MergedObject;

/// What can be changed.
#[derive(MergedObject, Debug, Default)]
pub struct Mutation(
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
