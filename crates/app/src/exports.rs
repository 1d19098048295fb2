//! Evidence: all messages of a finding as a file, made by a job, downloaded with its hash. Recipients are masked unless whoever asks
//! may see them and says why; each such showing is recorded, and the record is never changed.

mod download;
mod read;
mod request;
mod run;

#[cfg(test)]
mod tests;

pub use download::{Download, download};
pub use read::{by_ids, page, unmaskings};
pub use request::{RequestExport, request};

pub(crate) use run::run;

use domain::{
    ApiTokenId, Instant, UnmaskingId, UserId,
    access::Actor,
    evidence::{EvidenceExport, Unmasking, UnmaskingKind},
};

use crate::{Code, OpCtx};

/// Why an export, or its download, was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportCode {
    /// Recipients are shown in clear only for a reason, of 1 to 500 characters.
    ReasonRequired,
    /// The file is not there yet, or never came to be.
    NotReady,
    /// The file has been deleted.
    Expired,
}

impl Code for ExportCode {
    fn key(self) -> &'static str {
        match self {
            Self::ReasonRequired => "error-export-reason",
            Self::NotReady => "error-export-not-ready",
            Self::Expired => "error-export-expired",
        }
    }
}

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// The program that acts, if it is one.
fn token_of(op: &OpCtx) -> Option<ApiTokenId> {
    match op.actor() {
        Actor::Token { token, .. } => Some(*token),
        _ => None,
    }
}

/// That the actor is shown recipients in clear.
fn unmasking(op: &OpCtx, export: &EvidenceExport, kind: UnmaskingKind, rows: u64, at: Instant) -> Unmasking {
    let user: Option<UserId> = op.actor().user();
    Unmasking {
        id: UnmaskingId::new(at, op.random()),
        client: export.client,
        export: export.id,
        kind,
        user,
        token: token_of(op),
        reason: export.reason.clone().unwrap_or_default(),
        rows,
        at,
    }
}
