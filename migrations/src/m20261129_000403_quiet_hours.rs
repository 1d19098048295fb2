//! When people are not to be woken.

use crate::{script::Script, wall::Wall::System};

/// Read by whatever mails, written by the person itself.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000403_quiet_hours",
    sql: r"
CREATE TABLE quiet_hours (
    user_id @uuid NOT NULL PRIMARY KEY REFERENCES users (id),
    time_zone text NOT NULL,
    begins text NOT NULL,
    ends text NOT NULL
) @options;
",
    walls: &[("quiet_hours", System)],
};
