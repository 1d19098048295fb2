//! Previews of audits with other thresholds, and what they found. They stand apart: nothing that reads audits and findings reads
//! them.

use domain::{
    AuditId, AuditPreviewId, ClientId, Instant, JobId, UserId,
    audits::{AuditFailure, AuditState},
    previews::{AuditPreview, PreviewFinding, WhatWouldBe},
    thresholds::Overrides,
    traffic::{RuleResult, Subject},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, UpdateMany, sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::{
        audit_previews::{ActiveModel, Column, Entity, Model},
        preview_findings,
    },
    page::{self, By, Keyset, Page},
    rows::{Place, one},
};

const TABLE: &str = "audit_previews";
const FINDINGS: &str = "preview_findings";
/// Rows of one insert.
const CHUNK: usize = 500;

fn from_row(row: Model) -> Result<AuditPreview, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(AuditPreview {
        id: AuditPreviewId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        audit: AuditId::from_uuid(row.audit_id),
        job: row.job_id.map(JobId::from_uuid),
        state: place.word("state", &row.state)?,
        overrides: Overrides::stored(&row.overrides),
        without: row.without.map(|without| place.json("without", without)).transpose()?.unwrap_or_default(),
        searches_remedies: row.searches_remedies,
        thresholds: row.thresholds,
        requested_by: row.requested_by.map(UserId::from_uuid),
        requested_at: row.requested_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        failure: place.word_if("error", row.error.as_deref())?,
    })
}

/// Adds a preview that was asked for.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn insert(tx: &Tx, preview: &AuditPreview) -> Result<(), StoreError> {
    tx.admit(Some(preview.client))?;
    let row = ActiveModel {
        id: Set(preview.id.uuid()),
        client_id: Set(preview.client.uuid()),
        audit_id: Set(preview.audit.uuid()),
        job_id: Set(preview.job.map(JobId::uuid)),
        state: Set(preview.state.as_str().to_owned()),
        overrides: Set(preview.overrides.to_json()),
        thresholds: Set(preview.thresholds.clone()),
        without: Set(Some(json(preview, "without", &preview.without)?)),
        searches_remedies: Set(preview.searches_remedies),
        requested_by: Set(preview.requested_by.map(UserId::uuid)),
        requested_at: Set(preview.requested_at),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

fn json<T: serde::Serialize>(
    preview: &AuditPreview,
    column: &'static str,
    value: &T,
) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(value).map_err(|_| StoreError::inconsistent_uuid(TABLE, column, preview.id.uuid()))
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[AuditPreviewId]) -> Result<Vec<AuditPreview>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The preview that this job runs, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_job(tx: &Tx, job: JobId) -> Result<Option<AuditPreview>, StoreError> {
    let select = tx.scoped(Entity::find().filter(Column::JobId.eq(job.uuid())), Column::ClientId);
    select.one(tx.connection()).await?.map(from_row).transpose()
}

/// A page of the previews of an audit, by the time of asking.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, audit: AuditId, keyset: &Keyset) -> Result<Page<AuditPreview>, StoreError> {
    let select = tx.scoped(Entity::find().filter(Column::AuditId.eq(audit.uuid())), Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::RequestedAt, id: Column::Id }, from_row).await
}

fn update(tx: &Tx, id: AuditPreviewId) -> UpdateMany<Entity> {
    tx.scoped(Entity::update_many().filter(Column::Id.eq(id.uuid())), Column::ClientId)
}

/// A worker has it.
///
/// # Errors
/// There is no such preview, or the database is unavailable.
pub async fn start(tx: &Tx, id: AuditPreviewId, now: Instant) -> Result<(), StoreError> {
    let update = update(tx, id)
        .col_expr(Column::State, Expr::value(AuditState::Running.as_str()))
        .col_expr(Column::StartedAt, Expr::col(Column::StartedAt).if_null(now));
    one(TABLE, &update.exec(tx.connection()).await?)
}

/// It waits for a worker again.
///
/// # Errors
/// There is no such preview, or the database is unavailable.
pub async fn requeue(tx: &Tx, id: AuditPreviewId) -> Result<(), StoreError> {
    let change = ActiveModel { state: Set(AuditState::Queued.as_str().to_owned()), ..ActiveModel::default() };
    one(TABLE, &update(tx, id).set(change).exec(tx.connection()).await?)
}

