//! Tickets, their timeline, what was submitted to Meta, and notices of enforcement.

use crate::{
    script::Script,
    wall::Wall::{Client, ClientAppendOnly},
};

/// The due times of a ticket are a cache of what the SLA engine says, for sorting; they can be dropped and rebuilt.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000009_tickets",
    sql: r"
CREATE TABLE tickets (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    number @bigint NOT NULL CONSTRAINT tickets_number_key UNIQUE,
    kind text NOT NULL,
    level text NOT NULL,
    priority text NOT NULL,
    status text NOT NULL,
    waiting_on text NOT NULL,
    outcome text,
    title text NOT NULL,
    waba_id @uuid,
    phone_number_id @uuid,
    template_id @uuid,
    opened_by @uuid,
    opened_by_token @uuid,
    assignee @uuid REFERENCES users (id),
    appeal_deadline @instant,
    appealable text NOT NULL,
    opened_at @instant NOT NULL,
    updated_at @instant NOT NULL,
    closed_at @instant,
    sla_policy_id @uuid REFERENCES sla_policies (id),
    sla_calendar_key text,
    first_response_due_at @instant,
    resolution_due_at @instant,
    last_event_sequence @bigint NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT tickets_client_id_id_key UNIQUE (client_id, id),
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id),
    FOREIGN KEY (client_id, phone_number_id) REFERENCES phone_numbers (client_id, id),
    FOREIGN KEY (client_id, template_id) REFERENCES templates (client_id, id)
) @options;
CREATE INDEX tickets_client_opened_idx ON tickets (client_id, opened_at, id);
CREATE INDEX tickets_client_updated_idx ON tickets (client_id, updated_at, id);
CREATE INDEX tickets_opened_idx ON tickets (opened_at, id);
CREATE INDEX tickets_updated_idx ON tickets (updated_at, id);
CREATE INDEX tickets_status_idx ON tickets (status, updated_at, id);
CREATE INDEX tickets_assignee_idx ON tickets (assignee, updated_at, id) WHERE assignee IS NOT NULL;
CREATE INDEX tickets_due_idx ON tickets (resolution_due_at, id) WHERE closed_at IS NULL;

CREATE TABLE ticket_events (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL,
    ticket_id @uuid NOT NULL,
    sequence @bigint NOT NULL,
    visibility text NOT NULL,
    kind @json NOT NULL,
    actor_kind text NOT NULL,
    actor_id @uuid,
    at @instant NOT NULL,
    CONSTRAINT ticket_events_ticket_id_sequence_key UNIQUE (ticket_id, sequence),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;

CREATE TABLE submissions (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL,
    ticket_id @uuid NOT NULL,
    attempt integer NOT NULL,
    channel text NOT NULL,
    submitted_by @uuid,
    submitted_at @instant NOT NULL,
    meta_reference text,
    expected_by @instant,
    outcome text,
    outcome_at @instant,
    outcome_note text,
    CONSTRAINT submissions_ticket_id_attempt_key UNIQUE (ticket_id, attempt),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;

CREATE TABLE ticket_findings (
    ticket_id @uuid NOT NULL,
    finding_id @uuid NOT NULL,
    client_id @uuid NOT NULL,
    PRIMARY KEY (ticket_id, finding_id),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id),
    FOREIGN KEY (client_id, finding_id) REFERENCES findings (client_id, id)
) @options;
CREATE INDEX ticket_findings_finding_idx ON ticket_findings (finding_id);

CREATE TABLE enforcement_notices (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid NOT NULL REFERENCES clients (id),
    waba_id @uuid,
    phone_number_id @uuid,
    violation_type text,
    source text NOT NULL,
    noticed_at @instant NOT NULL,
    restrictions @json NOT NULL,
    note text,
    recorded_by @uuid,
    recorded_at @instant NOT NULL,
    ticket_id @uuid,
    FOREIGN KEY (client_id, waba_id) REFERENCES wabas (client_id, id),
    FOREIGN KEY (client_id, phone_number_id) REFERENCES phone_numbers (client_id, id),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;
CREATE INDEX enforcement_notices_client_idx ON enforcement_notices (client_id, noticed_at, id);
CREATE INDEX enforcement_notices_noticed_idx ON enforcement_notices (noticed_at, id);
CREATE INDEX enforcement_notices_ticket_idx ON enforcement_notices (ticket_id) WHERE ticket_id IS NOT NULL;
",
    walls: &[
        ("tickets", Client),
        ("ticket_events", ClientAppendOnly),
        ("submissions", Client),
        ("ticket_findings", Client),
        ("enforcement_notices", Client),
    ],
};
