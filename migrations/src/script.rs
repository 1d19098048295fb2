//! A migration as text: one SQL for both stores, where a word with an `@` stands for what they spell differently.

use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager, async_trait,
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
};

use crate::wall::Wall;

/// One migration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    /// Its name for ever: migrations run in the order of their names.
    pub(crate) name: &'static str,
    /// Its statements.
    pub(crate) sql: &'static str,
    /// Every table that it creates, and who sees the rows.
    pub(crate) walls: &'static [(&'static str, Wall)],
}

/// What stands for each word on PostgreSQL and on SQLite. Beside words there are parts for one store alone, between `@postgres{` or
/// `@sqlite{` and `@}`, for what the other has not at all.
///
/// On SQLite a uuid is 16 bytes and an instant a text in RFC 3339 (UTC, fraction only as long as needed), which sorts as
/// instants do because `+` sorts before `.` and before every digit.
const WORDS: &[(&str, &str, &str)] = &[
    ("@uuid", "uuid", "blob"),
    ("@instant", "timestamptz", "text"),
    ("@json", "jsonb", "text"),
    ("@bytes", "bytea", "blob"),
    ("@bool", "boolean", "integer"),
    ("@bigint", "bigint", "integer"),
    // Keyset pages compare texts: by bytes on both stores.
    ("@sorted_text", "text COLLATE \"C\"", "text"),
    ("@identity", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "integer PRIMARY KEY AUTOINCREMENT"),
    ("@options", "", "STRICT"),
    // The rest of the line is for one of them alone.
    ("@on_postgres", "", "--"),
    ("@on_sqlite", "--", ""),
];

impl Script {
    /// The statements for one store.
    pub(crate) fn render(&self, backend: DbBackend) -> String {
        let postgres = backend == DbBackend::Postgres;
        let (ours, theirs) = if postgres { ("@postgres{", "@sqlite{") } else { ("@sqlite{", "@postgres{") };
        let mut sql = String::with_capacity(self.sql.len());
        for part in self.sql.split_inclusive("@}") {
            let (common, alone) = part.split_once(theirs).map_or((part, ""), |(common, _)| (common, "@}"));
            sql += common;
            sql += alone;
        }
        let mut sql = sql.replace(ours, "").replace("@}", "");
        for (word, on_postgres, on_sqlite) in WORDS {
            sql = sql.replace(word, if postgres { on_postgres } else { on_sqlite });
        }
        for (table, wall) in self.walls {
            sql += &if postgres { wall.sql(table) } else { wall.sqlite_sql(table) };
        }
        sql
    }
}

impl MigrationName for Script {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Script {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        database.execute_unprepared(&self.render(database.get_database_backend())).await.map(drop)
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SCRIPTS;

    #[test]
    fn no_word_is_left_unspelled() {
        for script in SCRIPTS {
            for backend in [DbBackend::Postgres, DbBackend::Sqlite] {
                let sql = script.render(backend);
                // Two of them are an operator of PostgreSQL's, which stands alone.
                let left = sql.match_indices('@').find(|(place, _)| !sql[place + 1..].starts_with(['@', ' ']));
                assert_eq!(left, None, "{}", script.name);
            }
        }
    }

    #[test]
    fn a_part_for_one_store_is_there_alone() {
        let script = Script { name: "x", sql: "A; @sqlite{B;@} @postgres{C;@} D @bigint;", walls: &[] };
        assert_eq!(script.render(DbBackend::Postgres), "A;  C; D bigint;");
        assert_eq!(script.render(DbBackend::Sqlite), "A; B;  D integer;");
    }

    #[test]
    fn every_table_says_who_sees_its_rows() {
        for script in SCRIPTS {
            let created: Vec<_> = script
                .sql
                .split("CREATE TABLE ")
                .skip(1)
                .map(|rest| rest.split_whitespace().next().unwrap_or_default())
                .collect();
            for table in &created {
                assert!(script.walls.iter().any(|(name, _)| name == table), "{table} of {}", script.name);
            }
            assert_eq!(created.len(), script.walls.len(), "{}", script.name);
        }
    }

    #[test]
    fn names_are_in_order() {
        assert!(SCRIPTS.is_sorted_by_key(|script| script.name));
    }
}
