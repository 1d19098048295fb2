//! What Meta tells of a client's assets, how they changed, and the episodes of enforcement.

use crate::{
    script::Script,
    wall::Wall::{Client, ClientAppendOnly},
};

/// Events and changes are known by the hash of what they say, so that a repeat is none.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000602_platform",
    sql: r"
CREATE TABLE platform_events (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    waba_id @uuid,
    kind text NOT NULL,
    at @instant NOT NULL,
    event @json NOT NULL,
    source text NOT NULL,
    content_hash text NOT NULL,
    recorded_at @instant NOT NULL,
    CONSTRAINT platform_events_client_id_content_hash_key UNIQUE (client_id, content_hash),
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id)
) @options;
CREATE INDEX platform_events_client_idx ON platform_events (client_id, at, id);
CREATE INDEX platform_events_waba_idx ON platform_events (waba_id, at, id);

CREATE TABLE asset_changes (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    waba_id @uuid,
    asset text NOT NULL,
    asset_id @uuid NOT NULL,
    attribute text NOT NULL,
    value text NOT NULL,
    at @instant NOT NULL,
    source text NOT NULL,
    content_hash text NOT NULL,
    recorded_at @instant NOT NULL,
    CONSTRAINT asset_changes_client_id_content_hash_key UNIQUE (client_id, content_hash),
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id)
) @options;
CREATE INDEX asset_changes_asset_idx ON asset_changes (asset_id, attribute, at, id);
CREATE INDEX asset_changes_waba_idx ON asset_changes (waba_id, at, id);

CREATE TABLE enforcement_episodes (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    waba_id @uuid NOT NULL,
    opened_at @instant NOT NULL,
    last_sign_at @instant NOT NULL,
    ended_at @instant,
    ending text,
    ends_at @instant,
    stage text NOT NULL,
    violations @json NOT NULL,
    restrictions @json NOT NULL,
    disable_at @instant,
    ticket_id @uuid,
    recorded_at @instant NOT NULL,
    updated_at @instant NOT NULL,
    CONSTRAINT enforcement_episodes_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;
CREATE INDEX enforcement_episodes_waba_idx ON enforcement_episodes (waba_id, opened_at, id);
CREATE INDEX enforcement_episodes_opened_idx ON enforcement_episodes (opened_at, id);
CREATE INDEX enforcement_episodes_due_idx ON enforcement_episodes (ends_at) WHERE ended_at IS NULL;
",
    walls: &[
        ("platform_events", ClientAppendOnly),
        ("asset_changes", ClientAppendOnly),
        ("enforcement_episodes", Client),
    ],
};
