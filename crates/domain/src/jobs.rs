//! Jobs: what is to be done outside of a request. The SQL ledger is the truth about them.

use std::{fmt, str::FromStr};

use crate::{
    AuditId, AuditPreviewId, ClientId, EvidenceExportId, Instant, JobId, NotificationId, ScheduleId, UserId,
    WebhookDeliveryId, imports::ImportKind, ports::Progress, words::words,
};

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

words! {
    /// The way of a job to the workers: each lane has its own, so that what is quick does not wait behind what is long.
    JobLane {
        /// Takes seconds at most: mails, webhooks.
        Quick = "quick",
        /// May take minutes: audits, exports, the lake.
        Long = "long",
    }
}

/// The kinds of the quick lane.
pub const QUICK_KINDS: &[&str] = &["mail.deliver.v1", "mail.digest.v1", "webhook.deliver.v1"];

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
    /// Runs a preview of an audit that was requested.
    #[serde(rename = "audit.preview.v1")]
    AuditPreview {
        /// Which.
        preview: AuditPreviewId,
        /// Whose.
        client: ClientId,
    },
    /// Makes one kind of a client's segments fewer and larger.
    #[serde(rename = "lake.compact.v1")]
    LakeCompact {
        /// Whose.
        client: ClientId,
        /// Which.
        rows: ImportKind,
    },
    /// Writes all messages of a finding to a file.
    #[serde(rename = "evidence.export.v1")]
    EvidenceExport {
        /// Which.
        export: EvidenceExportId,
        /// Whose.
        client: ClientId,
    },
    /// Mails a notification to those who were not told yet.
    #[serde(rename = "mail.deliver.v1")]
    MailDeliver {
        /// Which.
        notification: NotificationId,
        /// Whose matter it is; absent, the BSP's own.
        client: Option<ClientId>,
    },
    /// Tells a person in one mail what was held back.
    #[serde(rename = "mail.digest.v1")]
    MailDigest {
        /// Who.
        user: UserId,
        /// On whose side the person is; absent, the BSP's.
        client: Option<ClientId>,
    },
    /// Carries an event to a client's system.
    #[serde(rename = "webhook.deliver.v1")]
    WebhookDeliver {
        /// Which.
        delivery: WebhookDeliveryId,
        /// Whose.
        client: ClientId,
    },
    /// Looks at a client's last day: how much of the messaging limit is used, and what cannot wait for the night.
    #[serde(rename = "traffic.watch.v1")]
    TrafficWatch {
        /// Whose.
        client: ClientId,
    },
    /// Compares what Meta counted of a client's accounts with the send log.
    #[serde(rename = "volumes.compare.v1")]
    VolumesCompare {
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
            Self::AuditPreview { .. } => "audit.preview.v1",
            Self::LakeCompact { .. } => "lake.compact.v1",
            Self::EvidenceExport { .. } => "evidence.export.v1",
            Self::MailDeliver { .. } => "mail.deliver.v1",
            Self::MailDigest { .. } => "mail.digest.v1",
            Self::WebhookDeliver { .. } => "webhook.deliver.v1",
            Self::TrafficWatch { .. } => "traffic.watch.v1",
            Self::VolumesCompare { .. } => "volumes.compare.v1",
            Self::LakeSweep {} => "lake.sweep.v1",
        }
    }

    /// The way to the workers.
    pub fn lane(&self) -> JobLane {
        if QUICK_KINDS.contains(&self.kind()) { JobLane::Quick } else { JobLane::Long }
    }

    /// The client whose work it is.
    pub const fn client(&self) -> Option<ClientId> {
        match self {
            Self::AuditRun { client, .. }
            | Self::AuditPreview { client, .. }
            | Self::EvidenceExport { client, .. }
            | Self::LakeCompact { client, .. }
            | Self::TrafficWatch { client }
            | Self::VolumesCompare { client }
            | Self::WebhookDeliver { client, .. } => Some(*client),
            Self::MailDeliver { client, .. } | Self::MailDigest { client, .. } => *client,
            Self::LakeSweep {} => None,
        }
    }
}

