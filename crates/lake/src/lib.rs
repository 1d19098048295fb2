//! The lake: files of the exchange formats, Parquet segments sorted by (recipient, time), and audits over either.
//!
//! Facts that only accumulate live here. What is transactional (which segments count, the consent ledger, findings) lives in
//! SQL, which this crate does not know. Everything CPU-bound runs on threads of its own, never on an async runtime.

mod audit_files;
mod control;
mod decode;
mod error;
pub mod evidence;
pub mod exchange;
pub mod export;
mod reading;
mod replay;
mod scatter;
mod store;
mod what_if;

pub use audit_files::{AuditOutcome, FileReport, FilesAudit, audit_files, audit_files_what_if, audit_files_with};
pub use control::{Phase, Progress};
pub use error::LakeError;
pub use store::{Lake, LakeOptions, Location, LocationError};
