//! What a person's sends hold at all: whoever looks for what is not there is spared the search.

use domain::traffic::{
    Category, MessageType, Outcome,
    failure::{NOT_DELIVERED_BY_CHOICE, OUTSIDE_WINDOW, UNDELIVERABLE},
};

use crate::Send;

/// What is among the sends of one person.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Holds {
    /// Marketing messages of any type.
    pub(super) marketing: usize,
    /// Whether any message is free text.
    pub(super) free_form: bool,
    /// Whether any message failed.
    pub(super) failures: bool,
    /// Whether any could not be delivered.
    pub(super) undeliverable: bool,
    /// Whether any failed in a way that an early retry does not cure.
    pub(super) incurable: bool,
}

impl Holds {
    /// Takes note of a send.
    #[inline]
    pub(super) fn add(&mut self, send: &Send<'_>) {
        self.marketing += usize::from(send.category == Category::Marketing);
        self.free_form |= send.message_type == MessageType::FreeForm;
        if send.outcome == Outcome::Failed {
            self.failures = true;
            self.undeliverable |= is_undeliverable(send);
            self.incurable |= is_incurable(send);
        }
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
