//! Audits of traffic: asked for by people, programs and schedules; run as jobs; kept with their findings.

mod again;
mod alerts;
mod code;
mod follow;
mod previews;
mod read;
mod request;
mod reuse;
mod run;
mod schedule;
pub(crate) mod surroundings;

pub use again::ask_again;
pub use code::AuditCode;
pub use follow::follow;
pub use previews::{
    RequestPreview, cancel_preview, preview_difference, previews_by_ids, previews_page, request_preview, what_would_be,
};
pub use read::{
    by_ids, finding_counts, findings, findings_by_ids, page, reports, resolved_findings, schedules_by_clients,
};
pub use request::{RequestAudit, cancel, request};
pub(crate) use schedule::follow_zone;
pub use schedule::{ScheduleAudits, schedule_default, set_schedule};
pub use store::findings::{FindingCount, FindingFilter};

pub(crate) use alerts::{judge_events, watch, watch_soon};
pub(crate) use previews::{repeat, run as run_preview};
pub(crate) use request::{request_in, start_nightly};
pub(crate) use run::run;
pub(crate) use surroundings::events_of_notices;
