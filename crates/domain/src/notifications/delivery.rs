//! One notification on its way to one address.

use crate::{DeliveryId, Instant, NotificationId, UserId, words::words};

words! {
    /// Where a delivery stands.
    DeliveryState {
        /// Waits for its first attempt, or the next one.
        Pending = "pending",
        /// Is being handed to the mail server.
        Sending = "sending",
        /// Waits for the person's next digest.
        Held = "held",
        /// Was told in a digest.
        Digested = "digested",
        /// The mail server took it.
        Sent = "sent",
        /// Given up: the server refused it for good, or never took it.
        Failed = "failed",
        /// Not sent: mail to that address came back before.
        Suppressed = "suppressed",
        /// Not sent: the person does not want it, or may not know of it any more.
        Unwanted = "unwanted",
    }
}

impl DeliveryState {
    /// Whether it is to be offered to the mail server.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Sending)
    }
}

/// A notification on its way to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Id.
    pub id: DeliveryId,
    /// What is told.
    pub notification: NotificationId,
    /// The account, when it is somebody's.
    pub user: Option<UserId>,
    /// Where.
    pub email: String,
    /// Name, for people.
    pub name: String,
    /// `it` or `en`.
    pub language: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was begun.
    pub attempts: u32,
    /// When it may be tried, or tried again.
    pub next_attempt_at: Instant,
    /// Why it did not succeed last; for operators, without personal data.
    pub last_error: Option<String>,
    /// When it came to its end.
    pub settled_at: Option<Instant>,
}

/// How often a mail is offered in all before it is given up: over two days.
pub const MAX_OFFERS: u32 = 12;

/// When a mail that was not taken for the `attempts`-th time (from 1) is offered again: after a minute, doubled each time, at most
/// eight hours.
pub fn offered_again_at(now: Instant, attempts: u32) -> Instant {
    let minutes = 1_i64.checked_shl(attempts.saturating_sub(1).min(16)).unwrap_or(i64::MAX).min(8 * 60);
    now + chrono::TimeDelta::minutes(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_offered_for_more_than_a_day_and_ever_more_rarely() {
        let waits: Vec<i64> = (1..MAX_OFFERS)
            .map(|attempts| (offered_again_at(Instant::default(), attempts) - Instant::default()).num_minutes())
            .collect();
        assert_eq!(waits[..4], [1, 2, 4, 8]);
        assert!(waits.is_sorted());
        assert!((24 * 60..72 * 60).contains(&waits.iter().sum::<i64>()), "{waits:?}");
    }
}
