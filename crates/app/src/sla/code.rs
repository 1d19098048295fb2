//! What can be mended when SLA terms are set.

use ::sla::{CalendarError, PolicyError};

use super::reports::ReportCode;
use crate::{Code, Refusal};

/// Why SLA terms were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlaCode {
    /// The definition has not the shape of one.
    DefinitionInvalid,
    /// A metric is listed twice, has no time, or pauses for us.
    MetricInvalid,
    /// The levels are out of range or order.
    LevelsInvalid,
    /// The goals for tiers name no tier, or one twice.
    TiersInvalid,
    /// An escalation stands at no level, does nothing, or gives the work to somebody who cannot take it.
    EscalationInvalid,
    /// A goal names a calendar that does not exist.
    CalendarUnknown,
    /// The key is none: 1 to 50 lower-case letters, digits and underscores.
    KeyInvalid,
    /// There is no such time zone.
    ZoneUnknown,
    /// A window is no window, is empty, or shares time with another.
    WindowsInvalid,
    /// A date is beyond the years that calendars know.
    DateOutOfRange,
    /// The calendar never opens.
    NeverOpen,
    /// The list of holidays cannot be read.
    HolidaysInvalid,
    /// A calendar names a list of holidays that does not exist.
    HolidayListUnknown,
    /// Nothing would change.
    NothingChanges,
    /// The reason is empty or longer than 1,000 characters.
    ReasonInvalid,
    /// It would hold from an instant that has passed.
    EffectiveInPast,
    /// It would hold before the version before it.
    EffectiveBeforeLatest,
    /// The tier is empty or longer than 50 characters.
    TierInvalid,
    /// A program has no quiet hours.
    NotAPerson,
    /// A time is none, or the quiet hours begin when they end.
    QuietHoursInvalid,
    /// A month is none, or the period ends before it begins or lasts more than 24 months.
    PeriodInvalid,
}

impl Code for SlaCode {
    fn key(self) -> &'static str {
        match self {
            Self::DefinitionInvalid => "error-sla-definition",
            Self::MetricInvalid => "error-sla-metric",
            Self::LevelsInvalid => "error-sla-levels",
            Self::TiersInvalid => "error-sla-tiers",
            Self::EscalationInvalid => "error-sla-escalation",
            Self::CalendarUnknown => "error-sla-calendar-unknown",
            Self::KeyInvalid => "error-sla-key",
            Self::ZoneUnknown => "error-sla-zone",
            Self::WindowsInvalid => "error-sla-windows",
            Self::DateOutOfRange => "error-sla-date",
            Self::NeverOpen => "error-sla-never-open",
            Self::HolidaysInvalid => "error-sla-holidays",
            Self::HolidayListUnknown => "error-sla-holiday-list-unknown",
            Self::NothingChanges => "error-threshold-nothing",
            Self::ReasonInvalid => "error-sla-reason",
            Self::EffectiveInPast => "error-sla-past",
            Self::EffectiveBeforeLatest => "error-threshold-before-latest",
            Self::TierInvalid => "error-sla-tier",
            Self::NotAPerson => "error-not-a-person",
            Self::QuietHoursInvalid => "error-quiet-hours",
            Self::PeriodInvalid => "error-sla-report-period",
        }
    }
}

impl From<ReportCode> for SlaCode {
    fn from(code: ReportCode) -> Self {
        match code {
            ReportCode::PeriodInvalid => Self::PeriodInvalid,
            ReportCode::ZoneUnknown => Self::ZoneUnknown,
        }
    }
}

/// Why a policy was refused.
pub(super) fn of_policy(error: &PolicyError, field: &str) -> Refusal<SlaCode> {
    let code = match error {
        PolicyError::DuplicateMetric(_) | PolicyError::ZeroTarget(..) | PolicyError::PausesForUs(_) => {
            SlaCode::MetricInvalid
        }
        PolicyError::InvalidTiers(_) => SlaCode::TiersInvalid,
        PolicyError::UnknownLevel(_) | PolicyError::IdleEscalation(_) | PolicyError::InvalidAssignee(..) => {
            SlaCode::EscalationInvalid
        }
        _ => SlaCode::LevelsInvalid,
    };
    let subject = match error {
        PolicyError::DuplicateMetric(metric)
        | PolicyError::ZeroTarget(metric, _)
        | PolicyError::PausesForUs(metric)
        | PolicyError::InvalidTiers(metric) => metric.as_str().to_owned(),
        PolicyError::UnknownLevel(level)
        | PolicyError::IdleEscalation(level)
        | PolicyError::InvalidAssignee(level, _) => level.to_string(),
        _ => String::new(),
    };
    Refusal::of(code, field).with("subject", subject)
}

/// Why a calendar was refused.
pub(super) fn of_calendar(error: &CalendarError) -> Refusal<SlaCode> {
    let code = match error {
        CalendarError::UnknownZone { .. } => SlaCode::ZoneUnknown,
        CalendarError::DateOutOfRange { .. } => SlaCode::DateOutOfRange,
        CalendarError::NeverOpen => SlaCode::NeverOpen,
        _ => SlaCode::WindowsInvalid,
    };
    let subject = match error {
        CalendarError::UnknownZone { zone } => zone.clone(),
        CalendarError::DateOutOfRange { date } => date.to_string(),
        CalendarError::InvalidTime { text } => text.clone(),
        CalendarError::OpensAtEndOfDay { day, window } | CalendarError::ZeroLength { day, window } => {
            format!("{day} {window}")
        }
        CalendarError::Overlap { first_day, first, second_day, second } => {
            format!("{first_day} {first}, {second_day} {second}")
        }
        _ => String::new(),
    };
    Refusal::of(code, "definition").with("subject", subject)
}
