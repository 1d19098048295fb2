//! To whom messages went, by their ids: for what is told of a message and does not say whose it is.

use std::collections::HashMap;

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::UInt64Type;
use audit::message_hash;
use domain::imports::ImportKind;
use domain::ports::{CancelFlag, SegmentMeta};

use super::Engine;
use super::segment::message;
use super::segment::read::SegmentFile;
use crate::error::{LakeError, Result};
use crate::exchange::identity::number_of;

/// Looks through segments of messages, row group by row group. A message is known by the hash of its id, as everywhere.
pub(super) fn find(
    engine: &Engine,
    segments: &[SegmentMeta],
    message_ids: &[String],
    cancel: &CancelFlag,
) -> Result<HashMap<String, String>> {
    let wanted: HashMap<u64, &String> = message_ids.iter().map(|id| (message_hash(id.as_bytes()), id)).collect();
    let mut found = HashMap::new();
    for segment in segments.iter().filter(|segment| segment.kind == ImportKind::Messages) {
        let segment = SegmentFile::open(engine, segment)?;
        for group in segment.starts().windows(2) {
            if cancel.is_cancelled() {
                return Err(LakeError::Cancelled);
            }
            let rows = segment.read(&[message::KEY, message::HASH, message::KNOWN_BY], group[0], group[1])?;
            let keys = rows.column(0).as_primitive::<UInt64Type>();
            let hashes = rows.column(1).as_primitive::<UInt64Type>();
            let known_by = rows.column(2).as_string::<i32>();
            for (row, hash) in hashes.values().iter().enumerate() {
                let Some(id) = wanted.get(hash) else { continue };
                let person =
                    if known_by.is_valid(row) { known_by.value(row).to_owned() } else { number_of(keys.value(row)) };
                found.insert((*id).clone(), person);
            }
        }
    }
    Ok(found)
}