/// A job, as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// What it does.
    pub payload: JobPayload,
    /// Where it stands.
    pub state: JobState,
    /// How often it was started.
    pub attempts: u32,
    /// When it may run, or run again.
    pub next_run_at: Instant,
    /// When it was last started.
    pub started_at: Option<Instant>,
    /// When its worker last said that it lives.
    pub heartbeat_at: Option<Instant>,
    /// How far it has come.
    pub progress: Progress,
    /// When somebody asked to cancel it.
    pub cancel_requested_at: Option<Instant>,
    /// What went wrong last; for operators, without personal data.
    pub last_error: Option<String>,
    /// When it was put in.
    pub created_at: Instant,
    /// When it ended, however it did.
    pub finished_at: Option<Instant>,
    /// No two unfinished jobs of a kind share one.
    pub dedupe_key: Option<String>,
}

words! {
    /// What a schedule starts.
    ScheduleKind {
        /// An audit of the client's last days, every night.
        NightlyAudit = "audit.nightly.v1",
        /// A sweep of the lake, every night; of no client.
        LakeSweep = "lake.sweep.v1",
    }
}

/// A time of the day, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime {
    hour: u8,
    minute: u8,
}

/// A text that is no time of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a time of the day as HH:MM, from 00:00 to 23:59")]
pub struct InvalidLocalTime;

impl LocalTime {
    /// When audits run at night unless the schedule says otherwise: after midnight's campaigns, before the morning's.
    pub const NIGHT: Self = Self { hour: 2, minute: 0 };

    /// When people are told in one mail what was held back.
    pub const MORNING: Self = Self { hour: 8, minute: 0 };

    /// The hour, 0 to 23.
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub const fn minute(self) -> u8 {
        self.minute
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl FromStr for LocalTime {
    type Err = InvalidLocalTime;

    fn from_str(text: &str) -> Result<Self, InvalidLocalTime> {
        let number = |part: &str| match part.as_bytes() {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Ok((tens - b'0') * 10 + ones - b'0'),
            _ => Err(InvalidLocalTime),
        };
        let (hour, minute) = text.split_once(':').ok_or(InvalidLocalTime)?;
        let time = Self { hour: number(hour)?, minute: number(minute)? };
        if time.hour < 24 && time.minute < 60 { Ok(time) } else { Err(InvalidLocalTime) }
    }
}

/// Something that runs every day at a time of the day in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Id.
    pub id: ScheduleId,
    /// Whose; absent for the BSP's own.
    pub client: Option<ClientId>,
    /// What it starts.
    pub kind: ScheduleKind,
    /// IANA zone.
    pub time_zone: String,
    /// When, in that zone.
    pub local_time: LocalTime,
    /// Whether it runs at all.
    pub is_enabled: bool,
    /// When it runs next.
    pub next_run_at: Instant,
    /// The tick that ran last.
    pub last_run_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// For optimistic locking.
    pub version: i32,
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
    fn a_time_of_the_day_has_one_spelling() {
        for text in ["00:00", "02:30", "23:59"] {
            assert_eq!(text.parse::<LocalTime>().unwrap().to_string(), text);
        }
        for bad in ["", "2:30", "24:00", "12:60", "12:3", "12:30:00", "+1:30", "1２:30"] {
            assert_eq!(bad.parse::<LocalTime>(), Err(InvalidLocalTime), "{bad}");
        }
    }

    #[test]
    fn the_name_in_the_payload_is_the_name_of_the_kind() {
        let payload = JobPayload::LakeSweep {};
        let json = serde_json::to_value(&payload).unwrap();
        assert_eq!(json["kind"], payload.kind());
        assert_eq!(serde_json::from_value::<JobPayload>(json).unwrap(), payload);
    }
}
