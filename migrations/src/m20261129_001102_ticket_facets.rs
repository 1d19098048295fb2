//! On SQLite: what a ticket's words are, in one number that stands in the index of each order.

use crate::script::Script;

/// SQLite combines no indexes: where each of some conditions holds of many tickets and all of them together of few, it walks an order
/// from end to end. So each word of a ticket is a bit of `facets`, and that walk reads nothing but the index. The bits are those of
/// `store::tickets::facets`; a word that is added gets the next bit, by a migration that makes the column and the indexes anew.
/// PostgreSQL combines indexes by itself.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001102_ticket_facets",
    sql: r"
@sqlite{
ALTER TABLE tickets ADD COLUMN facets integer NOT NULL GENERATED ALWAYS AS (
    (CASE kind WHEN 'account_disabled' THEN 1 WHEN 'account_restricted' THEN 2 WHEN 'number_restricted' THEN 4
        WHEN 'template_rejected' THEN 8 WHEN 'template_paused' THEN 16 WHEN 'template_category' THEN 32
        WHEN 'messaging_limit' THEN 64 WHEN 'display_name' THEN 128 WHEN 'other' THEN 256 ELSE 0 END)
    | (CASE level WHEN 'portfolio' THEN 1 WHEN 'waba' THEN 2 WHEN 'number' THEN 4 WHEN 'template' THEN 8 ELSE 0 END << 9)
    | (CASE priority WHEN 'p1' THEN 1 WHEN 'p2' THEN 2 WHEN 'p3' THEN 4 WHEN 'p4' THEN 8 ELSE 0 END << 13)
    | (CASE status WHEN 'new' THEN 1 WHEN 'triage' THEN 2 WHEN 'remediation' THEN 4 WHEN 'ready' THEN 8
        WHEN 'submitted' THEN 16 WHEN 'in_review' THEN 32 WHEN 'recovery' THEN 64 WHEN 'closed' THEN 128 ELSE 0 END << 17)
    | (CASE waiting_on WHEN 'us' THEN 1 WHEN 'client' THEN 2 WHEN 'meta' THEN 4 WHEN 'third_party' THEN 8 ELSE 0 END << 25)
    | (CASE outcome WHEN 'resolved' THEN 1 WHEN 'reversed' THEN 2 WHEN 'unchanged' THEN 4 WHEN 'expired' THEN 8
        WHEN 'no_response' THEN 16 WHEN 'withdrawn' THEN 32 WHEN 'duplicate' THEN 64 ELSE 0 END << 29)
    | (CASE proposed_outcome WHEN 'resolved' THEN 1 WHEN 'reversed' THEN 2 WHEN 'unchanged' THEN 4 WHEN 'expired' THEN 8
        WHEN 'no_response' THEN 16 WHEN 'withdrawn' THEN 32 WHEN 'duplicate' THEN 64 ELSE 0 END << 36)
    | (CASE appealable WHEN 'yes' THEN 1 WHEN 'no' THEN 2 WHEN 'unknown' THEN 4 ELSE 0 END << 43)
    | (CASE WHEN assignee IS NULL THEN 1 ELSE 2 END << 46)
) VIRTUAL;
DROP INDEX tickets_updated_idx;
DROP INDEX tickets_opened_idx;
DROP INDEX tickets_closed_idx;
DROP INDEX tickets_appeal_deadline_idx;
DROP INDEX tickets_client_updated_idx;
DROP INDEX tickets_client_opened_idx;
DROP INDEX tickets_client_closed_idx;
DROP INDEX tickets_client_appeal_deadline_idx;
DROP INDEX tickets_client_priority_idx;
DROP INDEX tickets_priority_idx;
CREATE INDEX tickets_updated_idx ON tickets (updated_at, id, facets, client_id);
CREATE INDEX tickets_opened_idx ON tickets (opened_at, id, facets, client_id);
CREATE INDEX tickets_closed_idx ON tickets (closed_at, id, facets, client_id) WHERE closed_at IS NOT NULL;
CREATE INDEX tickets_appeal_deadline_idx ON tickets (appeal_deadline, id, facets, client_id)
    WHERE appeal_deadline IS NOT NULL;
CREATE INDEX tickets_due_idx ON tickets (due_at, id, facets, client_id) WHERE due_at IS NOT NULL;
CREATE INDEX tickets_priority_idx ON tickets (priority, id, facets, client_id);
CREATE INDEX tickets_client_updated_idx ON tickets (client_id, updated_at, id, facets);
CREATE INDEX tickets_client_opened_idx ON tickets (client_id, opened_at, id, facets);
CREATE INDEX tickets_client_closed_idx ON tickets (client_id, closed_at, id, facets) WHERE closed_at IS NOT NULL;
CREATE INDEX tickets_client_appeal_deadline_idx ON tickets (client_id, appeal_deadline, id, facets)
    WHERE appeal_deadline IS NOT NULL;
CREATE INDEX tickets_client_due_idx ON tickets (client_id, due_at, id, facets) WHERE due_at IS NOT NULL;
CREATE INDEX tickets_client_priority_idx ON tickets (client_id, priority, id, facets);
@}
",
    walls: &[],
};
