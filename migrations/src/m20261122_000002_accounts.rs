//! Users, their sign-ins, the throttle of signing in, API tokens.

use crate::{
    script::Script,
    wall::Wall::{Client, System},
};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000002_accounts",
    sql: r"
CREATE TABLE users (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    email @sorted_text NOT NULL CONSTRAINT users_email_key UNIQUE,
    name text NOT NULL,
    role text NOT NULL,
    language text NOT NULL,
    password_hash text NOT NULL,
    disabled_at @instant,
    created_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1
) @options;
CREATE INDEX users_client_idx ON users (client_id, email, id);

CREATE TABLE sign_ins (
    id @uuid NOT NULL PRIMARY KEY,
    user_id @uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    refresh_hash text NOT NULL CONSTRAINT sign_ins_refresh_hash_key UNIQUE,
    previous_refresh_hash text,
    generation integer NOT NULL DEFAULT 1,
    created_at @instant NOT NULL,
    last_used_at @instant NOT NULL,
    expires_at @instant NOT NULL,
    revoked_at @instant,
    user_agent text
) @options;
CREATE INDEX sign_ins_previous_idx ON sign_ins (previous_refresh_hash) WHERE previous_refresh_hash IS NOT NULL;
CREATE INDEX sign_ins_user_idx ON sign_ins (user_id, created_at);
CREATE INDEX sign_ins_expiry_idx ON sign_ins (expires_at);

CREATE TABLE login_attempts (
    account text NOT NULL,
    address text NOT NULL,
    failures integer NOT NULL,
    window_started_at @instant NOT NULL,
    blocked_until @instant,
    updated_at @instant NOT NULL,
    PRIMARY KEY (account, address)
) @options;
CREATE INDEX login_attempts_age_idx ON login_attempts (updated_at);

CREATE TABLE api_tokens (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    name text NOT NULL,
    secret_hash text NOT NULL CONSTRAINT api_tokens_secret_hash_key UNIQUE,
    permissions text NOT NULL,
    created_by @uuid REFERENCES users (id),
    created_at @instant NOT NULL,
    expires_at @instant,
    last_used_at @instant,
    revoked_at @instant
) @options;
CREATE INDEX api_tokens_client_idx ON api_tokens (client_id, created_at, id);
",
    walls: &[("users", Client), ("sign_ins", System), ("login_attempts", System), ("api_tokens", Client)],
};
