//! The job ledger, the outbox, the schedules.

use crate::{script::Script, wall::Wall::Client};

/// A row without a client is the BSP's own: only staff and the product itself see it.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000006_jobs",
    sql: r"
CREATE TABLE jobs (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    kind text NOT NULL,
    payload @json NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL,
    next_run_at @instant NOT NULL,
    started_at @instant,
    heartbeat_at @instant,
    claimed_by text,
    progress_done @bigint NOT NULL DEFAULT 0,
    progress_total @bigint,
    cancel_requested_at @instant,
    last_error text,
    created_at @instant NOT NULL,
    finished_at @instant,
    dedupe_key text
) @options;
CREATE UNIQUE INDEX jobs_kind_dedupe_key_key ON jobs (kind, dedupe_key)
    WHERE dedupe_key IS NOT NULL AND state IN ('queued', 'running', 'retry');
CREATE INDEX jobs_due_idx ON jobs (next_run_at) WHERE state IN ('queued', 'retry');
CREATE INDEX jobs_running_idx ON jobs (heartbeat_at) WHERE state = 'running';
CREATE INDEX jobs_running_client_idx ON jobs (client_id) WHERE state = 'running';
CREATE INDEX jobs_client_idx ON jobs (client_id, created_at, id);
CREATE INDEX jobs_created_idx ON jobs (created_at, id);

CREATE TABLE outbox (
    id @identity,
    client_id @uuid REFERENCES clients (id),
    job_id @uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    run_at @instant NOT NULL,
    created_at @instant NOT NULL,
    dispatched_at @instant
) @options;
CREATE INDEX outbox_waiting_idx ON outbox (run_at, id) WHERE dispatched_at IS NULL;
CREATE INDEX outbox_job_idx ON outbox (job_id);
CREATE INDEX outbox_dispatched_idx ON outbox (dispatched_at) WHERE dispatched_at IS NOT NULL;

CREATE TABLE schedules (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    kind text NOT NULL,
    time_zone text NOT NULL,
    local_time text NOT NULL,
    enabled @bool NOT NULL,
    next_run_at @instant NOT NULL,
    last_run_at @instant,
    created_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT schedules_client_id_kind_key UNIQUE (client_id, kind)
) @options;
CREATE UNIQUE INDEX schedules_kind_key ON schedules (kind) WHERE client_id IS NULL;
CREATE INDEX schedules_due_idx ON schedules (enabled, next_run_at);
",
    walls: &[("jobs", Client), ("outbox", Client), ("schedules", Client)],
};
