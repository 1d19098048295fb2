//! What the histories of people are fed to.

use std::sync::Arc;

use audit::{Alternatives, Contributors, History, Names, Replay};

use crate::error::Result;
use crate::evidence::Evidence;
use crate::scatter::ids::MessageIds;

/// Takes the history of one person after the other; one for each thread.
pub(crate) trait Sink: Send {
    /// Takes everything known of one person.
    fn feed(&mut self, history: &History<'_>, names: &Names);

    /// After each person: what it has put aside may be written down.
    fn settle(&mut self, _names: &Names, _ids: &dyn MessageIds) -> Result<()> {
        Ok(())
    }
}

impl Sink for Replay {
    fn feed(&mut self, history: &History<'_>, _: &Names) {
        Self::feed(self, history);
    }
}

impl Sink for Alternatives {
    fn feed(&mut self, history: &History<'_>, _: &Names) {
        Self::feed(self, history);
    }
}

/// A replay that remembers which lists, templates and numbers its rules count messages of.
#[derive(Debug)]
pub(crate) struct Explained {
    pub(crate) replay: Replay,
    pub(crate) contributors: Contributors,
}

impl Sink for Explained {
    fn feed(&mut self, history: &History<'_>, _: &Names) {
        let Self { replay, contributors } = self;
        replay.feed_with(history, &mut |rule, send| contributors.add(rule, send));
        history.sends.iter().for_each(|send| contributors.add_sent(send));
    }
}

/// A replay that lets the messages of findings be collected.
#[derive(Debug)]
pub(crate) struct Collecting {
    pub(crate) replay: Replay,
    pub(crate) evidence: Arc<Evidence>,
}

impl Sink for Collecting {
    fn feed(&mut self, history: &History<'_>, names: &Names) {
        let Self { replay, evidence } = self;
        let recipient = String::from_utf8_lossy(history.recipient);
        replay.feed_with(history, &mut |rule, send| evidence.offer(rule, send, &recipient, names));
    }

    fn settle(&mut self, names: &Names, ids: &dyn MessageIds) -> Result<()> {
        self.evidence.settle(names, ids, false)
    }
}
