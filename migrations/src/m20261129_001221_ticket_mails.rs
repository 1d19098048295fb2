//! Of which ticket a notification tells, so that its mails can be listed. What was told before this is listed nowhere.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001221_ticket_mails",
    sql: r"
ALTER TABLE notifications ADD COLUMN ticket_id @uuid;
CREATE INDEX notifications_ticket_idx ON notifications (ticket_id, created_at, id) WHERE ticket_id IS NOT NULL;
",
    walls: &[],
};
