//! What the timeline of an account reads by time.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001301_timeline",
    sql: r"
CREATE INDEX audits_finished_idx ON audits (client_id, finished_at, id);
CREATE INDEX findings_first_seen_idx ON findings (client_id, first_seen_at, id);
",
    walls: &[],
};
