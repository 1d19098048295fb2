//! What the histories of people are fed to.

use audit::{Alternatives, Contributors, History, Replay};

/// Takes the history of one person after the other; one for each thread.
pub(crate) trait Sink: Send {
    /// Takes everything known of one person.
    fn feed(&mut self, history: &History<'_>);
}

impl Sink for Replay {
    fn feed(&mut self, history: &History<'_>) {
        Self::feed(self, history);
    }
}

impl Sink for Alternatives {
    fn feed(&mut self, history: &History<'_>) {
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
    fn feed(&mut self, history: &History<'_>) {
        let Self { replay, contributors } = self;
        replay.feed_with(history, &mut |rule, send| contributors.add(rule, send));
        history.sends.iter().for_each(|send| contributors.add_sent(send));
    }
}
