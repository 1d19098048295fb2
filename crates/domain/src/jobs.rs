//! Jobs: what is to be done outside of a request. The SQL ledger is the truth about them.

use crate::{AuditId, ClientId, Instant, words::words};

words! {
    /// Where a job stands.
    JobState {
        /// Waits for a worker.
        Queued = "queued",
        /// A worker has it.
        Running = "running",
        /// Failed, and will be tried again at its next run.
        Retry = "retry",
        /// Done.
        Succeeded = "succeeded",
        /// Failed for good.
        Dead = "dead",
        /// Somebody cancelled it.
        Cancelled = "cancelled",
    }
}

impl JobState {
    /// Whether nothing more will happen.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Dead | Self::Cancelled)
    }
}

/// What a job does. Stored as JSON with a `kind`; the names are stable.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind")]
pub enum JobPayload {
    /// Runs an audit that was requested.
    #[serde(rename = "audit.run.v1")]
    AuditRun {
        /// Which.
        audit: AuditId,
        /// Whose.
        client: ClientId,
    },
    /// Deletes objects of the lake that the manifest does not name.
    #[serde(rename = "lake.sweep.v1")]
    LakeSweep {},
}

impl JobPayload {
    /// Stable name of the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AuditRun { .. } => "audit.run.v1",
            Self::LakeSweep {} => "lake.sweep.v1",
        }
    }

    /// The client whose work it is.
    pub const fn client(&self) -> Option<ClientId> {
        match self {
            Self::AuditRun { client, .. } => Some(*client),
            Self::LakeSweep {} => None,
        }
    }
}

/// How often a failing job is tried in all.
pub const MAX_ATTEMPTS: u32 = 5;

/// When a job that failed for the `attempts`-th time (from 1) runs again: 10 s, doubled each time, at most an hour; the caller
/// adds jitter.
pub fn retry_at(now: Instant, attempts: u32) -> Instant {
    let seconds = 10_i64.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(3_600);
    now + chrono::TimeDelta::seconds(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_wait_longer_each_time_and_never_over_an_hour() {
        let now = Instant::default();
        let waits: Vec<i64> = (1..=12).map(|attempts| (retry_at(now, attempts) - now).num_seconds()).collect();
        assert_eq!(waits[..4], [10, 20, 40, 80]);
        assert!(waits.is_sorted());
        assert_eq!(waits.last(), Some(&3_600));
    }

    #[test]
    fn the_name_in_the_payload_is_the_name_of_the_kind() {
        let payload = JobPayload::LakeSweep {};
        let json = serde_json::to_value(&payload).unwrap();
        assert_eq!(json["kind"], payload.kind());
        assert_eq!(serde_json::from_value::<JobPayload>(json).unwrap(), payload);
    }
}
