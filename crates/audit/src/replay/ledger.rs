//! The ledger by itself, whoever is written to: when and from where opt-ins came.

use domain::traffic::ConsentAction;

use crate::{History, tally::Tally};

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// Sources of consents.
const SOURCES: usize = 5;

/// Counts a person's opt-ins: those of one source and second once, for a form that asks for several purposes stores several.
pub(super) fn count(history: &History<'_>, tally: &mut Tally) {
    // Consents come by time, so one of the same second and source is the last of its source.
    let mut last: [Option<i64>; SOURCES] = [None; SOURCES];
    for consent in history.consents.iter().filter(|consent| consent.action == ConsentAction::OptIn) {
        let (second, source) = (consent.effective_at.div_euclid(SECOND), consent.source as usize);
        if last[source].replace(second) != Some(second) {
            tally.opt_ins.add(source, second, consent.address);
        }
    }
}
