//! Two ways of jobs to the workers, so that what is quick does not wait behind what is long.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000505_job_lanes",
    sql: r"
ALTER TABLE outbox ADD COLUMN lane text NOT NULL DEFAULT 'long';
",
    walls: &[],
};
