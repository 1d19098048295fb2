//! What is done because of a promise. The promises themselves, and the time, are the engine's.

use crate::{ClientId, Instant, SlaEffectId, TicketId, jobs::LocalTime, words::words};

words! {
    /// What became of an effect.
    SlaEffectOutcome {
        /// It was done.
        Done = "done",
        /// A later one of the same promise was done in its place, for both had come due.
        Superseded = "superseded",
        /// It came to nothing: what it was about was over when it was looked at.
        Moot = "moot",
    }
}

/// What makes two effects the same one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SlaEffectKey {
    /// Of which metric, or of which other thing that is watched.
    pub metric: String,
    /// Of which cycle.
    pub cycle: i32,
    /// At which level.
    pub level: String,
    /// When the promise was due then, as text; `-` where it was not certain.
    pub due: String,
}

/// An effect: a warning, a breach, a reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlaEffect {
    /// Id.
    pub id: SlaEffectId,
    /// Whose.
    pub client: ClientId,
    /// On which ticket.
    pub ticket: TicketId,
    /// What makes it this one.
    pub key: SlaEffectKey,
    /// When it came due.
    pub reached_at: Instant,
    /// When it was written down.
    pub recorded_at: Instant,
    /// What became of it.
    pub outcome: SlaEffectOutcome,
}

/// Times of the day between which a person is not to be woken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietHours {
    /// IANA zone.
    pub time_zone: String,
    /// When they begin.
    pub begins: LocalTime,
    /// When they end; on the next day, if that is not after they begin.
    pub ends: LocalTime,
}
