//! The root of queries: one object for each area, merged.

mod accounts;
mod activity;
mod assets;
mod audits;
mod clients;
mod exports;
mod imports;
mod jobs;
mod lint;
mod notifications;
mod platform;
mod rate_limit;
mod reports;
mod root;
mod sla;
mod sla_holidays;
mod thresholds;
mod tickets;
mod webhooks;

use async_graphql::MergedObject;

pub(crate) use root::Query;

/// What can be read.
#[derive(MergedObject, Debug, Default)]
#[graphql(name = "Query")]
pub(crate) struct Queries(
    crate::node::NodeQuery,
    accounts::AccountsQuery,
    activity::ActivityQuery,
    clients::ClientsQuery,
    assets::AssetsQuery,
    audits::AuditsQuery,
    exports::ExportsQuery,
    imports::ImportsQuery,
    jobs::JobsQuery,
    lint::LintQuery,
    notifications::NotificationsQuery,
    platform::PlatformQuery,
    rate_limit::RateLimitQuery,
    reports::ReportsQuery,
    sla::SlaQuery,
    sla_holidays::SlaHolidaysQuery,
    thresholds::ThresholdsQuery,
    tickets::TicketsQuery,
    webhooks::WebhooksQuery,
);
