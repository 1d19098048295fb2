//! The SLA engine against its specification: examples that read like the page, properties, and a slow second implementation
//! that walks minute by minute.
#![expect(clippy::unwrap_used, reason = "tests")]

mod calendar;
mod calendar_properties;
mod civil_edges;
mod cycles;
mod evaluate_properties;
mod logs;
mod oracle;
mod policy;
mod support;
mod timers;
mod working_days;
