//! The ledger by itself, whoever is written to: when and from where opt-ins came.

use domain::traffic::ConsentAction;

use crate::{
    Consent, History,
    tally::{Tally, slot_of},
};

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// Counts a person's opt-ins: those of one source and second once, for a form that asks for several purposes stores several.
pub(super) fn count(history: &History<'_>, tally: &mut Tally) {
    let is_opt_in = |consent: &Consent| consent.action == ConsentAction::OptIn;
    for (at, consent) in history.consents.iter().enumerate().filter(|(_, consent)| is_opt_in(consent)) {
        let second = consent.effective_at.div_euclid(SECOND);
        // Consents come by time: those of the same second stand right before.
        let before = history.consents[..at].iter().rev();
        let mut same = before.take_while(|other| other.effective_at.div_euclid(SECOND) == second);
        if !same.any(|other| is_opt_in(other) && other.source_name == consent.source_name) {
            tally.opt_ins.add(slot_of(consent.source_name), second, consent.address);
        }
    }
}
