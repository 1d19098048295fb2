//! All partitions, on several threads, into sinks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use audit::{Names, Replay, Settings, Tally};

use super::{Means, Room, Sink, feed};
use crate::control::{Phase, on_threads};
use crate::decode::people::Aliases;
use crate::error::Result;
use crate::reading::Reading;
use crate::scatter::settle::{parts, settle};
use crate::scatter::{Partition, Ranges};

/// Feeds what was read to sinks, one for each thread; gives them back, and how many rows contradicted the first row of their
/// message.
pub(crate) fn all<S: Sink>(
    reading: &Reading<'_>,
    partitions: Vec<Partition>,
    ranges: &Ranges,
    aliases: Aliases,
    means: &Means<'_>,
    make: &(dyn Fn(&Names) -> S + Sync),
) -> Result<(Vec<S>, u64)> {
    let (store, control) = (reading.store, reading.control);
    let partitions = settle(partitions, ranges, &aliases, store)?;
    drop(aliases);
    let total = partitions.iter().map(|partition| partition.bytes() as u64).sum();
    let queue = Mutex::new(partitions);
    let (done, conflicts) = (AtomicU64::new(0), AtomicU64::new(0));
    let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let sinks = on_threads(reading.threads, || {
        let (mut sink, mut room) = (make(&means.lookups.names), Room::default());
        while let Some(partition) = take() {
            control.go_on()?;
            let bytes = partition.bytes() as u64;
            for part in parts(partition, reading.budget.partition, store)? {
                let fed = feed(part, &mut room, store, means, &mut sink, || control.go_on())?;
                conflicts.fetch_add(fed.conflicts, Ordering::Relaxed);
            }
            control.tell(Phase::Replaying, done.fetch_add(bytes, Ordering::Relaxed) + bytes, total);
        }
        Ok(sink)
    })?;
    Ok((sinks, conflicts.into_inner()))
}

/// The tallies of several threads as one.
pub(crate) fn join(replays: Vec<Replay>, settings: &Settings) -> Tally {
    let mut joined = Tally::new(settings);
    for replay in replays {
        joined.merge(replay.finish());
    }
    joined
}
