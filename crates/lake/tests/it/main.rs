//! The lake as its users see it: files in, figures and segments out.
#![expect(clippy::unwrap_used, reason = "tests")]

mod audit_of_files;
mod bad_input;
mod compaction;
mod evidence;
mod formats;
#[cfg(target_os = "linux")]
mod memory;
mod segments;
mod strange;
mod traffic;
