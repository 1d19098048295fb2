//! Which conditions hold of many tickets, as far as this process has counted.
//!
//! Counting tells how a list is best found, and costs about as much as the list itself. What holds of many tickets rarely holds of few
//! soon after, so the answer is kept for some lists. That it may be old by then costs time, never a ticket.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Lists that are found by one count: so many that what counting costs, up to ten times a list, is lost among them.
const USES: u32 = 1_000;
/// Conditions that are remembered at most; one more, and all are counted anew.
const CONDITIONS: usize = 512;
/// Longest condition that is remembered, in bytes of its text.
const LONGEST: usize = 256;

/// The conditions that held of many tickets when they were counted.
#[derive(Debug, Default)]
pub(crate) struct Frequent(Mutex<HashMap<String, u32>>);

impl Frequent {
    /// Whether a condition is known to hold of many tickets; uses up a part of what is known.
    pub(super) fn holds_often(&self, condition: &str) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(left) = known.get_mut(condition) else { return false };
        *left -= 1;
        if *left == 0 {
            known.remove(condition);
        }
        true
    }

    /// Keeps that a condition holds of many tickets.
    pub(super) fn keep(&self, condition: String) {
        if condition.len() > LONGEST {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CONDITIONS {
            known.clear();
        }
        known.insert(condition, USES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_used_for_some_lists_and_then_forgotten() {
        let frequent = Frequent::default();
        assert!(!frequent.holds_often("status"));
        frequent.keep("status".to_owned());
        assert_eq!((0..USES + 5).filter(|_| frequent.holds_often("status")).count(), USES as usize);
    }

    #[test]
    fn no_more_is_kept_than_fits() {
        let frequent = Frequent::default();
        frequent.keep("x".repeat(LONGEST + 1));
        for number in 0..CONDITIONS * 3 {
            frequent.keep(number.to_string());
        }
        assert!(frequent.0.lock().unwrap().len() <= CONDITIONS);
    }
}
