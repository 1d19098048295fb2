//! Many rows in one statement with one argument: JSON, which both stores take apart by themselves. A statement with an argument for
//! each value of each row costs several times as much to write, to hand over and to understand.

use sea_orm::{
    ColumnTrait as _, ColumnType, ConnectionTrait as _, DbBackend, EntityTrait, IdenStatic, ModelTrait, Statement,
    Value as Held,
};
use serde_json::{Value, json};

use crate::{StoreError, Tx};

/// Rows of one statement at most.
const CHUNK: usize = 1_000;

/// Writes `columns` of rows, and returns how many were written. `then` says what to do where a row exists. The caller has admitted the
/// rows' clients.
///
/// # Errors
/// The database is unavailable, or holds a row that stands in the way.
pub(crate) async fn insert<E>(tx: &Tx, columns: &[E::Column], rows: &[E::Model], then: &str) -> Result<u64, StoreError>
where
    E: EntityTrait,
    E::Model: Sync,
{
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let values: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(place, column)| value(backend, place, column.def().get_column_type()))
        .collect();
    let items = match backend {
        DbBackend::Postgres => "jsonb_array_elements($1::jsonb) AS item (value)",
        _ => "json_each($1) AS item",
    };
    // Without a condition SQLite would take ON CONFLICT for one of a join.
    let sql = format!(
        "INSERT INTO {} ({}) SELECT {} FROM {items} WHERE true {then}",
        E::default().table_name(),
        names.join(", "),
        values.join(", "),
    );
    let mut affected = 0;
    for chunk in rows.chunks(CHUNK) {
        let rows: Vec<Vec<Value>> =
            chunk.iter().map(|row| columns.iter().map(|column| written(row.get(*column))).collect()).collect();
        let statement = Statement::from_sql_and_values(backend, sql.as_str(), [json!(rows).to_string().into()]);
        affected += connection.execute_raw(statement).await?.rows_affected();
    }
    Ok(affected)
}

/// The value at `place` of an item, as a column of this type holds it.
fn value(backend: DbBackend, place: usize, of: &ColumnType) -> String {
    let text = format!("item.value ->> {place}");
    match (of, backend) {
        (ColumnType::Json | ColumnType::JsonBinary, _) => format!("item.value -> {place}"),
        (ColumnType::Uuid, DbBackend::Postgres) => format!("({text})::uuid"),
        (ColumnType::Integer | ColumnType::BigInteger, DbBackend::Postgres) => format!("({text})::bigint"),
        (ColumnType::TimestampWithTimeZone, DbBackend::Postgres) => format!("({text})::timestamptz"),
        (ColumnType::Boolean, DbBackend::Postgres) => format!("({text})::boolean"),
        (ColumnType::Uuid, _) => format!("unhex({text})"),
        _ => text,
    }
}

/// A value in JSON: ids by their digits, instants as SQLite keeps them.
fn written(held: Held) -> Value {
    match held {
        Held::Uuid(Some(id)) => json!(id.simple().to_string()),
        Held::String(Some(text)) => json!(text),
        Held::Int(Some(number)) => json!(number),
        Held::BigInt(Some(number)) => json!(number),
        Held::Bool(Some(flag)) => json!(flag),
        Held::Json(Some(value)) => json!(value),
        Held::ChronoDateTimeUtc(Some(at)) => json!(at.to_rfc3339()),
        _ => Value::Null,
    }
}
