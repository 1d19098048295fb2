//! Bad rows of imports: where they stand and what is wrong, never what they say.

use domain::{ImportId, imports::Import, ports::RowError};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::{
    StoreError, Tx,
    entity::import_row_errors::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
    rows::Place,
};

const TABLE: &str = "import_row_errors";
/// Rows of one insert.
const CHUNK: usize = 500;

fn from_row(row: Model) -> Result<RowError, StoreError> {
    let place = Place { table: TABLE, id: row.import_id };
    Ok(RowError {
        line: place.number("line", row.line)?,
        column: row.column_name.unwrap_or_default(),
        reason: row.reason,
    })
}

/// Keeps the bad rows of an import, in this order; once an import.
///
/// # Errors
/// `NotVisible`; `Conflict` when it has some already.
pub async fn add_row_errors(tx: &Tx, import: &Import, errors: &[RowError]) -> Result<(), StoreError> {
    tx.admit(Some(import.client))?;
    for (chunk, first) in errors.chunks(CHUNK).zip((1..).step_by(CHUNK)) {
        let rows = chunk.iter().zip(first..).map(|(error, ordinal)| ActiveModel {
            import_id: Set(import.id.uuid()),
            ordinal: Set(ordinal),
            client_id: Set(import.client.uuid()),
            line: Set(i64::try_from(error.line).unwrap_or(i64::MAX)),
            column_name: Set((!error.column.is_empty()).then(|| error.column.clone())),
            reason: Set(error.reason.clone()),
        });
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// A page of the bad rows of an import, in the order of the file.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn row_errors(tx: &Tx, import: ImportId, keyset: &Keyset) -> Result<Page<RowError>, StoreError> {
    let select = Entity::find().filter(Column::ImportId.eq(import.uuid()));
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::Ordinal, id: Column::ImportId }, from_row).await
}
