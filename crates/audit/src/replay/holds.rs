//! What a person's sends hold at all: whoever looks for what is not there is spared the search.

use domain::traffic::{
    Category, Outcome,
    failure::{NOT_DELIVERED_BY_CHOICE, OUTSIDE_WINDOW, UNDELIVERABLE},
};

use crate::Send;

/// What is among the sends of one person.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Holds {
    /// Marketing messages of any type.
    pub(super) marketing: usize,
    /// Whether any message failed.
    pub(super) failures: bool,
    /// Whether any could not be delivered.
    pub(super) undeliverable: bool,
    /// Whether any failed in a way that an early retry does not cure.
    pub(super) incurable: bool,
}

impl Holds {
    pub(super) fn of(sends: &[Send<'_>]) -> Self {
        let mut holds = Self::default();
        for send in sends {
            holds.marketing += usize::from(send.category == Category::Marketing);
            if send.outcome == Outcome::Failed {
                holds.failures = true;
                holds.undeliverable |= is_undeliverable(send);
                holds.incurable |= is_incurable(send);
            }
        }
        holds
    }
}

/// Whether the message could not be delivered to the person.
pub(super) fn is_undeliverable(send: &Send<'_>) -> bool {
    send.outcome == Outcome::Failed && send.error_code == Some(UNDELIVERABLE)
}

/// Whether the message failed in a way that an early retry does not cure.
pub(super) fn is_incurable(send: &Send<'_>) -> bool {
    send.outcome == Outcome::Failed
        && matches!(send.error_code, Some(NOT_DELIVERED_BY_CHOICE | UNDELIVERABLE | OUTSIDE_WINDOW))
}
