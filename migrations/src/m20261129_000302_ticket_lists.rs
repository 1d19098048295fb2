//! Indexes by which tickets are found by each field, and walked in each order.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000302_ticket_lists",
    sql: r"
DROP INDEX tickets_status_idx;
DROP INDEX tickets_assignee_idx;
CREATE INDEX tickets_kind_idx ON tickets (kind, id);
CREATE INDEX tickets_level_idx ON tickets (level, id);
CREATE INDEX tickets_priority_idx ON tickets (priority, id);
CREATE INDEX tickets_status_waiting_idx ON tickets (status, waiting_on, id);
CREATE INDEX tickets_waiting_on_idx ON tickets (waiting_on, id);
CREATE INDEX tickets_outcome_idx ON tickets (outcome, id) WHERE outcome IS NOT NULL;
CREATE INDEX tickets_proposed_outcome_idx ON tickets (proposed_outcome, id) WHERE proposed_outcome IS NOT NULL;
CREATE INDEX tickets_appealable_idx ON tickets (appealable, id);
CREATE INDEX tickets_waba_idx ON tickets (waba_id, id) WHERE waba_id IS NOT NULL;
CREATE INDEX tickets_phone_number_idx ON tickets (phone_number_id, id) WHERE phone_number_id IS NOT NULL;
CREATE INDEX tickets_template_idx ON tickets (template_id, id) WHERE template_id IS NOT NULL;
CREATE INDEX tickets_opened_by_idx ON tickets (opened_by, id) WHERE opened_by IS NOT NULL;
CREATE INDEX tickets_assignee_idx ON tickets (assignee, id) WHERE assignee IS NOT NULL;
CREATE INDEX tickets_unassigned_idx ON tickets (updated_at, id) WHERE assignee IS NULL;
CREATE INDEX tickets_closed_idx ON tickets (closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX tickets_appeal_deadline_idx ON tickets (appeal_deadline, id) WHERE appeal_deadline IS NOT NULL;
CREATE INDEX tickets_client_priority_idx ON tickets (client_id, priority, id);
CREATE INDEX tickets_client_closed_idx ON tickets (client_id, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX tickets_client_appeal_deadline_idx ON tickets (client_id, appeal_deadline, id)
    WHERE appeal_deadline IS NOT NULL;
",
    walls: &[],
};
