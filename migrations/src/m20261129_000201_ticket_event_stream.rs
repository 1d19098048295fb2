//! The order in which entries of timelines became visible, over all tickets: what subscriptions follow.

use crate::script::Script;

/// On SQLite writers take turns, so a number that grows is that order. On PostgreSQL a transaction that began earlier may end later:
/// entries are in the order of their transactions, and those of transactions before the oldest that runs are settled.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000201_ticket_event_stream",
    sql: r"
ALTER TABLE ticket_events ADD COLUMN stream_transaction @bigint NOT NULL DEFAULT 0;
@on_postgres ALTER TABLE ticket_events ALTER COLUMN stream_transaction SET DEFAULT (pg_current_xact_id()::text::bigint);
@on_postgres ALTER TABLE ticket_events ADD COLUMN stream_position bigint GENERATED ALWAYS AS IDENTITY;
@on_sqlite ALTER TABLE ticket_events ADD COLUMN stream_position integer NOT NULL DEFAULT 0;
@on_sqlite UPDATE ticket_events SET stream_position = rowid;
CREATE INDEX ticket_events_stream_idx ON ticket_events (stream_transaction, stream_position);
CREATE INDEX ticket_events_client_stream_idx ON ticket_events (client_id, stream_transaction, stream_position);
@on_sqlite CREATE TRIGGER ticket_events_stream AFTER INSERT ON ticket_events BEGIN UPDATE ticket_events SET stream_position = (SELECT stream_position FROM ticket_events ORDER BY stream_transaction DESC, stream_position DESC LIMIT 1) + 1 WHERE id = NEW.id; END;
",
    walls: &[],
};
