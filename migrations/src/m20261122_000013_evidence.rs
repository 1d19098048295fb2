//! Files with all messages of a finding, and who was shown recipients in clear.

use crate::{
    script::Script,
    wall::Wall::{Client, ClientAppendOnly},
};

/// The files themselves lie in the lake under `path`; after `expires_at` nothing names them, and the sweep deletes them.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000013_evidence",
    sql: r"
CREATE TABLE evidence_exports (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    audit_id @uuid NOT NULL,
    finding_id @uuid NOT NULL,
    job_id @uuid REFERENCES jobs (id),
    state text NOT NULL,
    format text NOT NULL,
    masked @bool NOT NULL,
    reason text,
    requested_by @uuid,
    requested_by_token @uuid,
    requested_at @instant NOT NULL,
    started_at @instant,
    finished_at @instant,
    path text,
    rows @bigint,
    bytes @bigint,
    sha256 text,
    expires_at @instant,
    error text,
    CONSTRAINT evidence_exports_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, audit_id) REFERENCES audits (client_id, id) ON DELETE CASCADE,
    FOREIGN KEY (client_id, finding_id) REFERENCES findings (client_id, id) ON DELETE CASCADE
) @options;
CREATE INDEX evidence_exports_finding_idx ON evidence_exports (finding_id, requested_at, id);
CREATE INDEX evidence_exports_job_idx ON evidence_exports (job_id);
CREATE INDEX evidence_exports_expiry_idx ON evidence_exports (expires_at) WHERE path IS NOT NULL;

CREATE TABLE unmaskings (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    export_id @uuid NOT NULL,
    kind text NOT NULL,
    user_id @uuid,
    token_id @uuid,
    reason text NOT NULL,
    rows @bigint NOT NULL,
    at @instant NOT NULL
) @options;
CREATE INDEX unmaskings_client_idx ON unmaskings (client_id, at, id);
CREATE INDEX unmaskings_at_idx ON unmaskings (at, id);
",
    walls: &[("evidence_exports", Client), ("unmaskings", ClientAppendOnly)],
};
