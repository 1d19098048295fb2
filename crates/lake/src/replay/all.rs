//! All partitions, on several threads, into one tally.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use audit::{Names, Replay, Settings, Tally};
use domain::traffic::Surroundings;

use super::{Lookups, feed};
use crate::control::{Phase, on_threads};
use crate::error::Result;
use crate::reading::Reading;
use crate::scatter::settle::{parts, settle};
use crate::scatter::{Partition, Ranges};

/// Replays what was read; gives the tally, the names behind its ids, and how many rows contradicted the first row of their
/// message.
pub(crate) fn all(
    reading: &Reading<'_>,
    partitions: Vec<Partition>,
    ranges: &Ranges,
    (settings, surroundings): (&Settings, &Surroundings),
) -> Result<(Tally, Names, u64)> {
    let (store, control) = (reading.store, reading.control);
    let (aliases, lookups) = {
        let people = reading.shared.people.lock();
        (people.aliases(), Lookups::new(&reading.shared.words, people.texts()))
    };
    let partitions = settle(partitions, ranges, &aliases, store)?;
    drop(aliases);
    let total = partitions.iter().map(|partition| partition.bytes() as u64).sum();
    let queue = Mutex::new(partitions);
    let (done, conflicts) = (AtomicU64::new(0), AtomicU64::new(0));
    let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let tallies = on_threads(reading.threads, || {
        let mut replay = Replay::informed(settings, &lookups.names, surroundings);
        while let Some(partition) = take() {
            control.go_on()?;
            let bytes = partition.bytes() as u64;
            for part in parts(partition, reading.budget.partition, store)? {
                let fed = feed(part, store, &lookups, &mut replay, || control.go_on())?;
                conflicts.fetch_add(fed.conflicts, Ordering::Relaxed);
            }
            control.tell(Phase::Replaying, done.fetch_add(bytes, Ordering::Relaxed) + bytes, total);
        }
        Ok(replay.finish())
    })?;
    let mut tally = Tally::new(settings);
    for other in tallies {
        tally.merge(other);
    }
    Ok((tally, lookups.names, conflicts.into_inner()))
}
