-- The rows of the ticket page's measurement, as many and as spread as the peer's: 2,000 clients, 3,000 accounts, 6,000 numbers, 200
-- people, 200,000 tickets with three entries each in their timelines, the last one opened just now. For an empty database that `sblocco migrate` made and on which
-- `sblocco serve` has started once, as the owner of the tables:
--   psql -v ON_ERROR_STOP=1 -v tickets=200000 -f tests/bench/tickets.sql OWNER_URL
SET app.visibility = 'all';
SET synchronous_commit = off;
CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(kind || n)::uuid $$;

INSERT INTO clients (id, name, slug, time_zone, language, created_at)
SELECT pg_temp.id('client', g), 'Client ' || g, 'client-' || g, 'Europe/Rome', 'en', timestamptz '2024-01-01' + g * interval '1 hour'
FROM generate_series(1, 2000) g;

INSERT INTO users (id, client_id, email, name, role, language, password_hash, created_at)
SELECT pg_temp.id('user', g), NULL, 'agent' || g || '@example.test', 'Agent ' || g, 'support_agent', 'en', 'none', now()
FROM generate_series(1, 200) g;

INSERT INTO wabas (id, client_id, meta_id, name, created_at, updated_at)
SELECT pg_temp.id('waba', g), pg_temp.id('client', 1 + g % 2000), (100000000000000 + g)::text, 'WABA ' || g, now(), now()
FROM generate_series(1, 3000) g;

INSERT INTO phone_numbers (id, client_id, waba_id, meta_id, display_number, verified_name, quality_rating, status, created_at, updated_at)
SELECT pg_temp.id('number', g), pg_temp.id('client', 1 + w % 2000), pg_temp.id('waba', w), (200000000000000 + g)::text,
       '+49 15' || lpad(g::text, 9, '0'), 'Number ' || g, (ARRAY['GREEN', 'YELLOW', 'RED'])[1 + g % 3], 'CONNECTED', now(), now()
FROM generate_series(1, 6000) g, LATERAL (SELECT 1 + (g - 1) % 3000 AS w) waba;

INSERT INTO tickets (id, client_id, number, kind, level, priority, status, waiting_on, title, waba_id, phone_number_id, assignee,
                     appealable, opened_at, updated_at, last_event_sequence)
SELECT pg_temp.id('ticket', g), pg_temp.id('client', 1 + w % 2000), g, 'account_restricted', 'number',
       (ARRAY['p1', 'p2', 'p3', 'p4'])[1 + (g * 11) % 4],
       (ARRAY['new', 'triage', 'remediation', 'submitted', 'recovery'])[1 + (g * 7) % 5], (ARRAY['us', 'client', 'meta'])[1 + g % 3],
       'Subject of ticket ' || g || ' about messages that do not arrive', pg_temp.id('waba', w), pg_temp.id('number', n),
       CASE WHEN g % 4 <> 0 THEN pg_temp.id('user', 1 + g % 200) END, 'unknown', at, at + interval '15 minutes', 3
FROM generate_series(1, :tickets) g,
     LATERAL (SELECT 1 + (g * 17) % 6000 AS n, date_trunc('minute', now()) - (:tickets + 10 - g) * interval '2 minutes' AS at) number,
     LATERAL (SELECT 1 + (n - 1) % 3000 AS w) waba;

INSERT INTO ticket_events (id, client_id, ticket_id, sequence, visibility, kind, actor_kind, actor_id, at)
SELECT pg_temp.id('event', t.number * 10 + s), t.client_id, t.id, s, (ARRAY['public', 'internal', 'public'])[s],
       CASE s WHEN 1 THEN jsonb_build_object('type', 'opened', 'priority', t.priority)
              WHEN 2 THEN jsonb_build_object('type', 'assigned', 'assignee', NULL)
              ELSE jsonb_build_object('type', 'replied', 'text', 'We look into ticket ' || t.number, 'byStaff', true) END,
       'staff', pg_temp.id('user', 1 + t.number % 200), t.opened_at + s * interval '5 minutes'
FROM tickets t CROSS JOIN generate_series(1, 3) s;

VACUUM ANALYZE;
