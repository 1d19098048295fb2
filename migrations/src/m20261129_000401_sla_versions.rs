//! For whom a version of SLA terms holds, and the tier of a client.

use crate::script::Script;

/// What stood before was only ever asked for by tickets that were opened later.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000401_sla_versions",
    sql: r"
ALTER TABLE sla_calendars ADD COLUMN scope text NOT NULL DEFAULT 'new_tickets';
ALTER TABLE sla_calendars ADD COLUMN reason text;
ALTER TABLE sla_policies ADD COLUMN scope text NOT NULL DEFAULT 'new_tickets';
ALTER TABLE sla_policies ADD COLUMN reason text;
ALTER TABLE clients ADD COLUMN sla_tier text;
",
    walls: &[],
};
