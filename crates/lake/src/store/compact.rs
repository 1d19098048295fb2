//! Compaction: many small segments of one kind become few large ones, rows of one message one row.
//!
//! What it writes counts for nothing until the manifest names it in the place of what it was made of; when it ends early,
//! that stays as it is, and what was written is swept.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use domain::imports::ImportKind;
use domain::ports::{CancelFlag, CompactRequest, Progress as PortProgress, SegmentMeta};

use super::import::Writing;
use super::segment::tables::Tables;
use super::segment::write::{SegmentRecord, SegmentWriter};
use super::snapshot::merge::{Columns, Opened, Unit};
use super::snapshot::people::Scattering;
use super::snapshot::plan::KeyRange;
use super::snapshot::range_rows;
use super::{Engine, kind_of};
use crate::control::{Control, Phase, Progress, on_threads};
use crate::decode::Shared;
use crate::error::{LakeError, Result};
use crate::exchange::Kind;
use crate::scatter::chunks::ChunkStore;
use crate::scatter::sample::Budget;
use crate::scatter::settle::settle;

/// Rows of a segment, about.
const SEGMENT_ROWS: u64 = 1_000_000;

/// Rows in a batch that is handed to the writer.
const BATCH: usize = 8_192;

/// Writes what the segments hold into at most as many new ones.
pub(super) fn compact(
    engine: &Engine,
    request: &CompactRequest,
    progress: &(dyn Fn(PortProgress) + Sync),
    cancel: &CancelFlag,
) -> Result<Vec<SegmentMeta>> {
    let kind = one_kind(request)?;
    let tell = |told: Progress| progress(PortProgress { done: told.done, total: told.total });
    let control = Control { progress: &tell, cancel };
    let shared = Shared::default();
    let mut opened = Opened::open(engine, &request.segments, &shared.words)?;
    let tables = Tables::of(kind, &shared.words);
    let task = Task { engine, request, kind, tables: &tables, control };
    if opened.has_users() {
        task.by_people(&opened, &shared)
    } else {
        let ranges = opened.ranges(range_rows(engine) / 2, engine.threads)?;
        task.side_by_side(&opened, &ranges)
    }
}

fn one_kind(request: &CompactRequest) -> Result<Kind> {
    let first = request.segments.first().map_or(ImportKind::Templates, |segment| segment.kind);
    let same = request.segments.iter().all(|segment| segment.kind == first);
    kind_of(first).filter(|_| same).ok_or(LakeError::NoLakeKind)
}

struct Task<'t> {
    engine: &'t Engine,
    request: &'t CompactRequest,
    kind: Kind,
    tables: &'t Tables,
    control: Control<'t>,
}

impl Task<'_> {
    /// Segments without user ids: their rows are merged range by range.
    fn side_by_side(&self, opened: &Opened, ranges: &[KeyRange]) -> Result<Vec<SegmentMeta>> {
        let most = opened.rows().div_ceil(SEGMENT_ROWS).clamp(1, self.request.segments.len() as u64) as usize;
        let parts: Vec<&[KeyRange]> = ranges.chunks(ranges.len().div_ceil(most)).collect();
        let (next, done) = (AtomicUsize::new(0), AtomicU64::new(0));
        let written = on_threads(self.engine.threads, || {
            let mut segments = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(part) = parts.get(place) else { return Ok(segments) };
                let mut writer = SegmentWriter::begin(self.engine, self.kind, &[])?;
                for range in *part {
                    self.control.go_on()?;
                    write_range(&opened.unit(range, Columns::All)?, opened, &mut writer)?;
                    let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                    self.control.tell(Phase::Replaying, done, ranges.len() as u64);
                }
                if writer.rows() > 0 {
                    segments.push((place, writer.publish(self.request.client, self.tables)?));
                }
            }
        })?;
        let mut segments: Vec<_> = written.into_iter().flatten().collect();
        segments.sort_unstable_by_key(|segment| segment.0);
        Ok(segments.into_iter().map(|segment| segment.1).collect())
    }

    /// Segments that name user ids: every row goes to the person's own key first.
    fn by_people(&self, opened: &Opened, shared: &Shared) -> Result<Vec<SegmentMeta>> {
        let engine = self.engine;
        let budget = Budget::of(engine.memory, engine.threads);
        let store = ChunkStore::new(&engine.temporary, budget.held);
        let (people, store, control) = (&shared.people, &store, self.control);
        let scattered = Scattering { engine, opened, people, store, budget, control, columns: Columns::All }.all()?;
        let users = shared.people.lock().texts().to_vec();
        let partitions = settle(scattered.partitions, &scattered.ranges, &scattered.aliases, store)?;
        let writing = Writing {
            engine,
            client: self.request.client,
            kind: self.kind,
            store,
            budget,
            tables: self.tables,
            users: &users,
            control,
            most: Some(self.request.segments.len()),
        };
        writing.all(partitions)
    }
}

/// Writes the rows of a range.
fn write_range(unit: &Unit<'_>, opened: &Opened, writer: &mut SegmentWriter<'_>) -> Result<()> {
    let (mut messages, mut inbound, mut consents) = (Vec::new(), Vec::new(), Vec::new());
    unit.each_person(opened, |person| {
        messages.append(&mut person.messages);
        inbound.append(&mut person.inbound);
        consents.append(&mut person.consents);
        write_full(&mut messages, BATCH, writer)?;
        write_full(&mut inbound, BATCH, writer)?;
        write_full(&mut consents, BATCH, writer)
    })?;
    write_full(&mut messages, 1, writer)?;
    write_full(&mut inbound, 1, writer)?;
    write_full(&mut consents, 1, writer)?;
    writer.end_range()
}

/// Hands rows to the writer once there are `enough`.
fn write_full<R: SegmentRecord>(rows: &mut Vec<R>, enough: usize, writer: &mut SegmentWriter<'_>) -> Result<()> {
    if rows.len() >= enough {
        writer.write(rows)?;
        rows.clear();
    }
    Ok(())
}
