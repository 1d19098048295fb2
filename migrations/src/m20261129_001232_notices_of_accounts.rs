//! The way from an account to the notices of enforcement about it, by time: each sign looks them up, and timelines show those that people
//! recorded.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001232_notices_of_accounts",
    sql: r"
CREATE INDEX enforcement_notices_waba_idx ON enforcement_notices (waba_id, noticed_at, id);
",
    walls: &[],
};
