//! Imports of files, and their bad rows.

mod row_errors;

use domain::{
    ClientId, ImportId, Instant, UserId,
    imports::{Import, ImportFailure, ImportKind, ImportState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    UpdateMany,
};

use crate::{
    StoreError, Tx,
    entity::imports::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
    rows::{Place, one_of},
};

pub use row_errors::{add_row_errors, row_errors};

const TABLE: &str = "imports";
const RUNNING: &str = ImportState::Running.as_str();

/// Nothing of the import is left to be entered into the ledger or tidied up.
pub(crate) const DONE: i32 = 0;
/// Its events wait.
pub(crate) const STAGED: i32 = 1;
/// Its events are being entered into the ledger; one import of a client at a time.
pub(crate) const SETTLING: i32 = 2;

/// The unique key that a second completed import of the same content violates.
pub const TWIN_KEY: &str = "imports_client_id_kind_content_sha256_key";

/// What a completed import found.
#[derive(Debug, Clone, Copy)]
pub struct Completion<'a> {
    /// Rows kept.
    pub accepted: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Columns of the file that nobody knows.
    pub unknown_columns: &'a [String],
}

fn from_row(row: Model) -> Result<Import, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    let failure = row.error.map(|text| serde_json::from_str::<ImportFailure>(&text)).transpose();
    Ok(Import {
        id: ImportId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        kind: place.word("kind", &row.kind)?,
        state: place.word("state", &row.state)?,
        file_name: row.file_name,
        content_sha256: row.content_sha256.unwrap_or_default(),
        accepted: place.number("accepted", row.accepted)?,
        rejected: place.number("rejected", row.rejected)?,
        unknown_columns: place.json("unknown_columns", row.unknown_columns)?,
        failure: failure.map_err(|_| StoreError::inconsistent_uuid(TABLE, "error", row.id))?,
        created_by: row.created_by.map(UserId::from_uuid),
        created_at: row.created_at,
        finished_at: row.finished_at,
    })
}

/// Adds an import that runs.
///
/// # Errors
/// `NotVisible`; `Reference` when there is no such client.
pub async fn insert(tx: &Tx, import: &Import) -> Result<(), StoreError> {
    tx.admit(Some(import.client))?;
    let row = ActiveModel {
        id: Set(import.id.uuid()),
        client_id: Set(import.client.uuid()),
        kind: Set(import.kind.as_str().to_owned()),
        state: Set(RUNNING.to_owned()),
        file_name: Set(import.file_name.clone()),
        content_sha256: Set(Some(import.content_sha256.clone())),
        accepted: Set(0),
        rejected: Set(0),
        unknown_columns: Set(serde_json::json!([])),
        error: Set(None),
        created_by: Set(import.created_by.map(UserId::uuid)),
        created_at: Set(import.created_at),
        finished_at: Set(None),
        heartbeat_at: Set(import.created_at),
        ledger_stage: Set(if import.kind == ImportKind::Consents { STAGED } else { DONE }),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[ImportId]) -> Result<Vec<Import>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// A page, by the time of beginning; of one client when `client` names it.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<Import>, StoreError> {
    let mut select = tx.scoped(Entity::find(), Column::ClientId);
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    page::fetch(tx, select, keyset, By { column: Column::CreatedAt, id: Column::Id }, from_row).await
}

/// The kinds of which the client has a completed import, one that was empty too.
///
/// # Errors
/// The database is unavailable.
pub async fn kinds_given(tx: &Tx, client: ClientId) -> Result<Vec<ImportKind>, StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::Kind)
        .distinct()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::State.eq(ImportState::Completed.as_str()))
        .order_by_asc(Column::Kind);
    let kinds: Vec<String> = tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    let kind = |word: String| word.parse().map_err(|_| StoreError::inconsistent_uuid(TABLE, "kind", client.uuid()));
    kinds.into_iter().map(kind).collect()
}

/// The completed import of this content, if there is one.
///
/// # Errors
/// The database is unavailable.
pub async fn twin(
    tx: &Tx,
    client: ClientId,
    kind: ImportKind,
    content_sha256: &str,
) -> Result<Option<Import>, StoreError> {
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(Column::ContentSha256.eq(content_sha256))
        .filter(Column::State.eq(ImportState::Completed.as_str()));
    tx.scoped(select, Column::ClientId).one(tx.connection()).await?.map(from_row).transpose()
}

/// The import, as long as it runs.
pub(crate) fn running(tx: &Tx, id: ImportId, change: ActiveModel) -> UpdateMany<Entity> {
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id.uuid())).filter(Column::State.eq(RUNNING));
    tx.scoped(update, Column::ClientId)
}

/// Says that an import is still being read. Returns whether it may go on: false when somebody gave it up.
///
/// # Errors
/// The database is unavailable.
pub async fn heartbeat(tx: &Tx, id: ImportId, now: Instant) -> Result<bool, StoreError> {
    let change = ActiveModel { heartbeat_at: Set(now), ..ActiveModel::default() };
    Ok(running(tx, id, change).exec(tx.connection()).await?.rows_affected == 1)
}

/// Completes an import. Returns whether it was running still.
///
/// # Errors
/// `Conflict` on [`TWIN_KEY`] when another import of the same content was completed first.
pub async fn complete(tx: &Tx, id: ImportId, completion: Completion<'_>, now: Instant) -> Result<bool, StoreError> {
    let number =
        |column, value: u64| i64::try_from(value).map_err(|_| StoreError::inconsistent_uuid(TABLE, column, id.uuid()));
    let change = ActiveModel {
        state: Set(ImportState::Completed.as_str().to_owned()),
        accepted: Set(number("accepted", completion.accepted)?),
        rejected: Set(number("rejected", completion.rejected)?),
        unknown_columns: Set(serde_json::json!(completion.unknown_columns)),
        finished_at: Set(Some(now)),
        heartbeat_at: Set(now),
        ledger_stage: Set(DONE),
        ..ActiveModel::default()
    };
    Ok(running(tx, id, change).exec(tx.connection()).await?.rows_affected == 1)
}

/// Gives an import up; what it left is tidied up by [`crate::consents::tidy`]. Returns whether it was running still.
///
/// # Errors
/// The database is unavailable.
pub async fn fail(tx: &Tx, id: ImportId, failure: &ImportFailure, now: Instant) -> Result<bool, StoreError> {
    let text = serde_json::to_string(failure).map_err(|_| StoreError::inconsistent_uuid(TABLE, "error", id.uuid()))?;
    let change = ActiveModel {
        state: Set(ImportState::Failed.as_str().to_owned()),
        error: Set(Some(text)),
        finished_at: Set(Some(now)),
        ..ActiveModel::default()
    };
    Ok(running(tx, id, change).exec(tx.connection()).await?.rows_affected == 1)
}

/// Imports that run and gave no sign of life since `before`, the most silent first.
///
/// # Errors
/// The database is unavailable.
pub async fn silent(tx: &Tx, before: Instant, limit: u64) -> Result<Vec<Import>, StoreError> {
    let select = Entity::find()
        .filter(Column::State.eq(RUNNING))
        .filter(Column::HeartbeatAt.lt(before))
        .order_by_asc(Column::HeartbeatAt)
        .limit(limit);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}
