//! How staff organises work on tickets: teams, watchers, tags, replies that are written beforehand, and lists that are kept.

use crate::{
    script::Script,
    wall::Wall::{Client, System},
};

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_000306_ticket_work",
    sql: r"
CREATE TABLE teams (
    id @uuid NOT NULL PRIMARY KEY,
    name text NOT NULL CONSTRAINT teams_name_key UNIQUE,
    lead @uuid REFERENCES users (id),
    created_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1
) @options;

CREATE TABLE team_members (
    team_id @uuid NOT NULL REFERENCES teams (id),
    user_id @uuid NOT NULL REFERENCES users (id),
    PRIMARY KEY (team_id, user_id)
) @options;
CREATE INDEX team_members_user_idx ON team_members (user_id);

ALTER TABLE tickets ADD COLUMN team_id @uuid REFERENCES teams (id);
CREATE INDEX tickets_team_idx ON tickets (team_id, id) WHERE team_id IS NOT NULL;

CREATE TABLE ticket_watchers (
    ticket_id @uuid NOT NULL,
    user_id @uuid NOT NULL REFERENCES users (id),
    client_id @uuid NOT NULL,
    PRIMARY KEY (ticket_id, user_id),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;
CREATE INDEX ticket_watchers_user_idx ON ticket_watchers (user_id, ticket_id);

CREATE TABLE ticket_tags (
    ticket_id @uuid NOT NULL,
    tag text NOT NULL,
    client_id @uuid NOT NULL,
    PRIMARY KEY (ticket_id, tag),
    FOREIGN KEY (client_id, ticket_id) REFERENCES tickets (client_id, id)
) @options;
CREATE INDEX ticket_tags_tag_idx ON ticket_tags (tag, ticket_id);

CREATE TABLE reply_macros (
    id @uuid NOT NULL PRIMARY KEY,
    name text NOT NULL CONSTRAINT reply_macros_name_key UNIQUE,
    body text NOT NULL,
    updated_by @uuid,
    updated_at @instant NOT NULL,
    version integer NOT NULL DEFAULT 1
) @options;

CREATE TABLE saved_views (
    id @uuid NOT NULL PRIMARY KEY,
    client_id @uuid REFERENCES clients (id),
    user_id @uuid NOT NULL,
    name text NOT NULL,
    view @json NOT NULL,
    created_at @instant NOT NULL,
    CONSTRAINT saved_views_user_id_name_key UNIQUE (user_id, name)
) @options;
",
    walls: &[
        ("teams", System),
        ("team_members", System),
        ("ticket_watchers", Client),
        ("ticket_tags", Client),
        ("reply_macros", System),
        ("saved_views", Client),
    ],
};
