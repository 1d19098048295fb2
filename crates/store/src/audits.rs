//! Audits. Their reports are read apart, by [`reports`]: a page of audits needs none.

use domain::{
    AuditId, ClientId, Instant, JobId, SegmentId, UserId,
    audits::{Audit, AuditFailure, AuditState},
    thresholds::UsedThresholds,
    traffic::{Period, Report, Surroundings, Totals},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, Iterable as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, UpdateMany, sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::{
        audit_segments,
        audits::{ActiveModel, Column, Entity, Model},
    },
    page::{self, By, Keyset, Page, Span},
    rows::{Place, one},
};

const TABLE: &str = "audits";
/// Rows of one insert.
const CHUNK: usize = 500;

/// Everything but what is large: the report and the surroundings.
fn select() -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns(Column::iter().filter(|column| !matches!(column, Column::Report | Column::Surroundings)))
        .expr_as(Expr::cust("NULL"), "report")
        .expr_as(Expr::cust("NULL"), "surroundings")
}

fn from_row(row: Model) -> Result<Audit, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(Audit {
        id: AuditId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        job: row.job_id.map(JobId::from_uuid),
        state: place.word("state", &row.state)?,
        parameters: place.json("parameters", row.parameters)?,
        thresholds: UsedThresholds {
            versions: match row.threshold_versions {
                Some(ids) => place.json("threshold_versions", ids)?,
                None => Vec::new(),
            },
            values: row.thresholds.unwrap_or_default(),
        },
        period: Period { from: row.period_from, to: row.period_to },
        is_provisional: row.provisional,
        requested_by: row.requested_by.map(UserId::from_uuid),
        requested_at: row.requested_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        previous: row.previous_audit_id.map(AuditId::from_uuid),
        failure: place.word_if("error", row.error.as_deref())?,
    })
}

/// Adds an audit that was asked for.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn insert(tx: &Tx, audit: &Audit) -> Result<(), StoreError> {
    tx.admit(Some(audit.client))?;
    let unreadable = |_| StoreError::inconsistent_uuid(TABLE, "parameters", audit.id.uuid());
    let versions = serde_json::to_value(&audit.thresholds.versions).map_err(unreadable)?;
    let row = ActiveModel {
        id: Set(audit.id.uuid()),
        client_id: Set(audit.client.uuid()),
        job_id: Set(audit.job.map(JobId::uuid)),
        state: Set(audit.state.as_str().to_owned()),
        parameters: Set(serde_json::to_value(&audit.parameters).map_err(unreadable)?),
        threshold_versions: Set(Some(versions)),
        thresholds: Set(Some(audit.thresholds.values.clone()).filter(|values| *values != serde_json::Value::Null)),
        period_from: Set(audit.period.from),
        period_to: Set(audit.period.to),
        provisional: Set(audit.is_provisional),
        requested_by: Set(audit.requested_by.map(UserId::uuid)),
        requested_at: Set(audit.requested_at),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The audit of this id, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_id(tx: &Tx, id: AuditId) -> Result<Option<Audit>, StoreError> {
    let select = tx.scoped(select().filter(Column::Id.eq(id.uuid())), Column::ClientId);
    select.one(tx.connection()).await?.map(from_row).transpose()
}

/// The audit that this job runs, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_job(tx: &Tx, job: JobId) -> Result<Option<Audit>, StoreError> {
    let select = tx.scoped(select().filter(Column::JobId.eq(job.uuid())), Column::ClientId);
    select.one(tx.connection()).await?.map(from_row).transpose()
}

/// Those of `ids` (some thousands at most) of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[AuditId]) -> Result<Vec<Audit>, StoreError> {
    let select = select().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// A page of the audits of which the transaction may know, of one client when one is given, by the time of asking.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<Audit>, StoreError> {
    let mut select = tx.scoped(select(), Column::ClientId);
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    page::fetch(tx, select, keyset, By { column: Column::RequestedAt, id: Column::Id }, from_row).await
}

/// The reports of those of `ids` that have one and of which the transaction may know, in no order. They hold no findings: those
/// stand in a table of their own.
///
/// # Errors
/// The database is unavailable.
pub async fn reports(tx: &Tx, ids: &[AuditId]) -> Result<Vec<(AuditId, Report)>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Report])
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(Column::Report.is_not_null());
    let rows: Vec<(uuid::Uuid, serde_json::Value)> =
        tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    rows.into_iter()
        .map(|(id, report)| Ok((AuditId::from_uuid(id), Place { table: TABLE, id }.json("report", report)?)))
        .collect()
}

