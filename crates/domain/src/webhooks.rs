//! Webhooks to the systems of clients: endpoints, what they are told, and how it gets there.

use serde_json::Value;

use crate::{ClientId, Instant, UserId, WebhookDeliveryId, WebhookEndpointId, WebhookEventId, words::words};

words! {
    /// What an endpoint can be told of.
    WebhookEventType {
        /// A ticket was opened.
        TicketOpened = "ticket.opened",
        /// Somebody wrote a public reply.
        TicketReplied = "ticket.replied",
        /// A ticket moved, or was closed.
        TicketStatusChanged = "ticket.status_changed",
        /// Somebody else has the ball.
        TicketTurnChanged = "ticket.turn_changed",
        /// Something was handed to Meta.
        TicketSubmitted = "ticket.submitted",
        /// Meta answered, or did not.
        TicketAnswered = "ticket.answered",
        /// An audit has ended.
        AuditCompleted = "audit.completed",
        /// Meta took something away, or warns.
        EnforcementNoticed = "enforcement.noticed",
        /// Somebody tries the endpoint: always told.
        EndpointTested = "endpoint.tested",
    }
}

words! {
    /// Where a delivery to an endpoint stands.
    WebhookDeliveryState {
        /// Waits for its first attempt, or the next one.
        Pending = "pending",
        /// Is being carried.
        Sending = "sending",
        /// The endpoint took it.
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
}

words! {
    /// Why an endpoint is told nothing.
    WebhookDisabled {
        /// Somebody turned it off.
        ByHand = "by_hand",
        /// It took nothing for days.
        Failing = "failing",
    }
}

/// A place in a client's systems that is told what happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEndpoint {
    /// Id.
    pub id: WebhookEndpointId,
    /// Whose.
    pub client: ClientId,
    /// Where.
    pub url: String,
    /// What it is for, for people.
    pub description: String,
    /// What it is told of.
    pub events: Vec<WebhookEventType>,
    /// Why it is told nothing, if so.
    pub disabled: Option<WebhookDisabled>,
    /// Since when it has taken nothing, while it does not.
    pub failing_since: Option<Instant>,
    /// When it last took something.
    pub last_success_at: Option<Instant>,
    /// When it last did not.
    pub last_failure_at: Option<Instant>,
    /// Why not.
    pub last_error: Option<String>,
    /// Until when the secret before the present one signs too.
    pub previous_secret_until: Option<Instant>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Instant,
    /// Counts changes by people.
    pub version: i32,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookEvent {
    /// Id: what receivers tell repetitions by.
    pub id: WebhookEventId,
    /// Whose.
    pub client: ClientId,
    /// What.
    pub event_type: WebhookEventType,
    /// The facts.
    pub data: Value,
    /// When.
    pub at: Instant,
}

impl WebhookEvent {
    /// What is carried, the same at every attempt.
    pub fn body(&self) -> Value {
        serde_json::json!({ "type": self.event_type.as_str(), "timestamp": self.at.to_rfc3339(), "data": self.data })
    }
}

/// An event on its way to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// Id.
    pub id: WebhookDeliveryId,
    /// Whose.
    pub client: ClientId,
    /// Where to.
    pub endpoint: WebhookEndpointId,
    /// What.
    pub event: WebhookEventId,
    /// Of which type.
    pub event_type: WebhookEventType,
    /// Where it stands.
    pub state: WebhookDeliveryState,
    /// How often it was begun since it was last asked for.
    pub attempts: u32,
    /// When it may be tried, or tried again.
    pub next_attempt_at: Instant,
    /// Why it did not succeed last.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it came to its end.
    pub settled_at: Option<Instant>,
}

/// Seconds after which an attempt that failed for the first time, the second, and so on, is repeated: about three days in all.
const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 72_000, 86_400];

/// An endpoint that has taken nothing for this long is told nothing more.
pub const FAILING_FOR: chrono::TimeDelta = chrono::TimeDelta::days(5);

/// When a delivery that failed for the `attempts`-th time (from 1) is tried again; `None`: not any more.
pub fn carried_again_at(now: Instant, attempts: u32) -> Option<Instant> {
    let wait = WAITS.get(usize::try_from(attempts.checked_sub(1)?).ok()?)?;
    Some(now + chrono::TimeDelta::seconds(*wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_spread_over_days_and_end() {
        let now = Instant::default();
        let waits: Vec<_> =
            (1..).map_while(|attempts| carried_again_at(now, attempts)).map(|at| (at - now).num_seconds()).collect();
        assert_eq!(waits, WAITS);
        assert!(waits.is_sorted());
        assert_eq!(carried_again_at(now, 0), None);
    }
}
