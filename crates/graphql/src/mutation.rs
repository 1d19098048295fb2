//! The root of mutations: one object for each area, merged.

mod accounts;
mod assets;
mod audits;
mod clients;
mod exports;
mod notifications;
mod quiet_hours;
mod recorded;
mod sla;
mod sla_holidays;
mod stop_words;
mod thresholds;
mod tickets;
mod webhooks;

use async_graphql::MergedObject;

pub(crate) use accounts::AccountUserError;
pub(crate) use assets::AssetUserError;
pub(crate) use audits::AuditUserError;
pub(crate) use clients::ClientUserError;
pub(crate) use exports::ExportUserError;
pub(crate) use notifications::NotificationUserError;
pub(crate) use recorded::Mutation;
pub(crate) use sla::{SlaCalendarSetInput, SlaPolicySetInput, SlaUserError};
pub(crate) use sla_holidays::SlaHolidayListSetInput;
pub(crate) use stop_words::StopWordsUserError;
pub(crate) use thresholds::ThresholdUserError;
pub(crate) use tickets::TicketUserError;
pub(crate) use webhooks::WebhookUserError;

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
    quiet_hours::QuietHoursMutation,
    sla::SlaMutation,
    sla_holidays::SlaHolidaysMutation,
    stop_words::StopWordsMutation,
    thresholds::ThresholdsMutation,
    tickets::TicketsMutation,
    webhooks::WebhooksMutation,
);
