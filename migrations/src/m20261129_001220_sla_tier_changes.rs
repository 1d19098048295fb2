//! From when a client was of which SLA tier, so that a promise stays judged by the tier of its time.

use crate::{script::Script, wall::Wall::Client};

/// The tier that a client has was taken to have held ever since, and goes on doing so.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001220_sla_tier_changes",
    sql: r"
CREATE TABLE sla_tier_changes (
    client_id @uuid NOT NULL REFERENCES clients (id),
    effective_from @instant NOT NULL,
    tier text,
    PRIMARY KEY (client_id, effective_from)
) @options;
INSERT INTO sla_tier_changes (client_id, effective_from, tier)
    SELECT id, '1970-01-01T00:00:00+00:00', sla_tier FROM clients WHERE sla_tier IS NOT NULL;
",
    walls: &[("sla_tier_changes", Client)],
};
