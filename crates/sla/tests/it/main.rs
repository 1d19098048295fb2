//! The SLA engine against its specification: examples that read like the page, properties, and a slow second implementation
//! that walks minute by minute.
#![expect(clippy::unwrap_used, reason = "tests")]

mod calendar;
mod calendar_properties;
mod civil_edges;
mod cycles;
mod evaluate_properties;
mod every_zone;
mod holidays;
mod levels;
mod logs;
mod oracle;
mod policy;
mod replies;
mod support;
mod timers;
mod turns;
mod version_properties;
mod versions;
mod working_days;
