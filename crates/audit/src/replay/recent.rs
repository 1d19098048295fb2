//! The last few moments of each of many names, for one recipient at a time.
//!
//! Looking back costs the same however much happened to the other names in between: a recipient with a million messages
//! takes no longer per message than one with ten.

use crate::tally::cell;

/// The last moments by name.
#[derive(Debug, Default)]
pub(super) struct Recent {
    names: Vec<Ring>,
}

/// The last `enough` moments of one name.
#[derive(Debug, Default)]
struct Ring {
    /// Number of the recipient whose moments they are.
    recipient: u64,
    /// As many as are looked for, the oldest at `next` once it is full.
    moments: Vec<i64>,
    next: usize,
}

impl Recent {
    /// Takes note of a moment, no earlier than those before; whether `enough` of this name, itself included, lie within
    /// `span` of it.
    pub(super) fn is_enough(&mut self, recipient: u64, name: usize, at: i64, enough: u32, span: i64) -> bool {
        let enough = enough.max(1) as usize;
        let ring = cell(&mut self.names, name);
        if ring.recipient != recipient {
            ring.recipient = recipient;
            ring.moments.clear();
            ring.next = 0;
        }
        if ring.moments.len() < enough {
            ring.moments.push(at);
        } else {
            ring.moments[ring.next] = at;
            ring.next = (ring.next + 1) % enough;
        }
        ring.moments.len() == enough && ring.moments[ring.next] >= at.saturating_sub(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_of_one_name_within_the_span() {
        let mut recent = Recent::default();
        let mut seen = |recipient, name, at| recent.is_enough(recipient, name, at, 3, 10);
        assert!(!seen(1, 0, 0) && !seen(1, 0, 4));
        assert!(!seen(1, 1, 5), "another name");
        assert!(seen(1, 0, 10), "both ends count");
        assert!(seen(1, 0, 14) && !seen(1, 0, 21), "the oldest falls out");
        assert!(!seen(2, 0, 21) && !seen(2, 0, 21), "another recipient");
        assert!(seen(2, 0, 21));
    }

    #[test]
    fn one_is_enough_for_itself() {
        assert!(Recent::default().is_enough(1, 0, 7, 1, 0));
        assert!(Recent::default().is_enough(1, 0, 7, 0, 0));
    }
}
