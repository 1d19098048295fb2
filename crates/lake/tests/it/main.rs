//! The lake as its users see it: files in, figures and segments out.
#![expect(clippy::unwrap_used, reason = "tests")]

mod audit_of_files;
mod bad_input;
mod compaction;
mod evidence;
mod formats;
mod segments;
mod strange;
mod traffic;
