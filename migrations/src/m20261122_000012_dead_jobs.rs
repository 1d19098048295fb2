//! Jobs that failed for good are counted, for an alarm: by an index that holds them alone.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000012_dead_jobs",
    sql: r"
CREATE INDEX jobs_dead_idx ON jobs (kind) WHERE state = 'dead';
",
    walls: &[],
};
