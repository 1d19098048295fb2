//! The rows that the segments of a snapshot have of a range of recipients, side by side, merged recipient by recipient.

use arrow::array::AsArray;
use domain::ports::SegmentMeta;

use super::super::Engine;
use super::super::segment::read::SegmentFile;
use super::super::segment::rows::{ConsentRows, InboundRows, MessageRows, Origin, Rows, row_at};
use super::super::segment::tables::Translation;
use super::super::segment::{audited, message, width};
use super::plan::{self, KeyRange, Marks};
use crate::decode::words::{SharedWords, WordCache};
use crate::error::Result;
use crate::exchange::Kind;
use crate::replay::Person;
use crate::scatter::ids::MessageIds;

/// The segments of a snapshot, open.
pub(in super::super) struct Opened {
    pub(in super::super) segments: Vec<SegmentFile>,
    pub(in super::super) translations: Vec<Translation>,
    marks: Vec<Marks>,
}

/// Which columns are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Columns {
    /// What an audit looks at.
    Audited,
    /// All.
    All,
}

impl Opened {
    /// Opens segments; their names go to `words`.
    pub(in super::super) fn open(engine: &Engine, segments: &[SegmentMeta], words: &SharedWords) -> Result<Self> {
        let segments = segments.iter().map(|segment| SegmentFile::open(engine, segment)).collect::<Result<Vec<_>>>()?;
        let mut cache = WordCache::new(words);
        let translations = segments.iter().map(|segment| segment.tables().translate(&mut cache)).collect();
        Ok(Self { segments, translations, marks: Vec::new() })
    }

    /// Whether a row names a user id, so that people may be known by several keys.
    pub(in super::super) fn has_users(&self) -> bool {
        self.segments.iter().any(|segment| segment.tables().has_users)
    }

    /// Ranges of about `rows` rows each.
    pub(in super::super) fn ranges(&mut self, rows: u64, threads: usize) -> Result<Vec<KeyRange>> {
        self.marks = plan::marks(&self.segments, threads)?;
        Ok(plan::ranges(&self.marks, rows))
    }

    pub(in super::super) fn rows(&self) -> u64 {
        self.segments.iter().map(SegmentFile::rows).sum()
    }

    /// The rows of a range, of all kinds.
    pub(in super::super) fn unit(&self, range: &KeyRange, columns: Columns) -> Result<Unit<'_>> {
        Ok(Unit {
            messages: self.runs(range, Kind::Messages, columns)?,
            inbound: self.runs(range, Kind::Inbound, columns)?,
            consents: self.runs(range, Kind::Consents, columns)?,
        })
    }

    fn runs<'s, R: Rows<'s>>(&'s self, range: &KeyRange, kind: Kind, columns: Columns) -> Result<Vec<R>> {
        let columns: Vec<usize> = match columns {
            Columns::Audited => (0..audited(kind)).collect(),
            Columns::All => (0..width(kind)).collect(),
        };
        let mut runs = Vec::new();
        for (place, segment) in self.segments.iter().enumerate().filter(|(_, segment)| segment.kind() == kind) {
            let (from, to) = self.marks[place].rows(range);
            if from == to {
                continue;
            }
            let batch = segment.read(&columns, from, to)?;
            let origin = Origin { segment: place, first: from, names: &self.translations[place] };
            let rows = R::of(&batch, origin);
            let start = rows.keys().partition_point(|key| *key < range.from);
            let end = range.to.map_or(batch.num_rows(), |to| rows.keys().partition_point(|key| *key < to));
            if start < end {
                let origin = Origin { first: from + start as u64, ..origin };
                runs.push(R::of(&batch.slice(start, end - start), origin));
            }
        }
        Ok(runs)
    }
}

/// Reads ids from the segments.
impl MessageIds for Opened {
    fn ids(&self, places: &[u64]) -> Result<Vec<Vec<u8>>> {
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_unstable_by_key(|index| places[*index]);
        let mut ids = vec![Vec::new(); places.len()];
        let segment_of = |index: usize| row_at(places[index]).0;
        for same in order.chunk_by(|one, other| segment_of(*one) == segment_of(*other)) {
            let Some(segment) = self.segments.get(segment_of(same[0])) else { continue };
            let starts = segment.starts();
            let group_of = |index: &usize| starts.partition_point(|start| *start <= row_at(places[*index]).1);
            // One row group at a time, so that little is in memory.
            for same in same.chunk_by(|one, other| group_of(one) == group_of(other)) {
                let mut rows: Vec<u64> = same.iter().map(|index| row_at(places[*index]).1).collect();
                rows.dedup();
                let ranges: Vec<(u64, u64)> = rows.iter().map(|row| (*row, row + 1)).collect();
                let batch = segment.select(&[message::MESSAGE_ID], rows[0], &ranges)?;
                let of_rows = batch.column(0).as_binary::<i32>();
                for index in same {
                    let place = rows.partition_point(|row| *row < row_at(places[*index]).1);
                    ids[*index] = of_rows.value(place).to_vec();
                }
            }
        }
        Ok(ids)
    }
}

/// The rows of a range, by kind and segment.
pub(in super::super) struct Unit<'s> {
    pub(in super::super) messages: Vec<MessageRows<'s>>,
    pub(in super::super) inbound: Vec<InboundRows<'s>>,
    pub(in super::super) consents: Vec<ConsentRows<'s>>,
}

/// Runs of one kind, and how far each was taken.
pub(in super::super) struct Side<'u, R> {
    runs: &'u [R],
    at: Vec<usize>,
}

impl<'u, 's, R: Rows<'s>> Side<'u, R> {
    pub(in super::super) fn new(runs: &'u [R]) -> Self {
        Self { runs, at: vec![0; runs.len()] }
    }

    /// The next recipient's key.
    pub(in super::super) fn next_key(&self) -> Option<u64> {
        self.runs.iter().zip(&self.at).filter_map(|(run, at)| run.keys().get(*at).copied()).min()
    }

    /// Moves the rows of the recipient with this key, if it is the next, into `out`; whether they came from several runs.
    pub(in super::super) fn take(&mut self, key: u64, out: &mut Vec<R::Record<'u>>) -> bool {
        out.clear();
        let mut sources = 0;
        for (run, at) in self.runs.iter().zip(&mut self.at) {
            let keys = &run.keys()[*at..];
            let count = keys.iter().take_while(|next| **next == key).count();
            if count > 0 {
                out.extend((*at..*at + count).map(|row| run.record(row)));
                *at += count;
                sources += 1;
            }
        }
        sources > 1
    }
}

impl Unit<'_> {
    /// Shows everybody in the range, rows merged, to `each`; how many rows contradicted the first of their message.
    pub(in super::super) fn each_person<'u>(
        &'u self,
        ids: &dyn MessageIds,
        mut each: impl FnMut(u64, &mut Person<'u>) -> Result<()>,
    ) -> Result<u64> {
        let mut messages = Side::new(&self.messages);
        let mut inbound = Side::new(&self.inbound);
        let mut consents = Side::new(&self.consents);
        let (mut person, mut conflicts) = (Person::default(), 0);
        while let Some(key) = [messages.next_key(), inbound.next_key(), consents.next_key()].into_iter().flatten().min()
        {
            let mut several = messages.take(key, &mut person.messages);
            several |= inbound.take(key, &mut person.inbound);
            several |= consents.take(key, &mut person.consents);
            // What one segment has of a person is in order already.
            if several {
                conflicts += person.merge(ids)?;
            }
            each(key, &mut person)?;
        }
        Ok(conflicts)
    }
}
