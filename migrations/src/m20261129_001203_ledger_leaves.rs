//! The seal of the consent ledger: which events each leaf of a client's Merkle log stands for.

use crate::{script::Script, wall::Wall::SystemLog};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001203_ledger_leaves",
    sql: r"
CREATE TABLE ledger_leaves (
    client_id @uuid NOT NULL REFERENCES clients (id),
    place @bigint NOT NULL,
    first_sequence @bigint NOT NULL,
    last_sequence @bigint NOT NULL,
    PRIMARY KEY (client_id, place)
) @options;
CREATE UNIQUE INDEX ledger_leaves_client_id_last_sequence_key ON ledger_leaves (client_id, last_sequence);
",
    walls: &[("ledger_leaves", SystemLog)],
};
