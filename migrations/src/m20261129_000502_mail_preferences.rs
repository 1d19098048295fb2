//! What people want to be told of, and addresses to which nothing more is mailed.

use crate::{
    script::Script,
    wall::Wall::{Client, System},
};

/// Counting what a person was sent lately needs `deliveries_user_idx`: ids sort by time.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000502_mail_preferences",
    sql: r"
CREATE TABLE notification_preferences (
    user_id @uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    topic text NOT NULL,
    client_id @uuid REFERENCES clients (id),
    preference text NOT NULL,
    updated_at @instant NOT NULL,
    PRIMARY KEY (user_id, topic)
) @options;

CREATE TABLE mail_suppressions (
    email text NOT NULL PRIMARY KEY,
    reason text NOT NULL,
    at @instant NOT NULL
) @options;

CREATE INDEX deliveries_held_idx ON deliveries (user_id, next_attempt_at) WHERE state = 'held';
",
    walls: &[("notification_preferences", Client), ("mail_suppressions", System)],
};
