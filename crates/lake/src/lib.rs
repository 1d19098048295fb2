//! The lake: files of the exchange formats, Parquet segments sorted by (recipient, time), and audits over either.
//!
//! Facts that only accumulate live here. What is transactional (which segments count, the consent ledger, findings) lives in
//! SQL, which this crate does not know. Everything CPU-bound runs on threads of its own, never on an async runtime.

mod audit_files;
mod decode;
mod error;
pub mod exchange;
pub mod export;
mod replay;
mod scatter;

pub use audit_files::{AuditOutcome, FileReport, FilesAudit, Phase, Progress, audit_files};
pub use error::LakeError;
