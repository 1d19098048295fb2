//! The fake: keeps what it is given, and fails as it is told.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{SendError, Transport};
use crate::Message;

/// Keeps messages, in the order in which they came.
#[derive(Debug, Default)]
pub struct MemoryTransport {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    messages: Vec<Message>,
    /// What becomes of the next attempts, the last one first; after them all succeed.
    failures: Vec<SendError>,
}

impl MemoryTransport {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was sent so far.
    pub fn sent(&self) -> Vec<Message> {
        self.kept().messages.clone()
    }

    /// Lets the next attempt that nobody has spoken for fail.
    pub fn fail_next(&self, error: SendError) {
        self.kept().failures.insert(0, error);
    }
}

#[async_trait]
impl Transport for MemoryTransport {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        message.build()?;
        let mut kept = self.kept();
        if let Some(error) = kept.failures.pop() {
            return Err(error);
        }
        kept.messages.push(message.clone());
        Ok(())
    }

    async fn check(&self) -> Result<(), SendError> {
        Ok(())
    }
}
