//! Audit of a snapshot: its segments are read side by side, range of recipients by range of recipients, and replayed.
//!
//! Segments that name user ids are first scattered anew: their people may be known by other keys elsewhere.

pub(super) mod merge;
pub(super) mod people;
pub(super) mod plan;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use audit::{Inputs, Replay, Settings, Tally};
use domain::ports::{AuditRequest, CancelFlag, Progress as PortProgress};
use domain::traffic::Report;

use self::merge::{Columns, Opened};
use super::Engine;
use crate::control::{Control, Phase, Progress, on_threads};
use crate::decode::Shared;
use crate::error::{LakeError, Result};
use crate::replay::samples::put_ids;
use crate::replay::{self, Lookups, Question};

/// Bytes of a row in memory while its range is replayed, about.
const ROW_BYTES: usize = 256;

/// Most and fewest rows of a range.
const MOST_ROWS: usize = 100_000;
const FEWEST_ROWS: usize = 4_096;

/// Replays a snapshot.
pub(super) fn audit(
    engine: &Engine,
    request: &AuditRequest,
    progress: &(dyn Fn(PortProgress) + Sync),
    cancel: &CancelFlag,
) -> Result<Report> {
    let settings = settings(request);
    let tell = |told: Progress| progress(PortProgress { done: told.done, total: told.total });
    let control = Control { progress: &tell, cancel };
    let shared = Shared::default();
    control.go_on()?;
    let mut opened = Opened::open(engine, &request.snapshot.segments, &shared.words)?;
    let question = Question { settings: &settings, surroundings: &request.surroundings };
    let (tallies, lookups) = if opened.has_users() {
        people::replay(engine, &opened, &shared, control, &[question])?
    } else {
        let lookups = Lookups::new(&shared.words, &[]);
        (merged(engine, &mut opened, &lookups, control, &[question])?, lookups)
    };
    let tally = tallies.into_iter().next().ok_or(LakeError::Worker)?;
    let mut report = audit::report(&tally, &lookups.names, &surroundings(request), &settings);
    put_ids(&mut report, &opened)?;
    Ok(report)
}

/// Rows of a range, so that the ranges of all threads fit into memory.
pub(super) fn range_rows(engine: &Engine) -> u64 {
    (engine.memory / engine.threads / ROW_BYTES).clamp(FEWEST_ROWS, MOST_ROWS) as u64
}

/// Merges the segments and replays everybody, by all questions at once.
fn merged(
    engine: &Engine,
    opened: &mut Opened,
    lookups: &Lookups,
    control: Control<'_>,
    questions: &[Question<'_>],
) -> Result<Vec<Tally>> {
    let ranges = opened.ranges(range_rows(engine), engine.threads)?;
    let (opened, next, done) = (&*opened, AtomicUsize::new(0), AtomicU64::new(0));
    let tallies = on_threads(engine.threads, || {
        let mut replays = replay::replays(questions, &lookups.names);
        while let Some(range) = ranges.get(next.fetch_add(1, Ordering::Relaxed)) {
            control.go_on()?;
            let unit = opened.unit(range, Columns::Audited)?;
            let mut count = 0_u32;
            unit.each_person(opened, |key, person| {
                person.feed(key, lookups, &mut replays);
                count += 1;
                if count.is_multiple_of(4_096) { control.go_on() } else { Ok(()) }
            })?;
            control.tell(Phase::Replaying, done.fetch_add(1, Ordering::Relaxed) + 1, ranges.len() as u64);
        }
        Ok(replays.into_iter().map(Replay::finish).collect())
    })?;
    Ok(replay::join(tallies, questions))
}

fn settings(request: &AuditRequest) -> Settings {
    let parameters = &request.parameters;
    Settings {
        from: parameters.from.map(|instant| instant.timestamp_micros()),
        to: parameters.to.map(|instant| instant.timestamp_micros()),
        profile: parameters.profile,
        thresholds: request.thresholds,
        violation_at: request.surroundings.first_violation_at().map(|instant| instant.timestamp_micros()),
        ..Settings::default()
    }
}

fn surroundings(request: &AuditRequest) -> Inputs {
    let has = |kind| request.snapshot.segments.iter().any(|segment| segment.kind == kind);
    let mut inputs = Inputs {
        surroundings: request.surroundings.clone(),
        as_of: Some(request.parameters.as_of.timestamp_micros()),
        ..Inputs::default()
    };
    inputs.fed.messages = has(domain::imports::ImportKind::Messages);
    inputs.fed.inbound = has(domain::imports::ImportKind::Inbound);
    inputs.fed.consents = has(domain::imports::ImportKind::Consents);
    inputs
}
