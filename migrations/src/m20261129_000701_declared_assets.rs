//! What clients declare of themselves, and people whom a former provider had suppressed.

use crate::{script::Script, wall::Wall::Client};

/// Suppressed people are written in steps while their import runs, and count once it is completed.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000701_declared_assets",
    sql: r"
CREATE TABLE declared_assets (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    kind @sorted_text NOT NULL,
    name @sorted_text NOT NULL,
    body @json NOT NULL,
    import_id @uuid NOT NULL,
    created_at @instant NOT NULL,
    updated_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT declared_assets_client_id_kind_name_key UNIQUE (client_id, kind, name),
    FOREIGN KEY (client_id, import_id) REFERENCES imports (client_id, id)
) @options;
CREATE INDEX declared_assets_client_idx ON declared_assets (client_id, name, id);
CREATE INDEX declared_assets_name_idx ON declared_assets (name, id);

CREATE TABLE suppressed_recipients (
    client_id @uuid NOT NULL,
    import_id @uuid NOT NULL,
    recipient @sorted_text NOT NULL,
    PRIMARY KEY (client_id, import_id, recipient),
    FOREIGN KEY (client_id, import_id) REFERENCES imports (client_id, id)
) @options;
",
    walls: &[("declared_assets", Client), ("suppressed_recipients", Client)],
};
