//! Webhooks of Meta: what came in, how far it was dealt with, and what belongs to accounts that nobody claims.

use crate::{script::Script, wall::Wall::System};

/// The bodies as they came.
macro_rules! inbox {
    () => {
        "
CREATE TABLE webhook_inbox (
    position @identity,
    received_at @instant NOT NULL,
    has_traffic @bool NOT NULL,
    has_notices @bool NOT NULL,
    body @bytes NOT NULL
) @options;
CREATE INDEX webhook_inbox_traffic_idx ON webhook_inbox (position) WHERE has_traffic;
CREATE INDEX webhook_inbox_notices_idx ON webhook_inbox (position) WHERE has_notices;
CREATE INDEX webhook_inbox_received_idx ON webhook_inbox (received_at);
"
    };
}

/// The inbox alone. On SQLite it lies in a file of its own, so that a burst does not hold the database's only writer, and the table
/// of the database itself stays empty.
pub(crate) const INBOX: Script = Script { name: "inbox", sql: inbox!(), walls: &[("webhook_inbox", System)] };

/// A position belongs to an inbox: one that was lost and made anew begins anew. It is written with the effects of what lies before it.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000601_webhooks",
    sql: concat!(
        inbox!(),
        "
CREATE TABLE webhook_positions (
    consumer text NOT NULL,
    inbox text NOT NULL,
    position @bigint NOT NULL,
    held_by text,
    held_until @instant,
    PRIMARY KEY (consumer, inbox)
) @options;

CREATE TABLE webhook_unclaimed (
    id @identity,
    account @sorted_text NOT NULL,
    received_at @instant NOT NULL,
    content_hash text NOT NULL CONSTRAINT webhook_unclaimed_content_hash_key UNIQUE,
    body @bytes NOT NULL
) @options;
CREATE INDEX webhook_unclaimed_account_idx ON webhook_unclaimed (account, id);
CREATE INDEX webhook_unclaimed_received_idx ON webhook_unclaimed (received_at);

CREATE TABLE webhook_oddities (
    kind text NOT NULL,
    place text NOT NULL,
    word text NOT NULL,
    count @bigint NOT NULL,
    first_at @instant NOT NULL,
    last_at @instant NOT NULL,
    PRIMARY KEY (kind, place, word)
) @options;
"
    ),
    walls: &[
        ("webhook_inbox", System),
        ("webhook_positions", System),
        ("webhook_unclaimed", System),
        ("webhook_oddities", System),
    ],
};
