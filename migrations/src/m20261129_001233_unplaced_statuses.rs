//! Statuses of messages that do not say to whom: kept until it is known, by what the lake holds of the same message.

use crate::{script::Script, wall::Wall::Client};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001233_unplaced_statuses",
    sql: r"
CREATE TABLE webhook_unplaced (
    id @identity,
    client_id @uuid NOT NULL REFERENCES clients (id),
    message_id text NOT NULL,
    at @instant NOT NULL,
    received_at @instant NOT NULL,
    tried_at @instant NOT NULL,
    content_hash text NOT NULL,
    body @bytes NOT NULL,
    CONSTRAINT webhook_unplaced_client_id_content_hash_key UNIQUE (client_id, content_hash)
) @options;
CREATE INDEX webhook_unplaced_tried_idx ON webhook_unplaced (tried_at, id);
CREATE INDEX webhook_unplaced_received_idx ON webhook_unplaced (received_at);
",
    walls: &[("webhook_unplaced", Client)],
};
