//! Files with all messages of a finding, and the record of who was shown recipients in clear. That record is only ever added to.

use domain::{
    ApiTokenId, AuditId, ClientId, EvidenceExportId, FindingId, Instant, JobId, UnmaskingId, UserId,
    audits::{AuditFailure, AuditState},
    evidence::{EvidenceExport, EvidenceFile, Unmasking},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QuerySelect as _,
    UpdateMany, sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::{
        evidence_exports::{ActiveModel, Column, Entity, Model},
        unmaskings,
    },
    page::{self, By, Keyset, Page},
    rows::{Place, one},
};

const TABLE: &str = "evidence_exports";
const UNMASKINGS: &str = "unmaskings";

fn from_row(row: Model) -> Result<EvidenceExport, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    let file = match (row.path, row.rows, row.bytes, row.sha256, row.expires_at) {
        (Some(path), Some(rows), Some(bytes), Some(sha256), Some(expires_at)) => Some(EvidenceFile {
            path,
            rows: place.number("rows", rows)?,
            bytes: place.number("bytes", bytes)?,
            sha256,
            expires_at,
        }),
        _ => None,
    };
    Ok(EvidenceExport {
        id: EvidenceExportId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        audit: AuditId::from_uuid(row.audit_id),
        finding: FindingId::from_uuid(row.finding_id),
        job: row.job_id.map(JobId::from_uuid),
        state: place.word("state", &row.state)?,
        format: place.word("format", &row.format)?,
        is_masked: row.masked,
        reason: row.reason,
        requested_by: row.requested_by.map(UserId::from_uuid),
        requested_by_token: row.requested_by_token.map(ApiTokenId::from_uuid),
        requested_at: row.requested_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        file,
        failure: place.word_if("error", row.error.as_deref())?,
    })
}

/// Adds an export that was asked for.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn insert(tx: &Tx, export: &EvidenceExport) -> Result<(), StoreError> {
    tx.admit(Some(export.client))?;
    let row = ActiveModel {
        id: Set(export.id.uuid()),
        client_id: Set(export.client.uuid()),
        audit_id: Set(export.audit.uuid()),
        finding_id: Set(export.finding.uuid()),
        job_id: Set(export.job.map(JobId::uuid)),
        state: Set(export.state.as_str().to_owned()),
        format: Set(export.format.as_str().to_owned()),
        masked: Set(export.is_masked),
        reason: Set(export.reason.clone()),
        requested_by: Set(export.requested_by.map(UserId::uuid)),
        requested_by_token: Set(export.requested_by_token.map(ApiTokenId::uuid)),
        requested_at: Set(export.requested_at),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[EvidenceExportId]) -> Result<Vec<EvidenceExport>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The export that this job writes, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_job(tx: &Tx, job: JobId) -> Result<Option<EvidenceExport>, StoreError> {
    let select = tx.scoped(Entity::find().filter(Column::JobId.eq(job.uuid())), Column::ClientId);
    select.one(tx.connection()).await?.map(from_row).transpose()
}

/// A page of the exports of a finding, by the time of asking.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, finding: FindingId, keyset: &Keyset) -> Result<Page<EvidenceExport>, StoreError> {
    let select = tx.scoped(Entity::find().filter(Column::FindingId.eq(finding.uuid())), Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::RequestedAt, id: Column::Id }, from_row).await
}

/// The objects of the lake that exports name and that have not expired at `now`.
///
/// # Errors
/// The database is unavailable.
pub async fn paths(tx: &Tx, now: Instant) -> Result<Vec<String>, StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::Path)
        .filter(Column::Path.is_not_null())
        .filter(Column::ExpiresAt.gt(now));
    Ok(tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?)
}

fn update(tx: &Tx, id: EvidenceExportId) -> UpdateMany<Entity> {
    tx.scoped(Entity::update_many().filter(Column::Id.eq(id.uuid())), Column::ClientId)
}

