//! Versions of thresholds, what audits used of them, and previews of audits with other thresholds.

use crate::{
    script::Script,
    wall::Wall::{Client, SharedAppendOnly},
};

/// Without a client a version is the BSP's own, and holds for every client: everybody may read it. No version is ever changed.
///
/// Previews stand apart from audits, in tables of their own: nothing that looks for a client's findings can come upon them.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000010_thresholds",
    sql: r"
CREATE TABLE threshold_versions (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    version integer NOT NULL,
    overrides @json NOT NULL,
    effective_at @instant NOT NULL,
    created_by @uuid,
    created_at @instant NOT NULL,
    reason text NOT NULL,
    CONSTRAINT threshold_versions_client_id_version_key UNIQUE (client_id, version)
) @options;
CREATE UNIQUE INDEX threshold_versions_version_key ON threshold_versions (version) WHERE client_id IS NULL;
CREATE INDEX threshold_versions_client_idx ON threshold_versions (client_id, version, id);

ALTER TABLE audits ADD COLUMN threshold_versions @json;
ALTER TABLE audits ADD COLUMN thresholds @json;
ALTER TABLE audits ADD COLUMN surroundings @json;

CREATE TABLE audit_previews (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    audit_id @uuid NOT NULL,
    job_id @uuid REFERENCES jobs (id),
    state text NOT NULL,
    overrides @json NOT NULL,
    thresholds @json NOT NULL,
    rules @json,
    requested_by @uuid,
    requested_at @instant NOT NULL,
    started_at @instant,
    finished_at @instant,
    error text,
    CONSTRAINT audit_previews_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, audit_id) REFERENCES audits (client_id, id) ON DELETE CASCADE
) @options;
CREATE INDEX audit_previews_audit_idx ON audit_previews (audit_id, requested_at, id);
CREATE INDEX audit_previews_job_idx ON audit_previews (job_id);

CREATE TABLE preview_findings (
    preview_id @uuid NOT NULL,
    ordinal integer NOT NULL,
    client_id @uuid NOT NULL,
    rule text NOT NULL,
    severity text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text,
    subject_day text,
    fingerprint text NOT NULL,
    messages @bigint NOT NULL,
    recipients @bigint NOT NULL,
    figures @json NOT NULL,
    PRIMARY KEY (preview_id, ordinal),
    CONSTRAINT preview_findings_preview_id_fingerprint_key UNIQUE (preview_id, fingerprint),
    FOREIGN KEY (client_id, preview_id) REFERENCES audit_previews (client_id, id) ON DELETE CASCADE
) @options;
",
    walls: &[("threshold_versions", SharedAppendOnly), ("audit_previews", Client), ("preview_findings", Client)],
};
