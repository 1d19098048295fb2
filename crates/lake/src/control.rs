//! Long work tells how far it has come, and stops when asked; and it runs on threads of its own.

use std::thread;

use domain::ports::CancelFlag;

use crate::error::{LakeError, Result};

/// What the work is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading; counted in bytes.
    Reading,
    /// Replaying people or writing segments; counted in bytes of what was read.
    Replaying,
}

/// How far the work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is at.
    pub phase: Phase,
    /// Done so far.
    pub done: u64,
    /// To be done in all.
    pub total: u64,
}

/// The line to whoever wants the work done.
#[derive(Clone, Copy)]
pub(crate) struct Control<'c> {
    pub(crate) progress: &'c (dyn Fn(Progress) + Sync),
    pub(crate) cancel: &'c CancelFlag,
}

impl Control<'_> {
    /// An error when somebody asked to stop.
    pub(crate) fn go_on(&self) -> Result<()> {
        if self.cancel.is_cancelled() { Err(LakeError::Cancelled) } else { Ok(()) }
    }

    pub(crate) fn tell(&self, phase: Phase, done: u64, total: u64) {
        (self.progress)(Progress { phase, done, total });
    }
}

/// Runs `work` on `threads` threads at once and gives the results of all, or the first failure.
pub(crate) fn on_threads<T: Send>(threads: usize, work: impl Fn() -> Result<T> + Sync) -> Result<Vec<T>> {
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(&work)).collect();
        let mut results = vec![work()];
        results.extend(others.into_iter().map(|thread| thread.join().unwrap_or(Err(LakeError::Worker))));
        results.into_iter().collect()
    })
}
