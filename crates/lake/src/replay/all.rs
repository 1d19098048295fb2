//! All partitions, on several threads, into tallies.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use audit::{Replay, Tally};

use super::{Means, Question, feed, replays};
use crate::control::{Phase, on_threads};
use crate::decode::people::Aliases;
use crate::error::Result;
use crate::reading::Reading;
use crate::scatter::settle::{parts, settle};
use crate::scatter::{Partition, Ranges};

/// Replays what was read, by all questions at once; gives a tally for each, and how many rows contradicted the first row of
/// their message.
pub(crate) fn all(
    reading: &Reading<'_>,
    partitions: Vec<Partition>,
    ranges: &Ranges,
    aliases: Aliases,
    means: &Means<'_>,
    questions: &[Question<'_>],
) -> Result<(Vec<Tally>, u64)> {
    let (store, control) = (reading.store, reading.control);
    let partitions = settle(partitions, ranges, &aliases, store)?;
    drop(aliases);
    let total = partitions.iter().map(|partition| partition.bytes() as u64).sum();
    let queue = Mutex::new(partitions);
    let (done, conflicts) = (AtomicU64::new(0), AtomicU64::new(0));
    let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let tallies = on_threads(reading.threads, || {
        let mut replays = replays(questions, &means.lookups.names);
        while let Some(partition) = take() {
            control.go_on()?;
            let bytes = partition.bytes() as u64;
            for part in parts(partition, reading.budget.partition, store)? {
                let fed = feed(part, store, means, &mut replays, || control.go_on())?;
                conflicts.fetch_add(fed.conflicts, Ordering::Relaxed);
            }
            control.tell(Phase::Replaying, done.fetch_add(bytes, Ordering::Relaxed) + bytes, total);
        }
        Ok(replays.into_iter().map(Replay::finish).collect())
    })?;
    Ok((join(tallies, questions), conflicts.into_inner()))
}

/// The tallies of several threads as one for each question.
pub(crate) fn join(threads: Vec<Vec<Tally>>, questions: &[Question<'_>]) -> Vec<Tally> {
    let mut joined: Vec<Tally> = questions.iter().map(|question| Tally::new(question.settings)).collect();
    for tallies in threads {
        for (tally, other) in joined.iter_mut().zip(tallies) {
            tally.merge(other);
        }
    }
    joined
}
