//! What was not understood of a batch, and how often it came: counted in the database, and told to the log when it is new.

use std::collections::BTreeMap;

use domain::Instant;
use meta::webhook::Change;
use store::{StoreError, Tx, webhooks::Oddity};

/// What was not understood, and how often.
#[derive(Debug, Default)]
pub(super) struct Oddities(BTreeMap<Oddity, i64>);

impl Oddities {
    /// Notes what is odd about a change.
    pub(super) fn note(&mut self, change: &Change) {
        for odd in &change.odd {
            self.add(odd.kind.as_str(), &odd.place, &odd.word, 1);
        }
    }

    /// Notes something that came `count` times. The word is one of a list or empty, and never of a person.
    pub(super) fn add(&mut self, kind: &str, place: &str, word: &str, count: i64) {
        let odd = Oddity { kind: kind.to_owned(), place: place.to_owned(), word: word.to_owned() };
        *self.0.entry(odd).or_default() += count;
    }

    /// Counts them, and tells the log of those that were never seen before.
    pub(super) async fn count(self, tx: &Tx, now: Instant) -> Result<(), StoreError> {
        for new in store::webhooks::count_oddities(tx, self.0, now).await? {
            tracing::info!(
                odd.kind = new.kind,
                odd.place = new.place,
                odd.word = new.word,
                "a webhook holds what nobody knows"
            );
        }
        Ok(())
    }
}
