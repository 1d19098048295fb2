//! People whom a former provider had suppressed. Rows of an import that is not completed count for nothing.

use domain::{
    ClientId, ImportId,
    imports::{ImportKind, ImportState},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{Expr, OnConflict},
};

use crate::{
    StoreError, Tx,
    entity::{
        imports,
        suppressed_recipients::{ActiveModel, Column, Entity},
    },
};

/// Rows of one statement.
const CHUNK: usize = 500;

/// Adds people of an import that runs; those that it named already stay once.
///
/// # Errors
/// `NotVisible`; the database is unavailable.
pub async fn add(tx: &Tx, client: ClientId, import: ImportId, recipients: &[String]) -> Result<(), StoreError> {
    tx.admit(Some(client))?;
    for chunk in recipients.chunks(CHUNK) {
        let rows = chunk.iter().map(|recipient| ActiveModel {
            client_id: Set(client.uuid()),
            import_id: Set(import.uuid()),
            recipient: Set(recipient.clone()),
        });
        // Of a person who is named twice the first row stays.
        let insert = Entity::insert_many(rows).on_conflict(OnConflict::new().do_nothing().to_owned());
        insert.exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// The completed imports that told of a client's suppressed people, the first before the others.
///
/// # Errors
/// The database is unavailable.
pub async fn imports(tx: &Tx, client: ClientId) -> Result<Vec<ImportId>, StoreError> {
    let told = Entity::find().select_only().column(Column::ImportId).filter(Column::ClientId.eq(client.uuid()));
    let select = imports::Entity::find()
        .select_only()
        .column(imports::Column::Id)
        .filter(imports::Column::ClientId.eq(client.uuid()))
        .filter(imports::Column::State.eq(ImportState::Completed.as_str()))
        .filter(imports::Column::Id.in_subquery(told.into_query()))
        .order_by_asc(imports::Column::Id);
    let ids: Vec<uuid::Uuid> = tx.scoped(select, imports::Column::ClientId).into_tuple().all(tx.connection()).await?;
    Ok(ids.into_iter().map(ImportId::from_uuid).collect())
}

/// The people of whom these imports told, each once.
///
/// # Errors
/// The database is unavailable.
pub async fn of_imports(tx: &Tx, client: ClientId, imports: &[ImportId]) -> Result<Vec<String>, StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::Recipient)
        .distinct()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::ImportId.is_in(imports.iter().map(|import| import.uuid())));
    Ok(tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?)
}

/// How many people these imports told of.
///
/// # Errors
/// The database is unavailable.
pub async fn count(tx: &Tx, client: ClientId, imports: &[ImportId]) -> Result<u64, StoreError> {
    let select = Entity::find()
        .select_only()
        .column_as(Expr::cust("count(DISTINCT recipient)"), "people")
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::ImportId.is_in(imports.iter().map(|import| import.uuid())));
    let people: Option<i64> = tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    Ok(people.unwrap_or_default().unsigned_abs())
}

/// Imports that were given up and left rows, at most `limit`.
///
/// # Errors
/// The database is unavailable.
pub async fn left(tx: &Tx, limit: u64) -> Result<Vec<(ImportId, ClientId)>, StoreError> {
    let of_import = Entity::find()
        .select_only()
        .column(Column::ImportId)
        .filter(Expr::col((Entity, Column::ClientId)).equals((imports::Entity, imports::Column::ClientId)))
        .filter(Expr::col((Entity, Column::ImportId)).equals((imports::Entity, imports::Column::Id)));
    let select = imports::Entity::find()
        .select_only()
        .columns([imports::Column::Id, imports::Column::ClientId])
        .filter(imports::Column::Kind.eq(ImportKind::Assets.as_str()))
        .filter(imports::Column::State.eq(ImportState::Failed.as_str()))
        .filter(Expr::exists(of_import.into_query()))
        .limit(limit);
    let rows: Vec<(uuid::Uuid, uuid::Uuid)> =
        tx.scoped(select, imports::Column::ClientId).into_tuple().all(tx.connection()).await?;
    Ok(rows.into_iter().map(|(import, client)| (ImportId::from_uuid(import), ClientId::from_uuid(client))).collect())
}

/// Deletes rows of an import, at most `limit`; whether none is left.
///
/// # Errors
/// The database is unavailable.
pub async fn tidy(tx: &Tx, client: ClientId, import: ImportId, limit: u64) -> Result<bool, StoreError> {
    let of_import = Column::ClientId.eq(client.uuid()).and(Column::ImportId.eq(import.uuid()));
    let next = Entity::find()
        .select_only()
        .column(Column::Recipient)
        .filter(of_import.clone())
        .order_by_asc(Column::Recipient)
        .limit(limit);
    let delete = Entity::delete_many().filter(of_import).filter(Column::Recipient.in_subquery(next.into_query()));
    let deleted = tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?;
    Ok(deleted.rows_affected < limit)
}
