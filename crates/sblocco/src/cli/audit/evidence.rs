//! `--evidence DIR`: what can be handed over with a ticket: the report, the rejected rows, and all messages of each finding, with a
//! manifest that holds their hashes. Recipients are masked unless told otherwise.

use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
    path::Path,
    sync::Arc,
};

use domain::traffic::Report;
use lake::{
    AuditOutcome, LakeError,
    evidence::{Evidence, Written},
};
use serde_json::json;

use crate::{
    cli::output,
    failure::{Failure, io_failure},
};

/// Empty files for the messages of each finding, in the report's order: `01-CON-01.ndjson`.
pub(super) fn begin(folder: &Path, report: &Report, unmask: bool) -> Result<Arc<Evidence>, LakeError> {
    let named = report.findings.iter().enumerate();
    let findings =
        named.map(|(number, finding)| (format!("{:02}-{}.ndjson", number + 1, finding.rule), finding.into())).collect();
    Evidence::folder(folder, findings, !unmask)
}

/// Ends the files of the findings, and writes `report.json`, `rejected.ndjson` and `manifest.json`.
pub(super) fn end(folder: &Path, outcome: &AuditOutcome, evidence: &Evidence, unmask: bool) -> Result<(), Failure> {
    let written = evidence.finish_folder().map_err(Failure::failed)?;
    let report = serde_json::to_string_pretty(&outcome.report).map_err(Failure::failed)?;
    lines(&folder.join("report.json"), [report])?;
    let rejected = outcome.files.iter().flat_map(|file| {
        file.row_errors.iter().map(|error| {
            json!({
                "file": file.file,
                "line": error.line,
                "column": error.column,
                "reason": error.reason.to_string(),
            })
            .to_string()
        })
    });
    lines(&folder.join("rejected.ndjson"), rejected)?;
    let manifest = manifest(&outcome.report, &written, unmask);
    let text = serde_json::to_string_pretty(&manifest).map_err(Failure::failed)?;
    lines(&folder.join("manifest.json"), [text])?;
    for (finding, written) in outcome.report.findings.iter().zip(&written) {
        if written.rows != finding.messages {
            output::notice(format_args!(
                "{}: the files have changed meanwhile: {} has {} rows for {} messages",
                written.path.display(),
                finding.rule,
                written.rows,
                finding.messages
            ));
        }
    }
    Ok(())
}

/// What lies in the folder. `isComplete` says whether a file holds as many rows as its finding counts messages.
fn manifest(report: &Report, written: &[Written], unmask: bool) -> serde_json::Value {
    let findings = report.findings.iter().zip(written).map(|(finding, written)| {
        json!({
            "file": written.path.file_name().map(|name| name.to_string_lossy()),
            "rule": finding.rule,
            "subject": finding.subject,
            "severity": finding.severity,
            "messages": finding.messages,
            "rows": written.rows,
            "isComplete": written.rows == finding.messages,
            "bytes": written.bytes,
            "sha256": written.sha256,
        })
    });
    json!({ "isMasked": !unmask, "period": report.period, "findings": findings.collect::<Vec<_>>() })
}

fn lines(path: &Path, lines: impl IntoIterator<Item = String>) -> Result<(), Failure> {
    let write = || -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        for line in lines {
            writeln!(file, "{line}")?;
        }
        file.flush()
    };
    write().map_err(|error| io_failure("write", path, &error))
}
