//! The objects of the schema: one file for each, with its loaders beside it.

mod activity;
mod api_token;
mod asset_change;
mod audit;
mod client;
mod declared_asset;
mod episode;
mod export;
mod finding;
mod graph_account;
mod import;
mod incident;
mod job;
mod lint;
mod notification;
mod phone_number;
mod report;
mod sign_in;
mod sla;
mod sla_holidays;
mod sla_what_if;
mod template;
mod threshold;
mod ticket;
mod timeline;
mod user;
mod viewer;
mod waba;
mod webhook;

pub(crate) use activity::{Activity, ActivityHead, ActivityOutcome, ActivityProof};
pub(crate) use api_token::ApiToken;
pub(crate) use asset_change::AssetChange;
pub(crate) use audit::{Audit, AuditPreview, AuditSchedule, words::AuditProfile};
pub(crate) use client::Client;
pub(crate) use declared_asset::DeclaredAsset;
pub(crate) use episode::EnforcementEpisode;
use episode::Standing;
pub(crate) use export::{EvidenceExport, EvidenceFormat, Unmasking};
pub(crate) use finding::Finding;
use finding::{FindingFigure, FindingSubject};
pub(crate) use graph_account::VolumeCheck;
use graph_account::{GraphAccount, MessagingHeadroom};
pub(crate) use import::Import;
pub(crate) use incident::PlatformIncident;
pub(crate) use job::{Job, JobState};
pub(crate) use lint::{LintSpan, TemplateComponent, TemplateLint};
pub(crate) use notification::{NotificationDelivery, NotificationPreference, NotificationTopic};
pub(crate) use phone_number::PhoneNumber;
pub(crate) use report::{BacklogRow, SlaReportRow, TicketReport};
pub(crate) use sign_in::SignIn;
pub(crate) use sla::{SlaCalendarVersion, SlaPolicyVersion, SlaPreview, SlaScope};
pub(crate) use sla_holidays::SlaHolidayListVersion;
pub(crate) use sla_what_if::SlaWhatIf;
pub(crate) use template::Template;
pub(crate) use threshold::{Threshold, ThresholdVersion, Thresholds};
pub(crate) use ticket::{
    Attachment, CorrectiveAction, EnforcementNotice, ReplyMacro, Restriction, SavedView, SlaMetric, SlaTimerState,
    Submission, Team, Ticket, TicketEvent, TicketEventType, words as ticket_words,
};
pub(crate) use timeline::{TimelineBlock, TimelineEntry};
pub(crate) use user::{Role, User};
pub(crate) use viewer::{QuietHours, Viewer};
pub(crate) use waba::Waba;
pub(crate) use webhook::{WebhookDelivery, WebhookEndpoint, WebhookEventType};
