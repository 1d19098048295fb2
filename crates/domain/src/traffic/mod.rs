//! Words of the traffic: messages, inbound messages, consents, and what an audit says of them.
//!
//! Meanings are those of the exchange formats, version 1. Nothing here computes.

pub mod failure;
mod parameters;
mod report;
mod rules;
mod vocabulary;

pub use failure::FailureClass;
pub use parameters::{AuditParameters, Profile};
pub use report::{
    ConsentFigures, Count, ErrorFigures, Figure, Finding, Flooding, ListFigures, Part, Peak, Period, Recipients,
    Rejected, Report, RuleResult, SampleMessage, Subject, SubjectKind, TemplateFigures, Totals, VerdictFigures,
    instant_of_micros,
};
pub use rules::{RULES, RuleId, RuleSpec, RuleState, Severity};
pub use vocabulary::{Category, ConsentAction, ConsentScope, ConsentSource, MessageType, Outcome, Verdict};
