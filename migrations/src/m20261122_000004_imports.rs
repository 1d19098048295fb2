//! Imports, their bad rows, and the manifest of the lake.

use crate::{script::Script, wall::Wall::Client};

/// The same content is completed once a client and kind: that is what makes a second import of a file change nothing.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000004_imports",
    sql: r"
CREATE TABLE imports (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    kind text NOT NULL,
    state text NOT NULL,
    file_name text NOT NULL,
    content_sha256 text,
    accepted @bigint NOT NULL DEFAULT 0,
    rejected @bigint NOT NULL DEFAULT 0,
    unknown_columns @json NOT NULL,
    error text,
    created_by @uuid,
    created_at @instant NOT NULL,
    finished_at @instant,
    heartbeat_at @instant NOT NULL,
    CONSTRAINT imports_client_id_id_key UNIQUE (client_id, id)
) @options;
CREATE UNIQUE INDEX imports_client_id_kind_content_sha256_key ON imports (client_id, kind, content_sha256)
    WHERE state = 'completed';
CREATE INDEX imports_client_idx ON imports (client_id, created_at, id);
CREATE INDEX imports_created_idx ON imports (created_at, id);
CREATE INDEX imports_running_idx ON imports (heartbeat_at) WHERE state = 'running';

CREATE TABLE import_row_errors (
    import_id @uuid NOT NULL,
    ordinal @bigint NOT NULL,
    client_id @uuid NOT NULL,
    line @bigint NOT NULL,
    column_name text,
    reason text NOT NULL,
    PRIMARY KEY (import_id, ordinal),
    FOREIGN KEY (client_id, import_id) REFERENCES imports (client_id, id) ON DELETE CASCADE
) @options;

CREATE TABLE segments (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    import_id @uuid,
    kind text NOT NULL,
    path text NOT NULL CONSTRAINT segments_path_key UNIQUE,
    rows @bigint NOT NULL,
    bytes @bigint NOT NULL,
    least_time @instant,
    greatest_time @instant,
    sequence @bigint NOT NULL,
    published_at @instant NOT NULL,
    retired_at @instant,
    CONSTRAINT segments_client_id_sequence_key UNIQUE (client_id, sequence),
    CONSTRAINT segments_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, import_id) REFERENCES imports (client_id, id)
) @options;
CREATE INDEX segments_live_idx ON segments (client_id, kind, sequence) WHERE retired_at IS NULL;
CREATE INDEX segments_retired_idx ON segments (retired_at) WHERE retired_at IS NOT NULL;
",
    walls: &[("imports", Client), ("import_row_errors", Client), ("segments", Client)],
};