/// It has ended without a result: given up because of `failure`, or cancelled.
///
/// # Errors
/// There is no such preview, or the database is unavailable.
pub async fn abandon(
    tx: &Tx,
    id: AuditPreviewId,
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

/// It has ended with a result: what the rules would say, and the findings, worst first.
///
/// # Errors
/// There is no such preview, or the database is unavailable.
pub async fn complete(
    tx: &Tx,
    preview: &AuditPreview,
    rules: &[RuleResult],
    findings: &[PreviewFinding],
    what_would_be: &WhatWouldBe,
    now: Instant,
) -> Result<(), StoreError> {
    let unreadable = |table, column| move |_| StoreError::inconsistent_uuid(table, column, preview.id.uuid());
    let change = ActiveModel {
        state: Set(AuditState::Completed.as_str().to_owned()),
        finished_at: Set(Some(now)),
        rules: Set(Some(json(preview, "rules", &rules)?)),
        counterfactual: Set(what_would_be
            .counterfactual
            .as_ref()
            .map(|found| json(preview, "counterfactual", found))
            .transpose()?),
        remedies: Set(Some(json(preview, "remedies", &what_would_be.remedies)?)),
        ..ActiveModel::default()
    };
    one(TABLE, &update(tx, preview.id).set(change).exec(tx.connection()).await?)?;
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    for (chunk, first) in findings.chunks(CHUNK).zip((0_i32..).step_by(CHUNK)) {
        let rows = chunk.iter().zip(first..).map(|(finding, ordinal)| {
            Ok(preview_findings::ActiveModel {
                preview_id: Set(preview.id.uuid()),
                ordinal: Set(ordinal),
                client_id: Set(preview.client.uuid()),
                rule: Set(finding.rule.as_str().to_owned()),
                severity: Set(finding.severity.as_str().to_owned()),
                subject_kind: Set(finding.subject.kind.as_str().to_owned()),
                subject_id: Set(finding.subject.id.clone()),
                subject_day: Set(finding.subject.day.clone()),
                fingerprint: Set(finding.fingerprint.clone()),
                messages: Set(number(finding.messages)),
                recipients: Set(number(finding.recipients)),
                figures: Set(serde_json::to_value(&finding.figures).map_err(unreadable(FINDINGS, "figures"))?),
            })
        });
        let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
        preview_findings::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// What the rules would say, if the preview has ended with a result.
///
/// # Errors
/// The database is unavailable.
pub async fn rules(tx: &Tx, id: AuditPreviewId) -> Result<Option<Vec<RuleResult>>, StoreError> {
    let select = Entity::find().select_only().column(Column::Rules).filter(Column::Id.eq(id.uuid()));
    let rules: Option<Option<serde_json::Value>> =
        tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    rules.flatten().map(|rules| Place { table: TABLE, id: id.uuid() }.json("rules", rules)).transpose()
}

/// What would have been without the messages left out, if the preview has ended with a result.
///
/// # Errors
/// The database is unavailable.
pub async fn what_would_be(tx: &Tx, id: AuditPreviewId) -> Result<Option<WhatWouldBe>, StoreError> {
    let select = Entity::find().filter(Column::Id.eq(id.uuid()));
    let Some(row) = tx.scoped(select, Column::ClientId).one(tx.connection()).await? else { return Ok(None) };
    let place = Place { table: TABLE, id: row.id };
    let Some(remedies) = row.remedies else { return Ok(None) };
    Ok(Some(WhatWouldBe {
        counterfactual: row.counterfactual.map(|found| place.json("counterfactual", found)).transpose()?,
        remedies: place.json("remedies", remedies)?,
    }))
}

/// What the preview found, worst first.
///
/// # Errors
/// The database is unavailable.
pub async fn findings(tx: &Tx, id: AuditPreviewId) -> Result<Vec<PreviewFinding>, StoreError> {
    use preview_findings::Column;
    let select = preview_findings::Entity::find().filter(Column::PreviewId.eq(id.uuid())).order_by_asc(Column::Ordinal);
    let place = Place { table: FINDINGS, id: id.uuid() };
    let finding = |row: preview_findings::Model| {
        Ok(PreviewFinding {
            rule: place.word("rule", &row.rule)?,
            fingerprint: row.fingerprint,
            severity: place.word("severity", &row.severity)?,
            subject: Subject {
                kind: place.word("subject_kind", &row.subject_kind)?,
                id: row.subject_id,
                day: row.subject_day,
            },
            messages: place.number("messages", row.messages)?,
            recipients: place.number("recipients", row.recipients)?,
            figures: place.json("figures", row.figures)?,
        })
    };
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(finding).collect()
}
