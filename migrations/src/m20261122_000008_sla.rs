//! Versions of SLA calendars and policies. A version is never changed.

use crate::{script::Script, wall::Wall::Shared};

/// Without a client a version is the BSP's own, and holds for every client that has none: everybody may read it.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000008_sla",
    sql: r"
CREATE TABLE sla_calendars (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    key text NOT NULL,
    version integer NOT NULL,
    effective_from @instant NOT NULL,
    definition @json NOT NULL,
    created_by @uuid,
    created_at @instant NOT NULL,
    CONSTRAINT sla_calendars_client_id_key_version_key UNIQUE (client_id, key, version)
) @options;
CREATE UNIQUE INDEX sla_calendars_key_version_key ON sla_calendars (key, version) WHERE client_id IS NULL;

CREATE TABLE sla_policies (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    version integer NOT NULL,
    effective_from @instant NOT NULL,
    definition @json NOT NULL,
    created_by @uuid,
    created_at @instant NOT NULL,
    CONSTRAINT sla_policies_client_id_version_key UNIQUE (client_id, version)
) @options;
CREATE UNIQUE INDEX sla_policies_version_key ON sla_policies (version) WHERE client_id IS NULL;
",
    walls: &[("sla_calendars", Shared), ("sla_policies", Shared)],
};
