//! How much of a portfolio's messaging limit is used now.

use crate::{script::Script, wall::Wall::Client};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001304_traffic_watch",
    sql: r"
CREATE TABLE traffic_watches (
    client_id @uuid NOT NULL PRIMARY KEY REFERENCES clients (id),
    messaging_limit @bigint,
    used @bigint NOT NULL,
    counted_at @instant NOT NULL,
    took_milliseconds @bigint NOT NULL
) @options;
",
    walls: &[("traffic_watches", Client)],
};
