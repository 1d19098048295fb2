//! The activity log, and the Merkle logs into which it (and whatever else must be provable) is sealed.

use crate::{
    script::Script,
    wall::Wall::{ClientLog, Open, SystemLog},
};

/// `unsealed_activities` holds nothing but ids, and is emptied by the sealer: what is to be sealed is found without a search.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000101_activity",
    sql: r"
CREATE TABLE activities (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    at @instant NOT NULL,
    actor text NOT NULL,
    user_id @uuid,
    token_id @uuid,
    action text NOT NULL,
    subject text,
    subjects text NOT NULL,
    outcome text NOT NULL,
    code text,
    address text,
    request text
) @options;
CREATE INDEX activities_at_idx ON activities (at, id);
CREATE INDEX activities_client_idx ON activities (client_id, at, id);
CREATE INDEX activities_user_idx ON activities (user_id, at, id) WHERE user_id IS NOT NULL;
CREATE INDEX activities_token_idx ON activities (token_id, at, id) WHERE token_id IS NOT NULL;
CREATE INDEX activities_action_idx ON activities (action, at, id);
CREATE INDEX activities_subject_idx ON activities (subject, at, id) WHERE subject IS NOT NULL;

INSERT INTO counters (name, value) VALUES ('seal', 0);

CREATE TABLE unsealed_activities (
    activity_id @uuid NOT NULL PRIMARY KEY REFERENCES activities (id)
) @options;

CREATE TABLE activity_leaves (
    activity_id @uuid NOT NULL PRIMARY KEY REFERENCES activities (id),
    log text NOT NULL,
    place @bigint NOT NULL,
    CONSTRAINT activity_leaves_log_place_key UNIQUE (log, place)
) @options;

CREATE TABLE merkle_nodes (
    log text NOT NULL,
    level integer NOT NULL,
    place @bigint NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (log, level, place)
) @options;

CREATE TABLE merkle_heads (
    log text NOT NULL,
    size @bigint NOT NULL,
    root text NOT NULL,
    sealed_at @instant NOT NULL,
    PRIMARY KEY (log, size)
) @options;
",
    walls: &[
        ("activities", ClientLog),
        ("unsealed_activities", Open),
        ("activity_leaves", SystemLog),
        ("merkle_nodes", SystemLog),
        ("merkle_heads", SystemLog),
    ],
};
