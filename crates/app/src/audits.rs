//! Audits of traffic: asked for by people, programs and schedules; run as jobs; kept with their findings.

mod code;
mod read;
mod request;
mod run;
mod schedule;

pub use code::AuditCode;
pub use read::{
    by_ids, finding_counts, findings, findings_by_ids, page, reports, resolved_findings, schedules_by_clients,
};
pub use request::{RequestAudit, cancel, request};
pub use schedule::{ScheduleAudits, schedule_default, set_schedule};
pub use store::findings::{FindingCount, FindingFilter};

pub(crate) use request::start_nightly;
pub(crate) use run::run;
