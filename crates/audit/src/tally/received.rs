//! Inbound messages within a period that is known only in the end, when it follows the sends.

/// Counts inbound messages within a period that may still grow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Received {
    inside: u64,
    /// Times that were outside of the period as it was then.
    pending: Vec<i64>,
    /// How many of them the last sifting left.
    sifted: usize,
}

/// A period [from, to) as far as it is known; empty while there is no send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Span {
    fn contains(self, time: i64) -> bool {
        self.from <= time && time < self.to
    }
}

impl Received {
    /// Counts an inbound message; `span` is the period so far, which never shrinks.
    pub(crate) fn add(&mut self, time: i64, span: Option<Span>) {
        if span.is_some_and(|span| span.contains(time)) {
            self.inside += 1;
        } else {
            self.pending.push(time);
            if self.pending.len() >= 2 * self.sifted + 4096 {
                self.sift(span);
            }
        }
    }

    fn sift(&mut self, span: Option<Span>) {
        let before = self.pending.len();
        self.pending.retain(|time| !span.is_some_and(|span| span.contains(*time)));
        self.inside += (before - self.pending.len()) as u64;
        self.sifted = self.pending.len();
    }

    /// Adds other recipients' inbound messages; `span` is the period of both.
    pub(crate) fn merge(&mut self, mut other: Self, span: Option<Span>) {
        self.inside += other.inside;
        self.pending.append(&mut other.pending);
        self.sift(span);
    }

    /// How many fell into the period.
    pub(crate) fn within(&self, span: Option<Span>) -> u64 {
        let late = self.pending.iter().filter(|time| span.is_some_and(|span| span.contains(**time))).count();
        self.inside + late as u64
    }
}