/// A page of the client's audits that were completed in a time, by when they ended, with what they counted.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_of_counted(
    tx: &Tx,
    client: ClientId,
    span: Span,
    keyset: &Keyset,
) -> Result<Page<(Audit, Totals)>, StoreError> {
    // Of the report, which can be large, no more than its totals is read.
    let select = Entity::find()
        .select_only()
        .columns(Column::iter().filter(|column| !matches!(column, Column::Report | Column::Surroundings)))
        .expr_as(Expr::cust("report -> 'totals'"), "report")
        .expr_as(Expr::cust("NULL"), "surroundings")
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::State.eq(AuditState::Completed.as_str()))
        .filter(Column::Report.is_not_null())
        .filter(span.holds(Column::FinishedAt));
    let counted = |mut row: Model| {
        let place = Place { table: TABLE, id: row.id };
        let totals = place.json("report", row.report.take().unwrap_or_default())?;
        Ok((from_row(row)?, totals))
    };
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::FinishedAt, id: Column::Id }, counted).await
}

/// The client's last audit that was completed by `at`: the one whose period ends last, for an audit is made again long after its
/// period.
///
/// # Errors
/// The database is unavailable.
pub async fn last_by(tx: &Tx, client: ClientId, at: Instant) -> Result<Option<AuditId>, StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::State.eq(AuditState::Completed.as_str()))
        .filter(Column::FinishedAt.lte(at))
        .order_by_desc(Expr::col(Column::PeriodTo).is_not_null())
        .order_by_desc(Column::PeriodTo)
        .order_by_desc(Column::FinishedAt)
        .order_by_desc(Column::Id)
        .limit(1);
    let last: Option<uuid::Uuid> = tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    Ok(last.map(AuditId::from_uuid))
}

