//! When something happened: as it is told, unless no clock that is right could tell it.

use chrono::TimeDelta;
use domain::Instant;

use super::oddities::Oddities;

/// The year in which WhatsApp began.
const EARLIEST: i64 = 1_230_768_000;
/// How far the clock of whoever tells may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// When it happened. A time that cannot be would make something the last that happened for years, or put it before everything: such a
/// time is noted at `place`, and the time of receipt stands for it.
pub(super) fn happened(told: Option<Instant>, received_at: Instant, place: &str, oddities: &mut Oddities) -> Instant {
    let Some(told) = told else { return received_at };
    if told.timestamp() >= EARLIEST && told <= received_at + AHEAD {
        return told;
    }
    oddities.add("impossible_time", place, "", 1);
    received_at
}
