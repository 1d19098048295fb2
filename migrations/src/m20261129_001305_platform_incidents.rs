//! How often errors come at each client, and the incidents of the platform that show in them.

use crate::{
    script::Script,
    wall::Wall::{Client, System},
};

/// `code` 0 counts all statuses of a slot.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001305_platform_incidents",
    sql: r"
CREATE TABLE error_counts (
    client_id @uuid NOT NULL REFERENCES clients (id),
    slot_at @instant NOT NULL,
    code @bigint NOT NULL,
    messages @bigint NOT NULL,
    PRIMARY KEY (client_id, slot_at, code)
) @options;
CREATE INDEX error_counts_slot_idx ON error_counts (slot_at);

CREATE TABLE platform_incidents (
    id @uuid NOT NULL PRIMARY KEY,
    code @bigint NOT NULL,
    began_at @instant NOT NULL,
    last_at @instant NOT NULL,
    ended_at @instant,
    clients @bigint NOT NULL,
    messages @bigint NOT NULL
) @options;
CREATE UNIQUE INDEX platform_incidents_lasting_key ON platform_incidents (code) WHERE ended_at IS NULL;
CREATE INDEX platform_incidents_began_idx ON platform_incidents (began_at, id);
",
    walls: &[("error_counts", Client), ("platform_incidents", System)],
};
