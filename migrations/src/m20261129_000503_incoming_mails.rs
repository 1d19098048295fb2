//! Mails that became replies, so that none becomes two.

use crate::{script::Script, wall::Wall::Client};

/// `mail` is a digest of what makes the mail one, never the mail.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000503_incoming_mails",
    sql: r"
CREATE TABLE incoming_mails (
    client_id @uuid NOT NULL REFERENCES clients (id),
    ticket_id @uuid NOT NULL,
    mail text NOT NULL,
    user_id @uuid NOT NULL,
    received_at @instant NOT NULL,
    PRIMARY KEY (client_id, ticket_id, mail),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;
CREATE INDEX incoming_mails_user_idx ON incoming_mails (user_id, received_at);
",
    walls: &[("incoming_mails", Client)],
};
