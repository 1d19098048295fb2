//! What happened to a ticket, as far as promises are concerned. The caller translates its own log into these.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::policy::{Owner, Priority};

/// An entry of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When it happened; floored to the second.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
}

impl Event {
    /// An entry of the log.
    pub fn new(at: Timestamp, kind: EventKind) -> Self {
        Self { at, kind }
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The ticket was opened, and waits for us. Only the first one counts.
    Opened,
    /// A member of staff wrote something that the client can see. (An internal note or a change of status is none.)
    PublicReplyByStaff,
    /// The client wrote. The first message that nobody has answered starts the clock of the next reply.
    PublicReplyByClient,
    /// The turn passed to somebody.
    WaitingOn(Owner),
    /// The request was filed with Meta.
    Submitted,
    /// The account works again.
    Recovered,
    /// The ticket was closed, whatever the outcome.
    Closed,
    /// A closed ticket was taken up again; it waits for us.
    Reopened,
    /// The priority is another from now on. Time already counted stays counted.
    PriorityChanged(Priority),
    /// Anything else: changes nothing.
    Other,
}
