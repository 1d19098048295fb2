//! What Meta tells of a client's assets, wherever it was learned (webhook, Graph API): events that rules read, and the history of
//! accounts, numbers and templates.
//!
//! Everything is known by what it says: told again it changes nothing. What stands of an attribute is what happened last, not what was
//! learned last.

mod events;
mod history;
pub mod incidents;
mod losses;
mod numbers;
pub mod poll;
mod template_tickets;
mod templates;

use domain::{ClientId, Instant, WabaId};
use meta::webhook::Event;
use store::Tx;

use crate::{OpCtx, OpError};

pub(crate) use domain::assets::ChangeSource as Source;
pub(crate) use history::recorded;

/// Something that Meta told of an account of a client.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// Whose.
    pub(crate) client: ClientId,
    /// Of which account.
    pub(crate) waba: WabaId,
    /// When it happened.
    pub(crate) at: Instant,
    /// What.
    pub(crate) event: Event,
    /// How it was learned.
    pub(crate) source: Source,
}

impl Told {
    /// Something else that was told of the same account in the same way.
    fn saying(&self, event: Event) -> Self {
        Self { event, ..self.clone() }
    }
}

/// Writes down what was told, and what it changes of assets; whether the account's standing may be another now.
pub(crate) async fn tell(op: &OpCtx, tx: &Tx, told: &Told) -> Result<bool, OpError> {
    match &told.event {
        Event::Account(update) => events::account(op, tx, told, update).await,
        Event::Review { decision } => {
            if let Some(decision) = decision {
                history::of_waba(op, tx, told, "review_status", decision).await?;
            }
            Ok(false)
        }
        Event::Alert(alert) => events::alert(op, tx, told, alert).await.map(|()| false),
        Event::Capability { limit, numbers } => {
            if let Some(limit) = limit {
                events::limit(op, tx, told, *limit).await?;
            }
            if let Some(numbers) = numbers {
                history::of_waba(op, tx, told, "most_numbers", &numbers.to_string()).await?;
            }
            Ok(false)
        }
        Event::NumberQuality(quality) => numbers::quality(op, tx, told, quality).await.map(|()| false),
        Event::NumberName(name) => numbers::name(op, tx, told, name).await.map(|()| false),
        Event::NumberSecurity(security) => numbers::security(op, tx, told, security).await.map(|()| false),
        Event::TemplateStatus(status) => templates::status(op, tx, told, status).await.map(|()| false),
        Event::TemplateQuality(quality) => templates::quality(op, tx, told, quality).await.map(|()| false),
        Event::TemplateCategory(category) => templates::category(op, tx, told, category).await.map(|()| false),
        Event::TemplateComponents(components) => templates::components(op, tx, told, components).await.map(|()| false),
        _ => Ok(false),
    }
}
