//! Staff who work for some clients alone, codes that are mailed, second factors, and tokens whose secret is being replaced.

use crate::{script::Script, wall::Wall::System};

/// `assigned_clients` null is all of them. An account that was invited has no password until the invitation is accepted.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000102_credentials",
    sql: r"
ALTER TABLE users ADD COLUMN assigned_clients @json;

ALTER TABLE api_tokens ADD COLUMN previous_secret_hash text;
ALTER TABLE api_tokens ADD COLUMN previous_expires_at @instant;
CREATE UNIQUE INDEX api_tokens_previous_secret_hash_key ON api_tokens (previous_secret_hash)
    WHERE previous_secret_hash IS NOT NULL;

CREATE TABLE account_codes (
    id @uuid NOT NULL PRIMARY KEY,
    user_id @uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL,
    code_hash text NOT NULL CONSTRAINT account_codes_code_hash_key UNIQUE,
    email text,
    created_at @instant NOT NULL,
    expires_at @instant NOT NULL,
    used_at @instant
) @options;
CREATE INDEX account_codes_user_idx ON account_codes (user_id, kind);
CREATE INDEX account_codes_expiry_idx ON account_codes (expires_at);

CREATE TABLE second_factors (
    user_id @uuid NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret text NOT NULL,
    created_at @instant NOT NULL,
    confirmed_at @instant,
    last_step @bigint NOT NULL
) @options;

CREATE TABLE recovery_codes (
    user_id @uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash text NOT NULL,
    used_at @instant,
    PRIMARY KEY (user_id, code_hash)
) @options;
",
    walls: &[("account_codes", System), ("second_factors", System), ("recovery_codes", System)],
};
