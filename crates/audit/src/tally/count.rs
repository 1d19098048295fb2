//! Exact counts of messages and of distinct recipients, without remembering recipients.

use domain::traffic;

/// Messages and distinct recipients. Each recipient is fed once, to one replay, so a recipient is new to a count unless it
/// was the last to touch it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) messages: u64,
    pub(crate) recipients: u64,
    /// Number of the last recipient that was counted here; 0 for none.
    last: u64,
}

impl Count {
    /// Counts one message of the recipient with this number (from 1).
    pub(crate) fn add(&mut self, recipient: u64) {
        self.messages += 1;
        self.touch(recipient);
    }

    /// Counts several messages of the recipient with this number (from 1).
    pub(crate) fn add_all(&mut self, recipient: u64, messages: usize) {
        self.messages += messages as u64;
        self.touch(recipient);
    }

    /// Counts the recipient without a message; tells whether it is new here.
    pub(crate) fn touch(&mut self, recipient: u64) -> bool {
        let new = self.last != recipient;
        self.recipients += u64::from(new);
        self.last = recipient;
        new
    }

    /// Adds a count over other recipients.
    pub(crate) fn merge(&mut self, other: Self) {
        self.messages += other.messages;
        self.recipients += other.recipients;
    }
}

impl From<Count> for traffic::Count {
    fn from(count: Count) -> Self {
        Self { messages: count.messages, recipients: count.recipients }
    }
}
