//! Operations that are to be done once, however often they are sent.

use crate::{
    script::Script,
    wall::Wall::{Open, System},
};

/// Of the key a hash is kept, and the answer only as what the key itself opens: answers hold secrets that are shown once. A mark is
/// written by whatever transaction does the work: it says that something was done, and nothing of what or whose.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000202_idempotency",
    sql: r"
CREATE TABLE idempotency_keys (
    id @uuid NOT NULL PRIMARY KEY,
    credential text NOT NULL,
    key_hash text NOT NULL,
    request_hash text NOT NULL,
    begun_at @instant NOT NULL,
    answer text,
    CONSTRAINT idempotency_keys_credential_key_hash_key UNIQUE (credential, key_hash)
) @options;
CREATE INDEX idempotency_keys_begun_idx ON idempotency_keys (begun_at);

CREATE TABLE idempotency_marks (
    id @uuid NOT NULL PRIMARY KEY,
    marked_at @instant NOT NULL
) @options;
CREATE INDEX idempotency_marks_marked_idx ON idempotency_marks (marked_at);
",
    walls: &[("idempotency_keys", System), ("idempotency_marks", Open)],
};
