//! What the SLA engine last said of each ticket, when to ask it again, and what was done because of it.

use crate::{
    script::Script,
    wall::Wall::{Client, ClientAppendOnly},
};

/// `sla_timers` and `sla_wakeups` are caches that can be dropped and rebuilt: every ticket is asked about anew where `stale_since`
/// is set. The first look at the tickets of an older release is quiet: what was reached long ago is told to nobody. `sla_effects` is the memory of what was done, and is what makes each effect happen once.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000402_sla_timers",
    sql: r"
CREATE TABLE sla_timers (
    ticket_id @uuid NOT NULL,
    metric text NOT NULL,
    cycle integer NOT NULL,
    client_id @uuid NOT NULL,
    priority text NOT NULL,
    state text NOT NULL,
    started_at @instant NOT NULL,
    due_at @instant,
    breach_at @instant,
    stopped_at @instant,
    elapsed_seconds @bigint NOT NULL,
    PRIMARY KEY (ticket_id, metric, cycle),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;
CREATE INDEX sla_timers_started_idx ON sla_timers (started_at);
CREATE INDEX sla_timers_client_started_idx ON sla_timers (client_id, started_at);

CREATE TABLE sla_wakeups (
    ticket_id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL,
    wakeup_at @instant,
    stale_since @instant,
    is_quiet @bool NOT NULL,
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;
CREATE INDEX sla_wakeups_wakeup_idx ON sla_wakeups (wakeup_at, ticket_id) WHERE wakeup_at IS NOT NULL;
CREATE INDEX sla_wakeups_stale_idx ON sla_wakeups (stale_since, ticket_id) WHERE stale_since IS NOT NULL;
INSERT INTO sla_wakeups (ticket_id, client_id, stale_since, is_quiet) SELECT id, client_id, opened_at, TRUE FROM tickets;

CREATE TABLE sla_effects (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL,
    ticket_id @uuid NOT NULL,
    metric text NOT NULL,
    cycle integer NOT NULL,
    level text NOT NULL,
    due text NOT NULL,
    reached_at @instant NOT NULL,
    recorded_at @instant NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT sla_effects_ticket_id_metric_cycle_level_due_key UNIQUE (ticket_id, metric, cycle, level, due),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;
",
    walls: &[("sla_timers", Client), ("sla_wakeups", Client), ("sla_effects", ClientAppendOnly)],
};
