//! What people are told by mail, and to which addresses it goes.

use crate::{
    script::Script,
    wall::Wall::{Client, System},
};

/// `key` makes a notification one: it is unique over all, so that what has no client is one too.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000501_notifications",
    sql: r"
CREATE TABLE notifications (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    key text NOT NULL CONSTRAINT notifications_key_key UNIQUE,
    kind text NOT NULL,
    data @json NOT NULL,
    recipients @json NOT NULL,
    except_user_id @uuid,
    created_at @instant NOT NULL
) @options;
CREATE INDEX notifications_created_idx ON notifications (created_at, id);

CREATE TABLE deliveries (
    id @uuid NOT NULL PRIMARY KEY,
    notification_id @uuid NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
    user_id @uuid REFERENCES users (id) ON DELETE SET NULL,
    email text NOT NULL,
    name text NOT NULL,
    language text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at @instant NOT NULL,
    leased_until @instant,
    last_error text,
    settled_at @instant,
    CONSTRAINT deliveries_notification_id_email_key UNIQUE (notification_id, email)
) @options;
CREATE INDEX deliveries_user_idx ON deliveries (user_id, id);
",
    walls: &[("notifications", Client), ("deliveries", System)],
};