/// The completed audits of the client of `audit` that were asked for before it and whose period does not end after `to`, the
/// nearest first, at most `limit`.
///
/// # Errors
/// The database is unavailable.
pub async fn completed_before(tx: &Tx, audit: &Audit, to: Instant, limit: u64) -> Result<Vec<Audit>, StoreError> {
    let select = select()
        .filter(Column::ClientId.eq(audit.client.uuid()))
        .filter(Column::State.eq(AuditState::Completed.as_str()))
        .filter(Column::Id.ne(audit.id.uuid()))
        .filter(Column::RequestedAt.lte(audit.requested_at))
        .filter(Column::PeriodTo.lte(to))
        .order_by_desc(Column::PeriodTo)
        .order_by_desc(Column::RequestedAt)
        .limit(limit);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The completed audits of a client, the last that was asked for first, at most `limit`.
///
/// # Errors
/// The database is unavailable.
pub async fn completed(tx: &Tx, client: ClientId, limit: u64) -> Result<Vec<Audit>, StoreError> {
    let select = select()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::State.eq(AuditState::Completed.as_str()))
        .order_by_desc(Column::RequestedAt)
        .order_by_desc(Column::Id)
        .limit(limit);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Nobody has asked for the same period and profile since, whatever became of it.
const ASKED_ONCE: &str = "NOT EXISTS (SELECT 1 FROM audits later WHERE later.client_id = audits.client_id \
     AND later.period_from = audits.period_from AND later.period_to = audits.period_to \
     AND later.parameters ->> 'profile' = audits.parameters ->> 'profile' AND later.requested_at > audits.requested_at)";

/// Audits that were provisional and whose period ended in a time, if nobody has asked for the same again; the earliest first, at
/// most `limit`.
///
/// # Errors
/// The database is unavailable.
pub async fn to_be_made_again(tx: &Tx, ended: Span, limit: u64) -> Result<Vec<Audit>, StoreError> {
    let select = select()
        .filter(Column::State.eq(AuditState::Completed.as_str()))
        .filter(Column::Provisional.eq(true))
        .filter(ended.holds(Column::PeriodTo))
        .filter(Expr::cust(ASKED_ONCE))
        .order_by_asc(Column::PeriodTo)
        .order_by_asc(Column::Id)
        .limit(limit);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

fn update(tx: &Tx, id: AuditId) -> UpdateMany<Entity> {
    tx.scoped(Entity::update_many().filter(Column::Id.eq(id.uuid())), Column::ClientId)
}

/// A worker has it.
///
/// # Errors
/// There is no such audit, or the database is unavailable.
pub async fn start(tx: &Tx, id: AuditId, now: Instant) -> Result<(), StoreError> {
    let first = Expr::col(Column::StartedAt).if_null(now);
    let update = update(tx, id)
        .col_expr(Column::State, Expr::value(AuditState::Running.as_str()))
        .col_expr(Column::StartedAt, first);
    one(TABLE, &update.exec(tx.connection()).await?)
}

/// It waits for a worker again.
///
/// # Errors
/// There is no such audit, or the database is unavailable.
pub async fn requeue(tx: &Tx, id: AuditId) -> Result<(), StoreError> {
    let change = ActiveModel { state: Set(AuditState::Queued.as_str().to_owned()), ..ActiveModel::default() };
    one(TABLE, &update(tx, id).set(change).exec(tx.connection()).await?)
}

/// It has ended without a result: given up because of `failure`, or cancelled.
///
/// # Errors
/// There is no such audit, or the database is unavailable.
pub async fn abandon(tx: &Tx, id: AuditId, failure: Option<AuditFailure>, now: Instant) -> Result<(), StoreError> {
    let state = if failure.is_some() { AuditState::Failed } else { AuditState::Cancelled };
    let change = ActiveModel {
        state: Set(state.as_str().to_owned()),
        error: Set(failure.map(|failure| failure.as_str().to_owned())),
        finished_at: Set(Some(now)),
        ..ActiveModel::default()
    };
    one(TABLE, &update(tx, id).set(change).exec(tx.connection()).await?)
}

/// What was known around the messages when the audit ran; `None` when it has not run, or ran before that was kept.
///
/// # Errors
/// The database is unavailable.
pub async fn surroundings(tx: &Tx, id: AuditId) -> Result<Option<Surroundings>, StoreError> {
    let select = Entity::find().select_only().column(Column::Surroundings).filter(Column::Id.eq(id.uuid()));
    let kept: Option<Option<serde_json::Value>> =
        tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    kept.flatten().map(|json| Place { table: TABLE, id: id.uuid() }.json("surroundings", json)).transpose()
}

/// What stands when an audit has ended with a result.
#[derive(Debug, Clone, Copy)]
pub struct Completion<'a> {
    /// The figures; its findings are left out.
    pub report: &'a Report,
    /// Whether late webhooks can still change a figure.
    pub is_provisional: bool,
    /// The audit that its findings were compared with.
    pub previous: Option<AuditId>,
    /// The segments that were read.
    pub segments: &'a [SegmentId],
    /// What was known around the messages.
    pub surroundings: &'a Surroundings,
}

/// It has ended with a result. The findings are written apart, in the same transaction.
///
/// # Errors
/// There is no such audit, or the database is unavailable.
pub async fn complete(tx: &Tx, audit: &Audit, completion: Completion<'_>, now: Instant) -> Result<(), StoreError> {
    let mut report = completion.report.clone();
    report.findings = Vec::new();
    let unreadable = |_| StoreError::inconsistent_uuid(TABLE, "report", audit.id.uuid());
    let change = ActiveModel {
        state: Set(AuditState::Completed.as_str().to_owned()),
        period_from: Set(report.period.from),
        period_to: Set(report.period.to),
        provisional: Set(completion.is_provisional),
        previous_audit_id: Set(completion.previous.map(AuditId::uuid)),
        finished_at: Set(Some(now)),
        report: Set(Some(serde_json::to_value(&report).map_err(unreadable)?)),
        surroundings: Set(Some(serde_json::to_value(completion.surroundings).map_err(unreadable)?)),
        ..ActiveModel::default()
    };
    one(TABLE, &update(tx, audit.id).set(change).exec(tx.connection()).await?)?;
    for chunk in completion.segments.chunks(CHUNK) {
        let rows = chunk.iter().map(|segment| audit_segments::ActiveModel {
            audit_id: Set(audit.id.uuid()),
            segment_id: Set(segment.uuid()),
            client_id: Set(audit.client.uuid()),
        });
        audit_segments::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}
