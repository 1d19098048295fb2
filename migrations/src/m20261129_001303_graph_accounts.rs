//! How the Graph API answered about accounts, what Meta counted of them, and how that compares with the send log.

use crate::{script::Script, wall::Wall::Client};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001303_graph_accounts",
    sql: r"
CREATE TABLE graph_accounts (
    waba_id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL,
    access text NOT NULL,
    code @bigint,
    failures @bigint NOT NULL,
    asked_at @instant NOT NULL,
    answered_at @instant,
    volumes_at @instant,
    next_at @instant NOT NULL,
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id)
) @options;
CREATE INDEX graph_accounts_next_idx ON graph_accounts (next_at, waba_id);
CREATE INDEX graph_accounts_client_idx ON graph_accounts (client_id);

CREATE TABLE account_volumes (
    waba_id @uuid NOT NULL,
    from_at @instant NOT NULL,
    to_at @instant NOT NULL,
    client_id @uuid NOT NULL,
    sent @bigint NOT NULL,
    delivered @bigint NOT NULL,
    learned_at @instant NOT NULL,
    PRIMARY KEY (waba_id, from_at),
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id)
) @options;
CREATE INDEX account_volumes_client_idx ON account_volumes (client_id, from_at);

CREATE TABLE volume_checks (
    client_id @uuid NOT NULL REFERENCES clients (id),
    from_at @instant NOT NULL,
    to_at @instant NOT NULL,
    counted_by_meta @bigint NOT NULL,
    in_send_log @bigint NOT NULL,
    checked_at @instant NOT NULL,
    PRIMARY KEY (client_id, from_at)
) @options;
",
    walls: &[("graph_accounts", Client), ("account_volumes", Client), ("volume_checks", Client)],
};
