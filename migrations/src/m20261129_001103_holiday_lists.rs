//! Lists of holidays that calendars share, in versions that are never changed.

use crate::{script::Script, wall::Wall::Shared};

/// Without a client a list is the BSP's own, and every calendar may name it.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001103_holiday_lists",
    sql: r"
CREATE TABLE sla_holiday_lists (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    key text NOT NULL,
    version integer NOT NULL,
    holidays @json NOT NULL,
    created_by @uuid,
    created_at @instant NOT NULL,
    reason text,
    CONSTRAINT sla_holiday_lists_client_id_key_version_key UNIQUE (client_id, key, version)
) @options;
CREATE UNIQUE INDEX sla_holiday_lists_key_version_key ON sla_holiday_lists (key, version) WHERE client_id IS NULL;
",
    walls: &[("sla_holiday_lists", Shared)],
};
