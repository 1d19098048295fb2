//! Files on tickets; their bytes lie in the lake's object store.

use crate::{script::Script, wall::Wall::Client};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000305_attachments",
    sql: r"
CREATE TABLE attachments (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL,
    ticket_id @uuid NOT NULL,
    visibility text NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    bytes @bigint NOT NULL,
    sha256 text NOT NULL,
    path text NOT NULL,
    action_id @uuid,
    submission_id @uuid REFERENCES submissions (id),
    added_by @uuid,
    added_at @instant NOT NULL,
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id),
    FOREIGN KEY (client_id, action_id) REFERENCES corrective_actions (client_id, id)
) @options;
CREATE INDEX attachments_ticket_idx ON attachments (ticket_id, added_at, id);
CREATE INDEX attachments_action_idx ON attachments (action_id) WHERE action_id IS NOT NULL;
",
    walls: &[("attachments", Client)],
};
