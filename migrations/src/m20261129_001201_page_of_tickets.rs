//! What lets a page of tickets be answered with few statements: credentials are looked up without a transaction of their own, and the
//! terms of SLA have a number that grows with every change of them, so that a process knows whether those that it holds are still good.
//!
//! The functions see every row, as signing in must; they give the runtime role nothing that it could not ask for by itself. They set the
//! visibility themselves: only a superuser may tie a setting of our own to a function.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001201_page_of_tickets",
    sql: r"
INSERT INTO counters (name, value) VALUES ('sla_terms', 0);
CREATE INDEX tickets_status_updated_idx ON tickets (status, updated_at, id);
@postgres{
CREATE FUNCTION user_of_sign_in(sign_in uuid, moment timestamptz) RETURNS SETOF users
LANGUAGE plpgsql ROWS 1 SET search_path FROM CURRENT AS $$
DECLARE
    before text := current_setting('app.visibility', true);
BEGIN
    PERFORM set_config('app.visibility', 'all', true);
    RETURN QUERY SELECT users.* FROM users JOIN sign_ins ON sign_ins.user_id = users.id
        WHERE sign_ins.id = sign_in AND sign_ins.revoked_at IS NULL AND sign_ins.expires_at > moment;
    PERFORM set_config('app.visibility', coalesce(before, ''), true);
END
$$;
CREATE FUNCTION api_token_of_secret(hash text, moment timestamptz) RETURNS SETOF api_tokens
LANGUAGE plpgsql ROWS 1 SET search_path FROM CURRENT AS $$
DECLARE
    before text := current_setting('app.visibility', true);
BEGIN
    PERFORM set_config('app.visibility', 'all', true);
    RETURN QUERY SELECT * FROM api_tokens
        WHERE secret_hash = hash OR (previous_secret_hash = hash AND previous_expires_at > moment);
    PERFORM set_config('app.visibility', coalesce(before, ''), true);
END
$$;
@}
",
    walls: &[],
};
