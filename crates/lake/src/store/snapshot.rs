//! Audit of a snapshot: its segments are read in the order of their publication, which is the order of their rows.

use audit::{Inputs, Settings};
use domain::imports::FileFormat;
use domain::imports::{Compression, RowFormat};
use domain::ports::{AuditRequest, CancelFlag, Progress as PortProgress, SegmentMeta};
use domain::traffic::Report;

use super::objects::LocalObject;
use super::{Engine, kind_of};
use crate::control::{Control, Phase, Progress};
use crate::decode::Shared;
use crate::error::{LakeError, Result};
use crate::exchange::read::Source;
use crate::exchange::{InputFile, ReadError};
use crate::reading::{FileRead, Reading};
use crate::replay;
use crate::scatter::chunks::ChunkStore;
use crate::scatter::sample::{self, Budget};

const PARQUET: FileFormat = FileFormat { rows: RowFormat::Parquet, compression: Compression::None };

/// Replays a snapshot.
pub(super) fn audit(
    engine: &Engine,
    request: &AuditRequest,
    progress: &(dyn Fn(PortProgress) + Sync),
    cancel: &CancelFlag,
) -> Result<Report> {
    // Reading is the first half of the work.
    let tell = |told: Progress| {
        let half = |done: u64| (u128::from(done) * 500 / u128::from(told.total.max(1))) as u64;
        let done = if told.phase == Phase::Reading { half(told.done) } else { 500 + half(told.done) };
        progress(PortProgress { done, total: 1_000 });
    };
    let control = Control { progress: &tell, cancel };
    let segments = &request.snapshot.segments;
    let mut objects = Vec::with_capacity(segments.len());
    for segment in segments {
        control.go_on()?;
        objects.push(engine.objects.local(&segment.path, &engine.runtime)?);
    }
    let inputs: Vec<InputFile> =
        segments.iter().zip(&objects).map(|(segment, object)| input(segment, object)).collect();
    let sources =
        segments.iter().zip(&inputs).map(|(segment, input)| open(segment, input)).collect::<Result<Vec<_>>>()?;
    let budget = Budget::of(engine.memory, engine.threads);
    let store = ChunkStore::new(&engine.temporary, budget.held);
    let sampled: Vec<(&InputFile, &Source)> = inputs.iter().zip(&sources).collect();
    let ranges = sample::ranges(&sampled, &budget).map_err(damaged)?;
    let shared = Shared::default();
    let reading = Reading {
        sources: &sources,
        threads: engine.threads,
        budget,
        store: &store,
        shared: &shared,
        control,
        keep_times: false,
        recorded_at: None,
        consents: None,
    };
    let (partitions, read) = reading.scatter(&ranges).map_err(|error| match error {
        LakeError::Read(error) => damaged(error),
        other => other,
    })?;
    for (segment, read) in segments.iter().zip(&read) {
        whole(segment, read)?;
    }
    let settings = settings(request);
    let (tally, names, _) = replay::all(&reading, partitions, &ranges, (&settings, &request.surroundings))?;
    Ok(audit::report(&tally, &names, &surroundings(request), &settings))
}

fn input(segment: &SegmentMeta, object: &LocalObject) -> InputFile {
    InputFile { path: object.path().to_owned(), label: segment.path.clone(), format: Some(PARQUET) }
}

fn open(segment: &SegmentMeta, input: &InputFile) -> Result<Source> {
    let kind = kind_of(segment.kind).ok_or(LakeError::NoLakeKind)?;
    let source = Source::open(input, kind).map_err(damaged)?;
    match source.known_rows() {
        Some(rows) if rows == segment.rows => Ok(source),
        _ => Err(LakeError::SegmentDamaged {
            path: segment.path.clone(),
            reason: format!("it does not have the {} rows that it was written with", segment.rows),
        }),
    }
}

/// Segments were judged when they were written: whatever cannot be read now has been damaged since.
fn damaged(error: ReadError) -> LakeError {
    let reason = error.to_string();
    LakeError::SegmentDamaged { path: error.into_file(), reason }
}

fn whole(segment: &SegmentMeta, read: &FileRead) -> Result<()> {
    match read.errors.first().first() {
        None if read.accepted == segment.rows => Ok(()),
        first => Err(LakeError::SegmentDamaged {
            path: segment.path.clone(),
            reason: first.map_or_else(|| "rows are missing".to_owned(), ToString::to_string),
        }),
    }
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
