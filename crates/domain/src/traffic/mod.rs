//! Words of the traffic: messages, inbound messages, consents, and what an audit says of them.
//!
//! Meanings are those of the exchange formats, version 1. Nothing here computes.

mod attribution;
mod counterfactual;
pub mod failure;
mod lint;
mod parameters;
mod platform_event;
mod recipient;
mod report;
mod rules;
mod sending_thresholds;
mod surroundings;
mod thresholds;
mod vocabulary;

pub use attribution::{Adjusted, Attribution, BadOutcome, Dimension, Factor};
pub use counterfactual::{Counterfactual, ListAdvice, Outline, Remedy};
pub use failure::FailureClass;
pub use lint::{Component, LintArgument, LintCode, LintFinding, Place, Span};
pub use parameters::{AuditParameters, Profile};
pub use platform_event::{PlatformEvent, PlatformEventKind};
pub use recipient::{canonical_recipient, is_user_id};
pub use report::{
    ConsentFigures, Count, ErrorFigures, Figure, Finding, Flooding, ListFigures, Part, Peak, Period, Recipients,
    Rejected, Report, RuleResult, SampleMessage, Subject, SubjectKind, TemplateFigures, Totals, VerdictFigures,
    instant_of_micros,
};
pub use rules::{RULES, RuleId, RuleSpec, RuleState, Severity};
pub use sending_thresholds::{
    CampaignThresholds, ClockThresholds, EnforcementThresholds, ParameterThresholds, PlatformThresholds,
    QuietHoursThresholds, RiskThresholds, SilenceThresholds, ThroughputThresholds, WarmUpThresholds,
};
pub use surroundings::{
    ClientFacts, DeclaredCampaign, NumberFacts, Permit, Surroundings, TemplateButton, TemplateContent, TemplateHeader,
    Wording,
};
pub use thresholds::{
    ConsentThresholds, CoverageThresholds, EngagementThresholds, LimitThresholds, LintThresholds, ListThresholds,
    OptOutThresholds, PressureThresholds, SpikeThresholds, TemplateThresholds, Thresholds, WindowThresholds,
};
pub use vocabulary::{Category, ConsentAction, ConsentScope, ConsentSource, MessageType, Outcome, Verdict};
