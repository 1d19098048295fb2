//! What Meta counted of each account of a client beside what the send log holds of its numbers.

use crate::{script::Script, wall::Wall::Client};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001231_account_checks",
    sql: r"
CREATE TABLE account_checks (
    waba_id @uuid NOT NULL,
    from_at @instant NOT NULL,
    to_at @instant NOT NULL,
    client_id @uuid NOT NULL,
    counted_by_meta @bigint NOT NULL,
    in_send_log @bigint NOT NULL,
    checked_at @instant NOT NULL,
    PRIMARY KEY (waba_id, from_at),
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id)
) @options;
CREATE INDEX account_checks_client_idx ON account_checks (client_id, from_at);
",
    walls: &[("account_checks", Client)],
};
