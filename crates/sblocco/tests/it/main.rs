//! The real binary, tried as its users try it, on SQLite and on PostgreSQL. One test binary, one link.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot begin has failed")]

mod audit_files;
mod commands;
mod demo;
mod disks;
mod faults;
mod harness;
mod hostile;
mod importing;
mod killing;
mod planted;
mod serving;
mod strange_traffic;
mod webhook_faults;
mod webhooks;
