//! Corrective actions of tickets, and the findings that they are to mend.

use crate::{script::Script, wall::Wall::Client};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000304_corrective_actions",
    sql: r"
CREATE TABLE corrective_actions (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL,
    ticket_id @uuid NOT NULL,
    title text NOT NULL,
    description text,
    owner text NOT NULL,
    due_at @instant,
    state text NOT NULL,
    proof text,
    done_by @uuid,
    done_at @instant,
    audit_id @uuid,
    checked_at @instant,
    added_by @uuid,
    added_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT corrective_actions_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id),
    FOREIGN KEY (client_id, audit_id) REFERENCES audits (client_id, id)
) @options;
CREATE INDEX corrective_actions_ticket_idx ON corrective_actions (ticket_id, added_at, id);
CREATE INDEX corrective_actions_client_idx ON corrective_actions (client_id, added_at, id);
CREATE INDEX corrective_actions_added_idx ON corrective_actions (added_at, id);
CREATE INDEX corrective_actions_state_idx ON corrective_actions (state, added_at, id);
CREATE INDEX corrective_actions_audit_idx ON corrective_actions (audit_id) WHERE audit_id IS NOT NULL;

CREATE TABLE corrective_action_findings (
    action_id @uuid NOT NULL,
    finding_id @uuid NOT NULL,
    client_id @uuid NOT NULL,
    PRIMARY KEY (action_id, finding_id),
    FOREIGN KEY (client_id, action_id) REFERENCES corrective_actions (client_id, id),
    FOREIGN KEY (client_id, finding_id) REFERENCES findings (client_id, id)
) @options;
CREATE INDEX corrective_action_findings_finding_idx ON corrective_action_findings (finding_id);
",
    walls: &[("corrective_actions", Client), ("corrective_action_findings", Client)],
};
