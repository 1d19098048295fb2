//! From a merged tally to the report.

use domain::traffic::{Period, Report, Totals, instant_of_micros};

use crate::{Inputs, Names, Settings, Tally};

/// The report of an audit: the figures, and what the rules of the profile make of them. `names` are those that the replays
/// were fed with, `settings` those that the replays got.
pub fn report(tally: &Tally, names: &Names, inputs: &Inputs, settings: &Settings) -> Report {
    let _ = (names, settings);
    Report {
        period: Period {
            from: tally.period_from().map(instant_of_micros),
            to: tally.period_to().map(instant_of_micros),
        },
        totals: Totals {
            messages: tally.messages.messages,
            recipients: tally.messages.recipients,
            inbound: tally.received.within(tally.span()),
            ..Totals::default()
        },
        rejected: inputs.rejected,
        ..Report::default()
    }
}
