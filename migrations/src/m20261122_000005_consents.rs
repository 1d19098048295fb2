//! The consent ledger, and the place where a running import's events wait for it.

use crate::{script::Script, wall::Wall::Client};

/// Events of an import wait in `consent_staging` and move to the ledger in the transaction that completes the import: nothing
/// of an unfinished import is visible, an abandoned one blocks no other's equal rows, and positions become visible in order
/// (a position is taken from `client_counters`, whose row is locked until the transaction ends).
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000005_consents",
    sql: r"
CREATE TABLE consent_events (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    sequence @bigint NOT NULL,
    import_id @uuid,
    recipient @sorted_text NOT NULL,
    user_id @sorted_text,
    action text NOT NULL,
    scope text NOT NULL,
    effective_at @instant NOT NULL,
    recorded_at @instant NOT NULL,
    expires_at @instant,
    source text,
    evidence text,
    wording_version text,
    details @json,
    content_hash text NOT NULL,
    CONSTRAINT consent_events_client_id_content_hash_key UNIQUE (client_id, content_hash),
    CONSTRAINT consent_events_client_id_sequence_key UNIQUE (client_id, sequence),
    FOREIGN KEY (client_id, import_id) REFERENCES imports (client_id, id)
) @options;
CREATE INDEX consent_events_recipient_idx ON consent_events (client_id, recipient, sequence);
CREATE INDEX consent_events_user_idx ON consent_events (client_id, user_id, sequence) WHERE user_id IS NOT NULL;

CREATE TABLE consent_staging (
    import_id @uuid NOT NULL,
    ordinal @bigint NOT NULL,
    id @uuid NOT NULL,
    client_id @uuid NOT NULL,
    recipient text NOT NULL,
    user_id text,
    action text NOT NULL,
    scope text NOT NULL,
    effective_at @instant NOT NULL,
    recorded_at @instant NOT NULL,
    expires_at @instant,
    source text,
    evidence text,
    wording_version text,
    details @json,
    content_hash text NOT NULL,
    PRIMARY KEY (import_id, ordinal),
    FOREIGN KEY (client_id, import_id) REFERENCES imports (client_id, id) ON DELETE CASCADE
) @options;
",
    walls: &[("consent_events", Client), ("consent_staging", Client)],
};
