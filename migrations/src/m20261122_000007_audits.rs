//! Audits of traffic, the segments that they read, their findings.

use crate::{script::Script, wall::Wall::Client};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000007_audits",
    sql: r"
CREATE TABLE audits (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    job_id @uuid REFERENCES jobs (id),
    state text NOT NULL,
    parameters @json NOT NULL,
    period_from @instant,
    period_to @instant,
    report @json,
    provisional @bool NOT NULL,
    consent_position @bigint,
    requested_by @uuid,
    requested_at @instant NOT NULL,
    started_at @instant,
    finished_at @instant,
    previous_audit_id @uuid,
    error text,
    CONSTRAINT audits_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, previous_audit_id) REFERENCES audits (client_id, id)
) @options;
CREATE INDEX audits_client_idx ON audits (client_id, requested_at, id);
CREATE INDEX audits_requested_idx ON audits (requested_at, id);
CREATE INDEX audits_job_idx ON audits (job_id);
CREATE INDEX audits_previous_idx ON audits (previous_audit_id) WHERE previous_audit_id IS NOT NULL;

CREATE TABLE audit_segments (
    audit_id @uuid NOT NULL,
    segment_id @uuid NOT NULL,
    client_id @uuid NOT NULL,
    PRIMARY KEY (audit_id, segment_id),
    FOREIGN KEY (client_id, audit_id) REFERENCES audits (client_id, id) ON DELETE CASCADE,
    FOREIGN KEY (client_id, segment_id) REFERENCES segments (client_id, id)
) @options;
CREATE INDEX audit_segments_segment_idx ON audit_segments (segment_id);

CREATE TABLE findings (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    audit_id @uuid NOT NULL,
    ordinal integer NOT NULL,
    rule text NOT NULL,
    severity text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text,
    subject_day text,
    fingerprint text NOT NULL,
    messages @bigint NOT NULL,
    recipients @bigint NOT NULL,
    figures @json NOT NULL,
    breakdown @json NOT NULL,
    sample @json NOT NULL,
    comparison text NOT NULL,
    provisional @bool NOT NULL,
    first_seen_at @instant NOT NULL,
    created_at @instant NOT NULL,
    CONSTRAINT findings_audit_id_fingerprint_key UNIQUE (audit_id, fingerprint),
    CONSTRAINT findings_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, audit_id) REFERENCES audits (client_id, id) ON DELETE CASCADE
) @options;
CREATE INDEX findings_audit_idx ON findings (audit_id, ordinal, id);
CREATE INDEX findings_history_idx ON findings (client_id, fingerprint, created_at);
",
    walls: &[("audits", Client), ("audit_segments", Client), ("findings", Client)],
};
