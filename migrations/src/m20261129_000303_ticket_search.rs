//! Full-text search over tickets: on SQLite a table of FTS5, on PostgreSQL vectors with an index.
//!
//! On PostgreSQL no index serves `@@` behind row-level security, for the operator is not known to leak nothing. So the owner, for whom a
//! policy of its own lets every row be seen, has a function that searches, and that holds the wall in its own condition.

use crate::{script::Script, wall::Wall::Client};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000303_ticket_search",
    sql: r"
@sqlite{
CREATE VIRTUAL TABLE ticket_search USING fts5 (
    client, public, internal, tokenize = 'unicode61 remove_diacritics 2', prefix = '3 5'
);
INSERT INTO ticket_search (rowid, client, public, internal)
SELECT number, 'c' || lower(hex(client_id)),
    title || ' ' || coalesce((SELECT group_concat(json_extract(kind, '$.text'), ' ') FROM ticket_events
        WHERE ticket_id = tickets.id AND visibility = 'public'), ''),
    coalesce((SELECT group_concat(json_extract(kind, '$.text'), ' ') FROM ticket_events
        WHERE ticket_id = tickets.id AND visibility = 'internal'), '')
FROM tickets;
@}
@postgres{
CREATE TABLE ticket_search (
    ticket_id uuid NOT NULL PRIMARY KEY,
    client_id uuid NOT NULL,
    number bigint NOT NULL,
    public_words tsvector NOT NULL,
    all_words tsvector NOT NULL,
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
);
INSERT INTO ticket_search (ticket_id, client_id, number, public_words, all_words)
SELECT id, client_id, number,
    to_tsvector('simple', public) || to_tsvector('italian', public) || to_tsvector('english', public),
    to_tsvector('simple', whole) || to_tsvector('italian', whole) || to_tsvector('english', whole)
FROM (
    SELECT id, client_id, number,
        title || ' ' || coalesce((SELECT string_agg(kind ->> 'text', ' ') FROM ticket_events
            WHERE ticket_id = tickets.id AND visibility = 'public'), '') AS public,
        title || ' ' || coalesce((SELECT string_agg(kind ->> 'text', ' ') FROM ticket_events
            WHERE ticket_id = tickets.id), '') AS whole
    FROM tickets
) AS texts;
CREATE INDEX ticket_search_public_idx ON ticket_search USING gin (public_words);
CREATE INDEX ticket_search_all_idx ON ticket_search USING gin (all_words);
CREATE INDEX ticket_search_number_idx ON ticket_search (number);
CREATE POLICY search ON ticket_search FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION search_tickets(wanted tsquery, with_internal boolean, most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT number FROM (
        (SELECT number FROM ticket_search WHERE with_internal AND all_words @@ wanted
            AND ((SELECT current_setting('app.visibility', true)) = 'all' OR client_id =
                ANY ((SELECT string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]))
            ORDER BY number DESC LIMIT most)
        UNION ALL
        (SELECT number FROM ticket_search WHERE NOT with_internal AND public_words @@ wanted
            AND ((SELECT current_setting('app.visibility', true)) = 'all' OR client_id =
                ANY ((SELECT string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]))
            ORDER BY number DESC LIMIT most)
    ) AS found
$$;
@}
",
    walls: &[("ticket_search", Client)],
};
