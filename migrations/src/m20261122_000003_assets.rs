//! What a client has at Meta: WhatsApp Business Accounts, numbers, templates.

use crate::{script::Script, wall::Wall::Client};

/// Meta's ids of accounts and numbers are unique over all clients: a webhook names nothing else.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000003_assets",
    sql: r"
CREATE TABLE wabas (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    meta_id @sorted_text NOT NULL CONSTRAINT wabas_meta_id_key UNIQUE,
    name @sorted_text NOT NULL,
    portfolio_meta_id text,
    messaging_limit @bigint,
    status text,
    created_at @instant NOT NULL,
    updated_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT wabas_client_id_id_key UNIQUE (client_id, id)
) @options;
CREATE INDEX wabas_client_idx ON wabas (client_id, name, id);
CREATE INDEX wabas_name_idx ON wabas (name, id);

CREATE TABLE phone_numbers (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    waba_id @uuid NOT NULL,
    meta_id @sorted_text NOT NULL CONSTRAINT phone_numbers_meta_id_key UNIQUE,
    display_number @sorted_text NOT NULL,
    verified_name text,
    quality_rating text,
    status text,
    created_at @instant NOT NULL,
    updated_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT phone_numbers_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id)
) @options;
CREATE INDEX phone_numbers_client_idx ON phone_numbers (client_id, display_number, id);
CREATE INDEX phone_numbers_waba_idx ON phone_numbers (waba_id, display_number, id);
CREATE INDEX phone_numbers_display_idx ON phone_numbers (display_number, id);

CREATE TABLE templates (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    waba_id @uuid,
    meta_id @sorted_text NOT NULL,
    name @sorted_text NOT NULL,
    language text NOT NULL,
    category text NOT NULL,
    status text NOT NULL,
    quality text,
    components @json NOT NULL,
    created_at @instant NOT NULL,
    updated_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT templates_client_id_meta_id_key UNIQUE (client_id, meta_id),
    CONSTRAINT templates_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id)
) @options;
CREATE INDEX templates_client_idx ON templates (client_id, name, id);
CREATE INDEX templates_waba_idx ON templates (waba_id, name, id);
CREATE INDEX templates_name_idx ON templates (name, id);
",
    walls: &[("wabas", Client), ("phone_numbers", Client), ("templates", Client)],
};
