//! Where in a template a finding is.

use crate::script::Script;

/// Absent for findings that are not about the content of a template, and for all of before.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000016_finding_places",
    sql: r"
ALTER TABLE findings ADD COLUMN places @json;
",
    walls: &[],
};
