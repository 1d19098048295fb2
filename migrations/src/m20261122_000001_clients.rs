//! Clients, and the counters from which numbers and ledger positions are taken.

use crate::{
    script::Script,
    wall::Wall::{Client, ClientIs, Open},
};

/// A counter's row stays locked until its transaction ends: numbers have no gaps, and positions become visible in their order.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000001_clients",
    sql: r"
CREATE TABLE clients (
    id @uuid NOT NULL PRIMARY KEY,
    name @sorted_text NOT NULL,
    slug @sorted_text NOT NULL CONSTRAINT clients_slug_key UNIQUE,
    time_zone text NOT NULL,
    language text NOT NULL,
    created_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1
) @options;
CREATE INDEX clients_name_idx ON clients (name, id);

CREATE TABLE counters (
    name text NOT NULL PRIMARY KEY,
    value @bigint NOT NULL
) @options;
INSERT INTO counters (name, value) VALUES ('ticket', 0);

CREATE TABLE client_counters (
    client_id @uuid NOT NULL REFERENCES clients (id),
    name text NOT NULL,
    value @bigint NOT NULL,
    PRIMARY KEY (client_id, name)
) @options;
",
    walls: &[("clients", ClientIs("id")), ("client_counters", Client), ("counters", Open)],
};
