//! Audit of a snapshot: its segments are read side by side, range of recipients by range of recipients, and replayed.
//!
//! Segments that name user ids are first scattered anew: their people may be known by other keys elsewhere.

pub(super) mod merge;
pub(super) mod people;
pub(super) mod plan;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use audit::{Inputs, Names, Replay, Settings, Tally};
use domain::ports::{AuditRequest, CancelFlag, Progress as PortProgress, WhatIf, WhatIfRequest};
use domain::traffic::Report;

use self::merge::{Columns, Opened};
use super::Engine;
use crate::control::{Control, Phase, Progress, on_threads};
use crate::decode::Shared;
use crate::error::Result;
use crate::evidence::Evidence;
use crate::replay::samples::put_ids;
use crate::replay::{self, Collecting, Lookups, Sink};
use crate::what_if::{self, Answer, Question, Traffic};

/// Bytes of a row in memory while its range is replayed, about.
const ROW_BYTES: usize = 256;

/// Most and fewest rows of a range.
const MOST_ROWS: usize = 200_000;
const FEWEST_ROWS: usize = 4_096;

/// Replays a snapshot.
pub(super) fn audit(
    engine: &Engine,
    request: &AuditRequest,
    progress: &(dyn Fn(PortProgress) + Sync),
    cancel: &CancelFlag,
) -> Result<Report> {
    let tell = |told: Progress| progress(PortProgress { done: told.done, total: told.total });
    let mut segments = Segments::open(engine, request, Control { progress: &tell, cancel })?;
    let settings = segments.settings.clone();
    let replay = |names: &Names| Replay::informed(&settings, names, &request.surroundings);
    let tally = replay::join(segments.feed(&replay)?, &settings);
    let mut report = segments.report(&tally, &settings);
    put_ids(&mut report, &segments.opened)?;
    Ok(report)
}

/// Repeats the audit of a snapshot, and lets the messages of findings be collected.
pub(super) fn collect(
    engine: &Engine,
    request: &AuditRequest,
    progress: &(dyn Fn(PortProgress) + Sync),
    cancel: &CancelFlag,
    evidence: &Arc<Evidence>,
) -> Result<()> {
    let tell = |told: Progress| progress(PortProgress { done: told.done, total: told.total });
    let mut segments = Segments::open(engine, request, Control { progress: &tell, cancel })?;
    let settings = segments.settings.clone();
    let collecting = |names: &Names| Collecting {
        replay: Replay::informed(&settings, names, &request.surroundings).showing(evidence.rules()),
        evidence: Arc::clone(evidence),
    };
    segments.feed(&collecting)?;
    evidence.settle(&segments.lookups.names, &segments.opened, true)
}

/// Replays a snapshot as if some messages had not been sent.
pub(super) fn what_if(
    engine: &Engine,
    request: &WhatIfRequest,
    progress: &(dyn Fn(PortProgress) + Sync),
    cancel: &CancelFlag,
) -> Result<WhatIf> {
    let mut segments = Segments::open(engine, &request.audit, Control { progress: &|_| {}, cancel })?;
    let settings = segments.settings.clone();
    let question = Question {
        settings: &settings,
        surroundings: &request.audit.surroundings,
        without: &request.without,
        remedies: request.remedies,
        memory: engine.memory,
        threads: engine.threads,
    };
    let Answer { mut what_if, .. } =
        what_if::answer(&mut segments, &question, &mut |done, total| progress(PortProgress { done, total }))?;
    // Without a removal the report is that of everything, whose samples tell places.
    if what_if.counterfactual.is_none() {
        put_ids(&mut what_if.report, &segments.opened)?;
    }
    Ok(what_if)
}

/// The segments of a snapshot, to be replayed as often as is needed.
struct Segments<'s> {
    engine: &'s Engine,
    control: Control<'s>,
    shared: Shared,
    opened: Opened,
    lookups: Lookups,
    settings: Settings,
    inputs: Inputs,
}

impl<'s> Segments<'s> {
    fn open(engine: &'s Engine, request: &AuditRequest, control: Control<'s>) -> Result<Self> {
        control.go_on()?;
        let shared = Shared::default();
        let opened = Opened::open(engine, &request.snapshot.segments, &shared.words)?;
        let lookups = Lookups::new(&shared.words, &[]);
        let (settings, inputs) = (settings(request), inputs(request));
        Ok(Self { engine, control, shared, opened, lookups, settings, inputs })
    }
}

impl Traffic for Segments<'_> {
    fn feed<S: Sink>(&mut self, make: &(dyn Fn(&Names) -> S + Sync)) -> Result<Vec<S>> {
        if !self.opened.has_users() {
            return merged(self.engine, &mut self.opened, &self.lookups, self.control, make);
        }
        let (sinks, lookups) = people::replay(self.engine, &self.opened, &self.shared, self.control, make)?;
        self.lookups = lookups;
        Ok(sinks)
    }

    fn names(&self) -> &Names {
        &self.lookups.names
    }

    fn report(&self, tally: &Tally, settings: &Settings) -> Report {
        audit::report(tally, self.names(), &self.inputs, settings)
    }
}

/// Rows of a range, so that the ranges of all threads fit into memory.
pub(super) fn range_rows(engine: &Engine) -> u64 {
    (engine.memory / engine.threads / ROW_BYTES).clamp(FEWEST_ROWS, MOST_ROWS) as u64
}

/// Merges the segments and feeds everybody to sinks.
fn merged<S: Sink>(
    engine: &Engine,
    opened: &mut Opened,
    lookups: &Lookups,
    control: Control<'_>,
    make: &(dyn Fn(&Names) -> S + Sync),
) -> Result<Vec<S>> {
    let ranges = opened.ranges(range_rows(engine), engine.threads)?;
    let (opened, next, done) = (&*opened, AtomicUsize::new(0), AtomicU64::new(0));
    on_threads(engine.threads, || {
        let mut sink = make(&lookups.names);
        while let Some(range) = ranges.get(next.fetch_add(1, Ordering::Relaxed)) {
            control.go_on()?;
            let unit = opened.unit(range, Columns::Audited)?;
            let mut count = 0_u32;
            unit.each_history(opened, lookups, |key, facts| {
                facts.feed(key, lookups, &mut sink);
                sink.settle(&lookups.names, opened)?;
                count += 1;
                if count.is_multiple_of(4_096) { control.go_on() } else { Ok(()) }
            })?;
            control.tell(Phase::Replaying, done.fetch_add(1, Ordering::Relaxed) + 1, ranges.len() as u64);
        }
        Ok(sink)
    })
}

fn settings(request: &AuditRequest) -> Settings {
    let parameters = &request.parameters;
    Settings {
        from: parameters.from.map(|instant| instant.timestamp_micros()),
        to: parameters.to.map(|instant| instant.timestamp_micros()),
        profile: parameters.profile,
        thresholds: request.thresholds,
        stop_words: request.surroundings.stop_words.clone(),
        violation_at: request.surroundings.first_violation_at().map(|instant| instant.timestamp_micros()),
        ..Settings::default()
    }
}

fn inputs(request: &AuditRequest) -> Inputs {
    // An empty file makes no segment, and yet was given.
    let has = |kind| {
        request.surroundings.given.contains(&kind)
            || request.snapshot.segments.iter().any(|segment| segment.kind == kind)
    };
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
