//! How often errors come at each client, as statuses tell it: by them incidents of the platform are seen.

use std::collections::BTreeMap;

use chrono::DurationRound as _;
use domain::{
    ClientId, Instant,
    incidents::{ALL_STATUSES, ErrorCount, SLOT},
};
use meta::webhook::Status;
use store::{StoreError, Tx};

/// Counts of a batch, by client, slot and code.
#[derive(Debug, Default)]
pub(super) struct Failures(BTreeMap<(ClientId, Instant, u32), u64>);

impl Failures {
    /// Counts a status that came at `received_at`: an incident is seen by when it is told, for clocks may be off.
    pub(super) fn note(&mut self, client: ClientId, status: &Status, received_at: Instant) {
        self.add(client, status.errors.first().copied(), received_at);
    }

    /// Counts an error that was told of no message, as one of a message of which nothing else is told.
    pub(super) fn note_error(&mut self, client: ClientId, code: u32, received_at: Instant) {
        self.add(client, Some(code), received_at);
    }

    fn add(&mut self, client: ClientId, code: Option<u32>, received_at: Instant) {
        let Ok(slot) = received_at.duration_trunc(SLOT) else { return };
        *self.0.entry((client, slot, ALL_STATUSES)).or_default() += 1;
        if let Some(code) = code.filter(|code| *code != ALL_STATUSES) {
            *self.0.entry((client, slot, code)).or_default() += 1;
        }
    }

    /// Adds them to what was counted, with the rest of the transaction.
    pub(super) async fn count(self, tx: &Tx) -> Result<(), StoreError> {
        let count = |((client, slot, code), messages)| ErrorCount { client, slot, code, messages };
        let counts: Vec<_> = self.0.into_iter().map(count).collect();
        store::incidents::add_errors(tx, &counts).await
    }
}
