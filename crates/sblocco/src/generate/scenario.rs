//! Who people are: each person belongs to one cohort, and most to the ordinary one, where nothing goes wrong.
//!
//! A cohort breaks one rule and keeps all others, as far as the rules allow; so that what is counted of it afterwards
//! ([`super::evidence`]) is what an audit must find. What happens to its people is told in [`super::story`].

use super::client::{
    AURORA, COUNTER, DIGITAL_PRESCRIPTION, FAIR, HEALTH_PROGRAMME, LOYALTY_CARD, NORDIC, PARTNER_CONTEST, Profile,
    SPRING_IMPORT,
};
use super::dice::scramble;
use super::identity::Line;

/// What goes wrong with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cohort {
    /// Nothing.
    Ordinary,
    /// A first message tells that the person cannot be reached; nothing follows.
    Unreachable,
    /// Written to without ever having agreed (CON-01).
    Unconsented,
    /// Marketing goes on after an opt-out (CON-02).
    OptOutIgnored,
    /// Agreed to notices, gets marketing (CON-03).
    ScopeMismatch,
    /// The opt-in has no evidence and no wording version (CON-04).
    Unproven,
    /// The opt-in was put on file after the messages (CON-07).
    Retroactive,
    /// An agent answers after the window (WIN-01).
    OutsideWindow,
    /// Five promotions within a day (VOL-04).
    Flooded,
    /// A loop sends the same notice again and again (VOL-05).
    RetryStorm,
    /// Written to again after failing on two days (LST-01), and fails each time (LST-02).
    Resent,
    /// Never reads, never writes (LST-05).
    Dormant,
    /// Agreed to somebody else's messages, not to the client's (CON-09).
    Partner,
    /// Agreed for some months, which are over (CON-06).
    Expired,
    /// Is sent a template while Meta has paused it (TPL-02).
    Paused,
    /// Gets advertisements that were filed as utility (TPL-05).
    Nudged,
    /// Gets promotions late in the evening (VOL-07).
    Night,
    /// Lives where Meta delivers no marketing (LST-07).
    American,
    /// Asks, and is refused the answer, as if the window were shut (WIN-02).
    ClockDisagrees,
    /// Asks without ever having agreed to promotions, and gets one in reply (WIN-03).
    Pitched,
    /// Had told the former provider to stop (LST-06).
    Suppressed,
    /// Gets one message from the new number, on its first day (WRM-01, WRM-02, WRM-03).
    Launch,
    /// Gets one message, on the day of the spike (VOL-01, VOL-03, LIM-01, LIM-05).
    SpikeDay,
}

impl Cohort {
    /// What kind of number its people have.
    pub(super) fn line(self, list: Option<u8>, profile: &Profile) -> Line {
        match self {
            Self::American => Line::American,
            // What was typed from cards are fixed lines: that is why nobody can be reached.
            Self::Resent | Self::Unreachable if profile.folder == NORDIC.folder && list == Some(FAIR) => Line::Landline,
            _ => Line::Mobile,
        }
    }

    /// Whether its people write when they like to.
    pub(super) fn is_talkative(self) -> bool {
        matches!(
            self,
            Self::Ordinary
                | Self::Unproven
                | Self::Unconsented
                | Self::Partner
                | Self::OutsideWindow
                | Self::ClockDisagrees
                | Self::Pitched
        )
    }
}

/// How many people of the whole there may be for the former provider's list to hold some of them: the list is kept in
/// memory.
const SUPPRESSED_AMONG: u32 = 100_000;
/// Share of the spike's messages that Meta refuses for their speed.
pub(super) const THROTTLED: f64 = 0.04;

/// A cohort's share of a client's people, in thousandths, and the list that it stands on (ordinary lists when absent).
type Share = (Cohort, u64, Option<u8>);

const NORDIC_COHORTS: &[Share] = &[
    (Cohort::Unconsented, 50, Some(SPRING_IMPORT)),
    (Cohort::Ordinary, 30, Some(SPRING_IMPORT)),
    (Cohort::OptOutIgnored, 20, Some(0)),
    (Cohort::OutsideWindow, 20, None),
    (Cohort::Flooded, 12, Some(0)),
    (Cohort::RetryStorm, 10, Some(1)),
    (Cohort::Resent, 28, Some(FAIR)),
    (Cohort::Unreachable, 12, Some(FAIR)),
    (Cohort::Ordinary, 100, Some(FAIR)),
    (Cohort::Partner, 40, Some(PARTNER_CONTEST)),
    (Cohort::Paused, 6, None),
    (Cohort::Nudged, 30, None),
    (Cohort::Night, 15, None),
    (Cohort::American, 8, None),
];

const AURORA_COHORTS: &[Share] = &[
    (Cohort::ScopeMismatch, 40, Some(LOYALTY_CARD)),
    (Cohort::Unproven, 160, Some(COUNTER)),
    (Cohort::Retroactive, 35, Some(DIGITAL_PRESCRIPTION)),
    (Cohort::Dormant, 300, Some(0)),
    (Cohort::Unreachable, 6, None),
    (Cohort::Expired, 30, Some(HEALTH_PROGRAMME)),
    (Cohort::ClockDisagrees, 15, None),
    (Cohort::Pitched, 15, None),
    (Cohort::Suppressed, 10, Some(0)),
];

const FENICE_COHORTS: &[Share] = &[(Cohort::Unreachable, 6, None)];

/// The cohort and list of a person. Evenly spread: every run of people holds each cohort in its share.
pub(super) fn cohort_of(profile: &Profile, person: u32) -> (Cohort, Option<u8>) {
    let shares = match profile.folder {
        folder if folder == NORDIC.folder => NORDIC_COHORTS,
        folder if folder == AURORA.folder => AURORA_COHORTS,
        _ => FENICE_COHORTS,
    };
    // Multiples of the golden ratio fill the unit interval evenly.
    let position = u64::from(person).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(scramble(profile.stream));
    let mut thousandth = ((position >> 32) * 1_000) >> 32;
    for (cohort, share, list) in shares {
        match thousandth.checked_sub(*share) {
            Some(rest) => thousandth = rest,
            None if *cohort == Cohort::Suppressed && person >= SUPPRESSED_AMONG => break,
            None => return (*cohort, *list),
        }
    }
    (Cohort::Ordinary, None)
}

/// The list of somebody who is picked by chance, when that person stands on a list of its own: who cannot be reached is
/// spread over lists as people are, so that no list has more of them than others.
pub(super) fn list_of_somebody(profile: &Profile, person: u32) -> Option<u8> {
    cohort_of(profile, (scramble(u64::from(person)) >> 34) as u32).1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::client::FENICE;
    use super::*;

    #[test]
    fn every_run_of_people_holds_every_cohort_in_its_share() {
        for (profile, shares) in [(&NORDIC, NORDIC_COHORTS), (&AURORA, AURORA_COHORTS), (&FENICE, FENICE_COHORTS)] {
            for start in [0, 5_000, 1_000_000] {
                let mut seen = BTreeMap::new();
                for person in start..start + 1_000 {
                    *seen.entry(cohort_of(profile, person)).or_insert(0_u64) += 1;
                }
                let some = shares.iter().filter(|share| share.0 != Cohort::Suppressed || start < SUPPRESSED_AMONG);
                for (cohort, share, list) in some {
                    let count = seen.get(&(*cohort, *list)).copied().unwrap_or_default();
                    assert!(count.abs_diff(*share) <= 4, "{cohort:?} of {}: {count} for {share}", profile.folder);
                }
            }
        }
    }
}
