//! Marketing at times at which people sleep, or want their peace.

use domain::traffic::{Category, RuleId};

use crate::{
    Send, Settings,
    tally::{Tally, cell},
    zones::Zones,
};

use super::Person;

/// Counts the person's marketing of the period, and what of it came outside of the hours where the person may be.
pub(super) fn count<'h>(
    person: &Person<'h>,
    zones: &mut Zones,
    settings: &Settings,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    let thresholds = &settings.thresholds.quiet_hours;
    let hours = (thresholds.first_minute, thresholds.last_minute);
    let country = person.facts.country;
    for send in person.period().iter().filter(|send| send.category == Category::Marketing) {
        let Some(welcome) = zones.is_between(country, send.sent_at, hours) else { return };
        tally.sending.timed += 1;
        if !welcome {
            person.trace(&mut tally.sending.untimely, settings.sample_size, send);
            cell(&mut tally.sending.untimely_countries, country.index() as usize).add(person.number);
            evidence(RuleId::Vol07, send);
        }
    }
}
