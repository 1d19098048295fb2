//! `--evidence DIR`: what can be handed over with a ticket. Recipients are masked there too.

use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
    path::Path,
};

use lake::AuditOutcome;
use serde_json::json;

use crate::failure::{Failure, io_failure};

/// Writes `report.json`, `rejected.ndjson`, and one file for the sample of each finding: `01-CON-01.ndjson`, in the report's order.
pub(super) fn write(folder: &Path, outcome: &AuditOutcome) -> Result<(), Failure> {
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
    for (number, finding) in outcome.report.findings.iter().enumerate() {
        let name = format!("{:02}-{}.ndjson", number + 1, finding.rule);
        let subject = json!({ "subject": finding.subject, "severity": finding.severity, "rule": finding.rule });
        let sample = finding.sample.iter().map(|message| json!(message).to_string());
        lines(&folder.join(name), std::iter::once(subject.to_string()).chain(sample))?;
    }
    Ok(())
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
