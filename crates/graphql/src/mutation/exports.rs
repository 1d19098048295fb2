//! `findingExport`.

use app::exports::{ExportCode, RequestExport};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    id,
    types::{EvidenceExport, EvidenceFormat},
    user_error::user_errors,
};

user_errors! {
    /// Why an export was refused.
    ExportUserError, ExportErrorCode from ExportCode {
        /// Recipients are shown in clear only for a reason, of 1 to 500 characters.
        ReasonRequired,
        /// The file is not there yet, or never came to be.
        NotReady,
        /// The file has been deleted.
        Expired,
    }
}

/// A file to be written.
#[derive(Debug, InputObject)]
pub(crate) struct FindingExportInput {
    /// The finding.
    finding_id: ID,
    /// How it is written.
    format: EvidenceFormat,
    /// Why recipients are to be shown in clear, 1 to 500 characters: this needs `evidence:unmask`, and is recorded. Absent, they are
    /// masked.
    unmask_reason: Option<String>,
}

/// The file that was asked for.
#[derive(Debug, SimpleObject)]
pub(crate) struct FindingExportPayload {
    /// The export; the one at work, when one of the same finding and format with masked recipients is. Absent when the input was
    /// refused.
    export: Option<EvidenceExport>,
    /// Why the input was refused.
    user_errors: Vec<ExportUserError>,
}

/// Mutations of exports.
#[derive(Debug, Default)]
pub(crate) struct ExportsMutation;

#[Object]
impl ExportsMutation {
    /// Has all messages of a finding written to a file, by a worker; follow its `state`, then download it from its `path`.
    /// Requires `evidence:export`.
    async fn finding_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: FindingExportInput,
    ) -> Result<FindingExportPayload> {
        let request = RequestExport {
            finding: id::parse(&input.finding_id)?,
            format: input.format.into(),
            unmask: input.unmask_reason,
        };
        let result = app::exports::request(ctx.op(), request).await;
        let (export, user_errors) = ExportUserError::split(ctx.op(), result)?;
        Ok(FindingExportPayload { export: export.map(EvidenceExport), user_errors })
    }
}
