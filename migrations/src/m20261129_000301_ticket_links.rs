//! How tickets belong together, who filed a submission, and which version of a ticket an event made.

use crate::{script::Script, wall::Wall::Client};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000301_ticket_links",
    sql: r"
ALTER TABLE tickets ADD COLUMN proposed_outcome text;
ALTER TABLE submissions ADD COLUMN filed_by text;
ALTER TABLE ticket_events ADD COLUMN ticket_version integer;

CREATE TABLE ticket_links (
    ticket_id @uuid NOT NULL,
    kind text NOT NULL,
    other_id @uuid NOT NULL,
    client_id @uuid NOT NULL,
    linked_by @uuid,
    linked_at @instant NOT NULL,
    PRIMARY KEY (ticket_id, kind, other_id),
    CHECK (ticket_id <> other_id),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id),
    FOREIGN KEY (client_id, other_id) REFERENCES tickets (client_id, id)
) @options;
CREATE INDEX ticket_links_other_idx ON ticket_links (other_id, kind);
CREATE UNIQUE INDEX ticket_links_ticket_id_child_of_key ON ticket_links (ticket_id) WHERE kind = 'child_of';
CREATE UNIQUE INDEX ticket_links_ticket_id_duplicate_of_key ON ticket_links (ticket_id) WHERE kind = 'duplicate_of';
",
    walls: &[("ticket_links", Client)],
};
