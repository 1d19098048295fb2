//! Whether a worker still does its work.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// When a loop last did what it is for.
#[derive(Debug, Clone)]
pub(crate) struct Pulse(Arc<Mutex<Instant>>);

impl Pulse {
    /// Beats for the first time.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    /// It did.
    pub(crate) fn beat(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Whether it did within `silence`.
    pub(crate) fn is_heard(&self, silence: Duration) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed() <= silence
    }
}

/// What a worker no longer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unhealthy {
    /// Due jobs are not handed to the queue.
    #[error("jobs are not handed over: the database or the job queue cannot be used")]
    Relay,
    /// The SLA clock stands still: nobody is warned.
    #[error("the SLA clock does not look at tickets: the database cannot be used")]
    Clock,
    /// Schedules are not started, silent workers not noticed.
    #[error("schedules and silent workers are not looked at: the database cannot be used")]
    Upkeep,
    /// Jobs are not taken from the queue.
    #[error("jobs are not taken from the queue")]
    Delivery,
}
