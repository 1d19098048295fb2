//! Reading audits and findings.

use std::collections::HashMap;

use domain::{
    AuditId, ClientId, FindingId,
    access::Permission,
    audits::{Audit, Finding, is_resolved},
    jobs::{Schedule, ScheduleKind},
    traffic::Report,
};
use store::{
    findings::{FindingCount, FindingFilter},
    page::{Keyset, Page},
};

use crate::{OpCtx, OpError};

/// Findings that are shown as resolved, at most.
const RESOLVED: u64 = 1_000;

/// A page of the audits that the actor may know of, of one client when one is given, by the time of asking.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn page(op: &OpCtx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<Audit>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::audits::page(&*op.reader().await?, client, keyset).await?)
}

/// Those of `ids` that the actor may know of, in any order.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn by_ids(op: &OpCtx, ids: &[AuditId]) -> Result<Vec<Audit>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::audits::by_ids(&*op.reader().await?, ids).await?)
}

/// The figures of those of `ids` that have any, in any order; without findings.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn reports(op: &OpCtx, ids: &[AuditId]) -> Result<Vec<(AuditId, Report)>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::audits::reports(&*op.reader().await?, ids).await?)
}

/// A page of the findings of an audit, worst first.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn findings(
    op: &OpCtx,
    audit: AuditId,
    filter: &FindingFilter,
    keyset: &Keyset,
) -> Result<Page<Finding>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::findings::page(&*op.reader().await?, audit, filter, keyset).await?)
}

/// Those findings of `ids` that the actor may know of, in any order.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn findings_by_ids(op: &OpCtx, ids: &[FindingId]) -> Result<Vec<Finding>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::findings::by_ids(&*op.reader().await?, ids).await?)
}

/// How many findings audits have, by severity and by standing to the audit before.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn finding_counts(op: &OpCtx, audits: &[AuditId]) -> Result<Vec<FindingCount>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::findings::counts(&*op.reader().await?, audits).await?)
}

/// For each of `audits`, the findings of its previous audit that are resolved in it, worst first, at most 1,000 in all: they are gone,
/// and their rule had its data.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn resolved_findings(op: &OpCtx, audits: &[AuditId]) -> Result<Vec<(AuditId, Finding)>, OpError> {
    op.require(Permission::AuditsRead)?;
    let tx = op.reader().await?;
    let gone = store::findings::gone(&tx, audits, RESOLVED).await?;
    let reports: HashMap<_, _> = store::audits::reports(&tx, audits).await?.into_iter().collect();
    let resolved = |(audit, finding): &(AuditId, Finding)| {
        reports.get(audit).is_some_and(|report| is_resolved(finding.found.rule, &report.rules))
    };
    Ok(gone.into_iter().filter(resolved).collect())
}

/// The nightly audits of those of `clients` that the actor may know of.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn schedules_by_clients(op: &OpCtx, clients: &[ClientId]) -> Result<Vec<Schedule>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::schedules::by_clients(&*op.reader().await?, ScheduleKind::NightlyAudit, clients).await?)
}
