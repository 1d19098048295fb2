//! Row-level security on PostgreSQL: the second wall behind the scoped queries. SQLite has none.
//!
//! A transaction says what it may know of by two settings that end with it: `app.visibility` (`all` or `list`) and
//! `app.clients` (uuids with commas between). Where neither is set no row is seen.

use std::fmt::Write as _;

/// Who sees the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wall {
    /// Those who may know of the client in `client_id`; without one, those who may know of all.
    Client,
    /// The same, and rows are only ever added.
    ClientAppendOnly,
    /// The same, with the client in another column.
    ClientIs(&'static str),
    /// As `Client`, but rows without a client can be read (not written) by all.
    Shared,
    /// The same, and rows are only ever added.
    SharedAppendOnly,
    /// A log of what was done to clients: read as `Client`, rows without a client can be added by all, and rows are only ever added,
    /// which triggers hold on SQLite.
    ClientLog,
    /// Those who may know of all.
    System,
    /// The same, and rows are only ever added, which triggers hold on SQLite.
    SystemLog,
    /// Everybody: the table says nothing of anybody.
    Open,
}

/// Sub-selects, so that the settings are read once a query and not once a row.
const SEES_ALL: &str = "(SELECT current_setting('app.visibility', true)) = 'all'";
const LISTED: &str =
    "ANY ((SELECT string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])";

impl Wall {
    /// The statements that put `table` behind the wall.
    pub(crate) fn sql(self, table: &str) -> String {
        let condition = match self {
            Self::Open => return String::new(),
            Self::System | Self::SystemLog => SEES_ALL.to_owned(),
            Self::ClientIs(column) => format!("{SEES_ALL} OR {column} = {LISTED}"),
            Self::Client | Self::ClientAppendOnly | Self::ClientLog | Self::Shared | Self::SharedAppendOnly => {
                format!("{SEES_ALL} OR client_id = {LISTED}")
            }
        };
        let mut sql = format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n\
             CREATE POLICY visibility ON {table} USING ({condition}) WITH CHECK ({condition});\n"
        );
        if matches!(self, Self::Shared | Self::SharedAppendOnly) {
            let _ = writeln!(
                sql,
                "CREATE POLICY shared ON {table} FOR SELECT USING (client_id IS NULL \
                 AND (SELECT nullif(current_setting('app.visibility', true), '')) IS NOT NULL);"
            );
        }
        if self == Self::ClientLog {
            let _ = writeln!(sql, "CREATE POLICY entry ON {table} FOR INSERT WITH CHECK (client_id IS NULL);");
        }
        sql
    }

    /// The statements that hold on SQLite what privileges hold on PostgreSQL.
    pub(crate) fn sqlite_sql(self, table: &str) -> String {
        if !matches!(self, Self::ClientLog | Self::SystemLog) {
            return String::new();
        }
        let refusal = |event: &str| {
            format!(
                "CREATE TRIGGER {table}_no_{lower} BEFORE {event} ON {table} \
                 BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END;\n",
                lower = event.to_lowercase()
            )
        };
        refusal("UPDATE") + &refusal("DELETE")
    }

    /// What the runtime role may do with the table.
    pub(crate) const fn privileges(self) -> &'static str {
        match self {
            Self::ClientAppendOnly | Self::ClientLog | Self::SharedAppendOnly | Self::SystemLog => "SELECT, INSERT",
            _ => "SELECT, INSERT, UPDATE, DELETE",
        }
    }
}