/// A worker has it.
///
/// # Errors
/// There is no such export, or the database is unavailable.
pub async fn start(tx: &Tx, id: EvidenceExportId, now: Instant) -> Result<(), StoreError> {
    let update = update(tx, id)
        .col_expr(Column::State, Expr::value(AuditState::Running.as_str()))
        .col_expr(Column::StartedAt, Expr::col(Column::StartedAt).if_null(now));
    one(TABLE, &update.exec(tx.connection()).await?)
}

/// It waits for a worker again.
///
/// # Errors
/// There is no such export, or the database is unavailable.
pub async fn requeue(tx: &Tx, id: EvidenceExportId) -> Result<(), StoreError> {
    let change = ActiveModel { state: Set(AuditState::Queued.as_str().to_owned()), ..ActiveModel::default() };
    one(TABLE, &update(tx, id).set(change).exec(tx.connection()).await?)
}

/// It has ended without a file: given up because of `failure`, or cancelled.
///
/// # Errors
/// There is no such export, or the database is unavailable.
pub async fn abandon(
    tx: &Tx,
    id: EvidenceExportId,
    failure: Option<AuditFailure>,
    now: Instant,
) -> Result<(), StoreError> {
    let state = if failure.is_some() { AuditState::Failed } else { AuditState::Cancelled };
    let change = ActiveModel {
        state: Set(state.as_str().to_owned()),
        error: Set(failure.map(|failure| failure.as_str().to_owned())),
        finished_at: Set(Some(now)),
        ..ActiveModel::default()
    };
    one(TABLE, &update(tx, id).set(change).exec(tx.connection()).await?)
}

/// It has ended with a file.
///
/// # Errors
/// There is no such export, or the database is unavailable.
pub async fn complete(tx: &Tx, id: EvidenceExportId, file: &EvidenceFile, now: Instant) -> Result<(), StoreError> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let change = ActiveModel {
        state: Set(AuditState::Completed.as_str().to_owned()),
        finished_at: Set(Some(now)),
        path: Set(Some(file.path.clone())),
        rows: Set(Some(number(file.rows))),
        bytes: Set(Some(number(file.bytes))),
        sha256: Set(Some(file.sha256.clone())),
        expires_at: Set(Some(file.expires_at)),
        ..ActiveModel::default()
    };
    one(TABLE, &update(tx, id).set(change).exec(tx.connection()).await?)
}

/// Records that somebody was shown recipients in clear.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn insert_unmasking(tx: &Tx, unmasking: &Unmasking) -> Result<(), StoreError> {
    tx.admit(Some(unmasking.client))?;
    let row = unmaskings::ActiveModel {
        id: Set(unmasking.id.uuid()),
        client_id: Set(unmasking.client.uuid()),
        export_id: Set(unmasking.export.uuid()),
        kind: Set(unmasking.kind.as_str().to_owned()),
        user_id: Set(unmasking.user.map(UserId::uuid)),
        token_id: Set(unmasking.token.map(ApiTokenId::uuid)),
        reason: Set(unmasking.reason.clone()),
        rows: Set(i64::try_from(unmasking.rows).unwrap_or(i64::MAX)),
        at: Set(unmasking.at),
    };
    unmaskings::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// A page of the records of which the transaction may know, of one client when one is given, by time.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn unmaskings_page(
    tx: &Tx,
    client: Option<ClientId>,
    keyset: &Keyset,
) -> Result<Page<Unmasking>, StoreError> {
    use unmaskings::{Column, Entity};
    let mut select = tx.scoped(Entity::find(), Column::ClientId);
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    let convert = |row: unmaskings::Model| {
        let place = Place { table: UNMASKINGS, id: row.id };
        Ok(Unmasking {
            id: UnmaskingId::from_uuid(row.id),
            client: ClientId::from_uuid(row.client_id),
            export: EvidenceExportId::from_uuid(row.export_id),
            kind: place.word("kind", &row.kind)?,
            user: row.user_id.map(UserId::from_uuid),
            token: row.token_id.map(ApiTokenId::from_uuid),
            reason: row.reason,
            rows: place.number("rows", row.rows)?,
            at: row.at,
        })
    };
    page::fetch(tx, select, keyset, By { column: Column::At, id: Column::Id }, convert).await
}
