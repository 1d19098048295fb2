//! The schema that the migrations leave is the one that the entities describe: every column, its type, whether it may be absent.

use std::collections::BTreeMap;

use domain::access::Visibility;
use sea_orm::{
    ColumnTrait as _, ColumnType, ConnectionTrait as _, DbBackend, EntityName as _, EntityTrait, IdenStatic as _,
    Iterable as _, Statement,
};

use crate::{Tx, both_stores, entity::for_each_table, testing::TestStore};

/// Name to type and whether it may be absent.
type Columns = BTreeMap<String, (String, bool)>;

fn described<E: EntityTrait>(backend: DbBackend) -> Columns {
    let column = |column: E::Column| {
        let definition = column.def();
        let (on_postgres, on_sqlite) = match definition.get_column_type() {
            ColumnType::Uuid => ("uuid", "BLOB"),
            ColumnType::String(_) | ColumnType::Text => ("text", "TEXT"),
            ColumnType::BigInteger => ("bigint", "INTEGER"),
            ColumnType::Integer => ("integer", "INTEGER"),
            ColumnType::Boolean => ("boolean", "INTEGER"),
            ColumnType::TimestampWithTimeZone => ("timestamp with time zone", "TEXT"),
            ColumnType::VarBinary(_) | ColumnType::Blob => ("bytea", "BLOB"),
            ColumnType::Json | ColumnType::JsonBinary => ("jsonb", "TEXT"),
            other => panic!("{other:?} has no place in the schema"),
        };
        let kind = if backend == DbBackend::Postgres { on_postgres } else { on_sqlite };
        (column.as_str().to_owned(), (kind.to_owned(), definition.is_null()))
    };
    E::Column::iter().map(column).collect()
}

async fn found(tx: &Tx, table: &str) -> Columns {
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT column_name::text AS name, data_type::text AS type, is_nullable = 'YES' AS absent
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1"
        }
        // The key of rows that number themselves is never absent, and not declared so.
        _ => "SELECT name, upper(type) AS type, \"notnull\" = 0 AND pk = 0 AS absent FROM pragma_table_info($1)",
    };
    let statement = Statement::from_sql_and_values(backend, sql, [table.into()]);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            let absent = row.try_get("", "absent").unwrap();
            (row.try_get("", "name").unwrap(), (row.try_get("", "type").unwrap(), absent))
        })
        .collect()
}

async fn tables(tx: &Tx) -> Vec<String> {
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1",
    };
    let rows = connection.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

both_stores! {
    async fn every_column_is_as_its_entity_says(store: TestStore) {
        let tx = store.read(&Visibility::System).await.unwrap();
        let backend = tx.connection().get_database_backend();
        macro_rules! compare {
            ($($table:ident)*) => {$(
                let name = crate::entity::$table::Entity.table_name();
                assert_eq!(found(&tx, name).await, described::<crate::entity::$table::Entity>(backend), "{name}");
            )*};
        }
        for_each_table!(compare);
    }

    async fn every_table_has_its_entity(store: TestStore) {
        let mut known = store.check_schema().await.unwrap();
        known.push("seaql_migrations");
        known.sort_unstable();
        let tx = store.read(&Visibility::System).await.unwrap();
        // What is searched and never read as rows: on SQLite a table of FTS5, and those that it keeps for itself.
        let kept = tables(&tx).await.into_iter().filter(|table| !table.starts_with("ticket_search"));
        assert_eq!(kept.collect::<Vec<_>>(), known);
    }
}
