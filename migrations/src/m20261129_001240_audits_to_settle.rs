//! Provisional audits by the end of their period: those that are to be made again.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001240_audits_to_settle",
    sql: r"
CREATE INDEX audits_provisional_idx ON audits (period_to, id) WHERE provisional;
",
    walls: &[],
};
