//! Words by which people say stop, beside those that the product knows.

use crate::{script::Script, wall::Wall::Shared};

/// Without a client the words are the BSP's own, and hold for every client. `owner` is the client's id in text, or `bsp`: nobody has two
/// lists.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001306_stop_words",
    sql: r"
CREATE TABLE stop_words (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    owner text NOT NULL,
    words @json NOT NULL,
    set_by @uuid,
    set_at @instant NOT NULL,
    CONSTRAINT stop_words_owner_key UNIQUE (owner)
) @options;
CREATE INDEX stop_words_client_idx ON stop_words (client_id);
",
    walls: &[("stop_words", Shared)],
};
