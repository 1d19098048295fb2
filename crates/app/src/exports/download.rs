//! Handing a file out.

use domain::{
    EvidenceExportId,
    access::Permission,
    evidence::{EvidenceExport, EvidenceFile, UnmaskingKind},
    ports::ObjectReader,
};

use super::{ExportCode, unmasking};
use crate::{OpCtx, OpError, Refusal};

/// A file that may be read now.
pub struct Download {
    /// The export.
    pub export: EvidenceExport,
    /// Its file.
    pub file: EvidenceFile,
    /// Its bytes.
    pub reader: Box<dyn ObjectReader>,
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download").field("export", &self.export.id).finish_non_exhaustive()
    }
}

/// Opens the file of an export. Where it shows recipients in clear this is recorded before the first byte is read.
///
/// # Errors
/// Refused with `NotReady` or `Expired`; `NotFound`; `Forbidden` without `audits:read`, and without `evidence:unmask` for a file that
/// shows recipients in clear; `Unavailable` when the lake cannot be read.
pub async fn download(op: &OpCtx, id: EvidenceExportId) -> Result<Download, OpError<ExportCode>> {
    op.require(Permission::AuditsRead)?;
    let tx = op.write().await?;
    let export = store::exports::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    if !export.is_masked {
        op.require(Permission::EvidenceUnmask)?;
    }
    let refused = |code| OpError::refused(Refusal::new(code));
    let file = export.file.clone().ok_or_else(|| refused(ExportCode::NotReady))?;
    let now = op.services().clock.now();
    if file.expires_at <= now {
        return Err(refused(ExportCode::Expired));
    }
    if export.is_masked {
        tx.rollback().await?;
    } else {
        let record = unmasking(op, &export, UnmaskingKind::Downloaded, file.rows, now);
        store::exports::insert_unmasking(&tx, &record).await?;
        tx.commit().await?;
    }
    let reader = op.services().lake.open(&file.path).await?;
    Ok(Download { export, file, reader })
}
