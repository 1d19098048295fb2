//! The schema, as migrations that are applied in order and once, on PostgreSQL and on SQLite.
//!
//! Refuses to change what was applied, to go back, and to touch a database that a newer release has changed already. How to
//! add a migration: `migrations/README.md`.

mod address;
mod apply;
mod connection;
mod role;
mod script;
mod wall;

mod m20261122_000001_clients;
mod m20261122_000002_accounts;
mod m20261122_000003_assets;
mod m20261122_000004_imports;
mod m20261122_000005_consents;
mod m20261122_000006_jobs;
mod m20261122_000007_audits;
mod m20261122_000008_sla;
mod m20261122_000009_tickets;
mod m20261122_000010_thresholds;
mod m20261122_000012_dead_jobs;
mod m20261122_000013_evidence;
mod m20261122_000014_counterfactuals;
mod m20261122_000015_ledger_in_steps;
mod m20261122_000016_finding_places;
mod m20261129_000101_activity;
mod m20261129_000102_credentials;
mod m20261129_000201_ticket_event_stream;
mod m20261129_000202_idempotency;
mod m20261129_000301_ticket_links;
mod m20261129_000302_ticket_lists;
mod m20261129_000303_ticket_search;
mod m20261129_000304_corrective_actions;
mod m20261129_000305_attachments;
mod m20261129_000306_ticket_work;
mod m20261129_000401_sla_versions;
mod m20261129_000402_sla_timers;
mod m20261129_000403_quiet_hours;
mod m20261129_000501_notifications;
mod m20261129_000502_mail_preferences;
mod m20261129_000503_incoming_mails;
mod m20261129_000504_webhooks;
mod m20261129_000505_job_lanes;
mod m20261129_000601_webhooks;
mod m20261129_000602_platform;
mod m20261129_000701_declared_assets;
mod m20261129_001101_ticket_dues;
mod m20261129_001102_ticket_facets;
mod m20261129_001103_holiday_lists;
mod m20261129_001201_page_of_tickets;
mod m20261129_001202_sign_in_addresses;
mod m20261129_001203_ledger_leaves;
mod m20261129_001220_sla_tier_changes;
mod m20261129_001221_ticket_mails;
mod m20261129_001230_changes_with_events;
mod m20261129_001231_account_checks;
mod m20261129_001232_notices_of_accounts;
mod m20261129_001233_unplaced_statuses;
mod m20261129_001240_audits_to_settle;
mod m20261129_001301_timeline;
mod m20261129_001302_episode_reasons;
mod m20261129_001303_graph_accounts;
mod m20261129_001304_traffic_watch;
mod m20261129_001305_platform_incidents;
mod m20261129_001306_stop_words;

pub use address::{Address, InvalidAddress};
pub use apply::{MigrateError, Target, pending, up};
pub use connection::{SqliteAccess, sqlite};
pub use role::{InvalidRole, RuntimeRole};

use script::Script;

/// All migrations, in the order of their names.
const SCRIPTS: &[Script] = &[
    m20261122_000001_clients::SCRIPT,
    m20261122_000002_accounts::SCRIPT,
    m20261122_000003_assets::SCRIPT,
    m20261122_000004_imports::SCRIPT,
    m20261122_000005_consents::SCRIPT,
    m20261122_000006_jobs::SCRIPT,
    m20261122_000007_audits::SCRIPT,
    m20261122_000008_sla::SCRIPT,
    m20261122_000009_tickets::SCRIPT,
    m20261122_000010_thresholds::SCRIPT,
    m20261122_000012_dead_jobs::SCRIPT,
    m20261122_000013_evidence::SCRIPT,
    m20261122_000014_counterfactuals::SCRIPT,
    m20261122_000015_ledger_in_steps::SCRIPT,
    m20261122_000016_finding_places::SCRIPT,
    m20261129_000101_activity::SCRIPT,
    m20261129_000102_credentials::SCRIPT,
    m20261129_000201_ticket_event_stream::SCRIPT,
    m20261129_000202_idempotency::SCRIPT,
    m20261129_000301_ticket_links::SCRIPT,
    m20261129_000302_ticket_lists::SCRIPT,
    m20261129_000303_ticket_search::SCRIPT,
    m20261129_000304_corrective_actions::SCRIPT,
    m20261129_000305_attachments::SCRIPT,
    m20261129_000306_ticket_work::SCRIPT,
    m20261129_000401_sla_versions::SCRIPT,
    m20261129_000402_sla_timers::SCRIPT,
    m20261129_000403_quiet_hours::SCRIPT,
    m20261129_000501_notifications::SCRIPT,
    m20261129_000502_mail_preferences::SCRIPT,
    m20261129_000503_incoming_mails::SCRIPT,
    m20261129_000504_webhooks::SCRIPT,
    m20261129_000505_job_lanes::SCRIPT,
    m20261129_000601_webhooks::SCRIPT,
    m20261129_000602_platform::SCRIPT,
    m20261129_000701_declared_assets::SCRIPT,
    m20261129_001101_ticket_dues::SCRIPT,
    m20261129_001102_ticket_facets::SCRIPT,
    m20261129_001103_holiday_lists::SCRIPT,
    m20261129_001201_page_of_tickets::SCRIPT,
    m20261129_001202_sign_in_addresses::SCRIPT,
    m20261129_001203_ledger_leaves::SCRIPT,
    m20261129_001220_sla_tier_changes::SCRIPT,
    m20261129_001221_ticket_mails::SCRIPT,
    m20261129_001230_changes_with_events::SCRIPT,
    m20261129_001231_account_checks::SCRIPT,
    m20261129_001232_notices_of_accounts::SCRIPT,
    m20261129_001233_unplaced_statuses::SCRIPT,
    m20261129_001240_audits_to_settle::SCRIPT,
    m20261129_001301_timeline::SCRIPT,
    m20261129_001302_episode_reasons::SCRIPT,
    m20261129_001303_graph_accounts::SCRIPT,
    m20261129_001304_traffic_watch::SCRIPT,
    m20261129_001305_platform_incidents::SCRIPT,
    m20261129_001306_stop_words::SCRIPT,
];

/// The names of all migrations, in their order.
pub fn names() -> Vec<&'static str> {
    SCRIPTS.iter().map(|script| script.name).collect()
}

/// The statements that make the inbox of webhooks in a SQLite file of its own.
pub fn inbox() -> String {
    m20261129_000601_webhooks::INBOX.render(sea_orm_migration::sea_orm::DbBackend::Sqlite)
}

/// A number that changes with every change of the schema: test databases that were prepared for another one are not used.
pub fn fingerprint() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for script in SCRIPTS {
        script.name.hash(&mut hasher);
        script.render(sea_orm_migration::sea_orm::DbBackend::Postgres).hash(&mut hasher);
        script.walls.iter().for_each(|(table, wall)| (table, wall.privileges()).hash(&mut hasher));
    }
    hasher.finish()
}
