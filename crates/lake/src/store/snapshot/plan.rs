//! Ranges of recipients that hold about equally many rows of a snapshot, each to be read and replayed on its own.

use arrow::array::AsArray;
use arrow::datatypes::UInt64Type;

use super::super::segment::read::SegmentFile;
use crate::control::on_threads;
use crate::error::Result;

/// Every how many rows a key is remembered.
const STEP: u64 = 256;

/// The column of the recipients' keys, in every kind.
const KEY: usize = 0;

/// Where keys are in one segment: the key of every [`STEP`]th row.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Marks {
    keys: Vec<u64>,
    rows: u64,
}

impl Marks {
    /// Rows among which all of the keys `from..to` are, and few others.
    pub(in super::super) fn rows(&self, range: &KeyRange) -> (u64, u64) {
        let first = self.keys.partition_point(|key| *key < range.from).saturating_sub(1);
        let last = range.to.map_or(self.keys.len(), |to| self.keys.partition_point(|key| *key < to));
        let start = first as u64 * STEP;
        (start, (last as u64 * STEP).min(self.rows).max(start))
    }
}

/// Keys from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct KeyRange {
    pub(in super::super) from: u64,
    /// Excluded; none: to the end.
    pub(in super::super) to: Option<u64>,
}

/// Reads the marks of segments, on several threads.
pub(in super::super) fn marks(segments: &[SegmentFile], threads: usize) -> Result<Vec<Marks>> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let read = on_threads(threads, || {
        let mut marks = Vec::new();
        loop {
            let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(segment) = segments.get(place) else { return Ok(marks) };
            marks.push((place, marks_of(segment)?));
        }
    })?;
    let mut all = vec![Marks::default(); segments.len()];
    for (place, marks) in read.into_iter().flatten() {
        all[place] = marks;
    }
    Ok(all)
}

fn marks_of(segment: &SegmentFile) -> Result<Marks> {
    let mut marks = Marks { keys: Vec::new(), rows: segment.rows() };
    for group in segment.starts().windows(2) {
        let batch = segment.read(&[KEY], group[0], group[1])?;
        let keys = batch.column(0).as_primitive::<UInt64Type>().values();
        let first = (STEP - group[0] % STEP) % STEP;
        marks.keys.extend(keys.iter().skip(first as usize).step_by(STEP as usize));
    }
    if !marks.keys.is_sorted() {
        return Err(segment.damaged(&"its rows are out of order"));
    }
    Ok(marks)
}

/// Ranges of about `rows` rows each that cover all keys.
pub(in super::super) fn ranges(marks: &[Marks], rows: u64) -> Vec<KeyRange> {
    let mut keys: Vec<u64> = marks.iter().flat_map(|marks| &marks.keys).copied().collect();
    keys.sort_unstable();
    let step = (rows / STEP).max(1) as usize;
    let mut cuts: Vec<u64> = keys.into_iter().step_by(step).skip(1).collect();
    cuts.dedup();
    let mut ranges = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for cut in cuts {
        if cut > from {
            ranges.push(KeyRange { from, to: Some(cut) });
            from = cut;
        }
    }
    ranges.push(KeyRange { from, to: None });
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_all_keys_and_share_rows() {
        let marks = |keys: Vec<u64>| Marks { rows: keys.len() as u64 * STEP, keys };
        let all = [marks((0..100).collect()), marks((50..150).collect()), marks(vec![7; 30])];
        let ranges = ranges(&all, 20 * STEP);
        assert_eq!((ranges[0].from, ranges[ranges.len() - 1].to), (0, None));
        assert!(ranges.windows(2).all(|pair| pair[0].to == Some(pair[1].from)));
        assert!(ranges.len() > 8, "{ranges:?}");
        for marks in &all {
            let (start, end) = (marks.rows(&ranges[0]).0, marks.rows(&ranges[ranges.len() - 1]).1);
            assert_eq!((start, end), (0, marks.rows));
        }
        assert_eq!(super::ranges(&[], 10), [KeyRange { from: 0, to: None }]);
    }

    #[test]
    fn the_rows_of_a_range_hold_all_of_its_keys() {
        // Rows 0..256 may have keys up to 5, rows 256..512 up to 5, rows 512..600 from 9 on.
        let marks = Marks { keys: vec![1, 5, 9], rows: 600 };
        assert_eq!(marks.rows(&KeyRange { from: 5, to: Some(6) }), (0, 512));
        assert_eq!(marks.rows(&KeyRange { from: 6, to: Some(9) }), (256, 512));
        assert_eq!(marks.rows(&KeyRange { from: 10, to: None }), (512, 600));
        assert_eq!(marks.rows(&KeyRange { from: 0, to: Some(1) }), (0, 0));
    }
}
