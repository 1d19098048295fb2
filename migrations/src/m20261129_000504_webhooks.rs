//! Webhooks to the systems of clients.

use crate::{script::Script, wall::Wall::Client};

/// Secrets are kept as they are: each attempt is signed with them.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000504_webhooks",
    sql: r"
CREATE TABLE webhook_endpoints (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    url text NOT NULL,
    description text NOT NULL,
    events @json NOT NULL,
    secret text NOT NULL,
    previous_secret text,
    previous_secret_until @instant,
    disabled text,
    failing_since @instant,
    last_success_at @instant,
    last_failure_at @instant,
    last_error text,
    created_by @uuid,
    created_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT webhook_endpoints_client_id_id_key UNIQUE (client_id, id)
) @options;
CREATE INDEX webhook_endpoints_client_idx ON webhook_endpoints (client_id, created_at, id);

CREATE TABLE webhook_events (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    event_type text NOT NULL,
    data @json NOT NULL,
    at @instant NOT NULL,
    CONSTRAINT webhook_events_client_id_id_key UNIQUE (client_id, id)
) @options;
CREATE INDEX webhook_events_at_idx ON webhook_events (at);

CREATE TABLE webhook_deliveries (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    endpoint_id @uuid NOT NULL,
    event_id @uuid NOT NULL,
    event_type text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at @instant NOT NULL,
    leased_until @instant,
    last_error text,
    created_at @instant NOT NULL,
    settled_at @instant,
    CONSTRAINT webhook_deliveries_client_id_endpoint_id_event_id_key UNIQUE (client_id, endpoint_id, event_id),
    FOREIGN KEY (client_id, endpoint_id) REFERENCES webhook_endpoints (client_id, id) ON DELETE CASCADE,
    FOREIGN KEY (client_id, event_id) REFERENCES webhook_events (client_id, id) ON DELETE CASCADE
) @options;
CREATE INDEX webhook_deliveries_endpoint_idx ON webhook_deliveries (endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_event_idx ON webhook_deliveries (client_id, event_id);
",
    walls: &[("webhook_endpoints", Client), ("webhook_events", Client), ("webhook_deliveries", Client)],
};
