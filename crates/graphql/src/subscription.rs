//! The root of subscriptions: what can be followed as it happens.

mod audits;
mod tickets;

use async_graphql::MergedSubscription;

/// What can be followed.
#[derive(MergedSubscription, Debug, Default)]
pub struct Subscription(audits::AuditsSubscription, tickets::TicketsSubscription);
