//! Changes of assets that a platform event tells too: a timeline shows them once. And the way from a client to what its assets became.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001230_changes_with_events",
    sql: r"
ALTER TABLE asset_changes ADD COLUMN has_event @bool NOT NULL DEFAULT false;
CREATE INDEX asset_changes_client_idx ON asset_changes (client_id, asset, attribute, at);
",
    walls: &[],
};
