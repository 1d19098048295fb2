//! When the first promise on a ticket is due, and when the first is broken: what lists are filtered and sorted by.

use crate::script::Script;

/// In the place of columns that nothing ever read. Both are a cache of what the SLA engine says of what is still to be done, as
/// `sla_timers` is; how much time of it has passed changes with every second and was never asked of the cache either.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001101_ticket_dues",
    sql: r"
DROP INDEX tickets_due_idx;
ALTER TABLE tickets DROP COLUMN sla_policy_id;
ALTER TABLE tickets DROP COLUMN sla_calendar_key;
ALTER TABLE tickets DROP COLUMN first_response_due_at;
ALTER TABLE tickets DROP COLUMN resolution_due_at;
ALTER TABLE sla_timers DROP COLUMN elapsed_seconds;
ALTER TABLE tickets ADD COLUMN due_at @instant;
ALTER TABLE tickets ADD COLUMN breach_at @instant;
UPDATE tickets SET
    due_at = (SELECT min(due_at) FROM sla_timers WHERE sla_timers.ticket_id = tickets.id AND sla_timers.stopped_at IS NULL),
    breach_at = (SELECT min(breach_at) FROM sla_timers WHERE sla_timers.ticket_id = tickets.id AND sla_timers.stopped_at IS NULL)
WHERE closed_at IS NULL;
@on_postgres CREATE INDEX tickets_due_idx ON tickets (due_at, id) WHERE due_at IS NOT NULL;
@on_postgres CREATE INDEX tickets_client_due_idx ON tickets (client_id, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX tickets_breach_idx ON tickets (breach_at, id) WHERE breach_at IS NOT NULL;
",
    walls: &[],
};
