//! The rows that the segments of a snapshot have of a range of recipients, side by side, merged recipient by recipient.

use std::ops::Range;

use arrow::array::AsArray;
use arrow::datatypes::UInt64Type;
use audit::message_hash;
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
use crate::replay::{Facts, Lookups, Person};
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
                let hashes = segment.select(&[message::HASH], rows[0], &ranges)?;
                let of_rows = segment.pick(&[message::MESSAGE_ID], rows[0], &ranges)?;
                let hashes = hashes.column(0).as_primitive::<UInt64Type>().values().clone();
                let of_rows = of_rows.column(0).as_binary::<i32>();
                for index in same {
                    let place = rows.partition_point(|row| *row < row_at(places[*index]).1);
                    let id = of_rows.value(place);
                    if message_hash(id) != hashes[place] {
                        return Err(segment.damaged(&"an id of a message is not the one that was written"));
                    }
                    ids[*index] = id.to_vec();
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
struct Side<'u, R> {
    runs: &'u [R],
    at: Vec<usize>,
    /// The rows of the recipient that was found last, by run.
    found: Vec<(&'u R, Range<usize>)>,
}

impl<'u, 's, R: Rows<'s>> Side<'u, R> {
    fn new(runs: &'u [R]) -> Self {
        Self { runs, at: vec![0; runs.len()], found: Vec::with_capacity(runs.len()) }
    }

    /// The next recipient's key.
    fn next_key(&self) -> Option<u64> {
        self.runs.iter().zip(&self.at).filter_map(|(run, at)| run.keys().get(*at).copied()).min()
    }

    /// Finds the rows of the recipient with this key, if it is the next; whether they are of several runs.
    fn find(&mut self, key: u64) -> bool {
        self.found.clear();
        for (run, at) in self.runs.iter().zip(&mut self.at) {
            let count = run.keys()[*at..].iter().take_while(|next| **next == key).count();
            if count > 0 {
                self.found.push((run, *at..*at + count));
                *at += count;
            }
        }
        self.found.len() > 1
    }

    /// Puts the rows that were found into `out`.
    fn records(&self, out: &mut Vec<R::Record<'u>>) {
        out.clear();
        for (run, rows) in &self.found {
            out.extend(rows.clone().map(|row| run.record(row)));
        }
    }

    /// Puts the rows that were found, which need no merging, into `out`.
    fn facts(&self, lookups: &Lookups, out: &mut Vec<R::Fact<'u>>) {
        for (run, rows) in &self.found {
            run.facts(rows.clone(), lookups, out);
        }
    }
}

/// The rows of a range, of all kinds, recipient by recipient.
struct Sides<'u, 's> {
    messages: Side<'u, MessageRows<'s>>,
    inbound: Side<'u, InboundRows<'s>>,
    consents: Side<'u, ConsentRows<'s>>,
}

impl<'u, 's> Sides<'u, 's> {
    fn new(unit: &'u Unit<'s>) -> Self {
        Self {
            messages: Side::new(&unit.messages),
            inbound: Side::new(&unit.inbound),
            consents: Side::new(&unit.consents),
        }
    }

    /// Finds the next recipient's rows: its key, and whether a kind has them in several runs, so that they need merging: what
    /// one segment has of a recipient is in order, and each message one row.
    fn next(&mut self) -> Option<(u64, bool)> {
        let keys = [self.messages.next_key(), self.inbound.next_key(), self.consents.next_key()];
        let key = keys.into_iter().flatten().min()?;
        let several = self.messages.find(key) | self.inbound.find(key) | self.consents.find(key);
        Some((key, several))
    }

    fn records(&self, person: &mut Person<'u>) {
        self.messages.records(&mut person.messages);
        self.inbound.records(&mut person.inbound);
        self.consents.records(&mut person.consents);
    }

    fn facts(&self, lookups: &Lookups, facts: &mut Facts<'u>) {
        facts.clear();
        self.messages.facts(lookups, &mut facts.sends);
        self.inbound.facts(lookups, &mut facts.inbound);
        self.consents.facts(lookups, &mut facts.consents);
    }
}

impl Unit<'_> {
    /// Shows the merged records of everybody in the range to `each`.
    pub(in super::super) fn each_person<'u>(
        &'u self,
        ids: &dyn MessageIds,
        mut each: impl FnMut(&mut Person<'u>) -> Result<()>,
    ) -> Result<()> {
        let (mut sides, mut person) = (Sides::new(self), Person::default());
        while let Some((_, several)) = sides.next() {
            sides.records(&mut person);
            if several {
                person.merge(ids)?;
            }
            each(&mut person)?;
        }
        Ok(())
    }

    /// Shows the history of everybody in the range, with the recipient's key, to `each`.
    pub(in super::super) fn each_history<'u>(
        &'u self,
        ids: &dyn MessageIds,
        lookups: &Lookups,
        mut each: impl FnMut(u64, &mut Facts<'u>) -> Result<()>,
    ) -> Result<()> {
        let (mut sides, mut person, mut facts) = (Sides::new(self), Person::default(), Facts::default());
        while let Some((key, several)) = sides.next() {
            if several {
                sides.records(&mut person);
                person.merge(ids)?;
                person.tell(lookups, &mut facts);
            } else {
                sides.facts(lookups, &mut facts);
            }
            each(key, &mut facts)?;
        }
        Ok(())
    }
}
