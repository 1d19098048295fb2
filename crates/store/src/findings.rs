//! Findings of audits, and what the audits before knew of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::{
    AuditId, ClientId, FindingId, Instant,
    audits::{Comparison, Finding, Seen},
    traffic::{self, RuleId, Severity, Subject},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::{
        audits,
        findings::{ActiveModel, Column, Entity, Model},
    },
    page::{self, By, Keyset, Page, Span},
    rows::Place,
};

const TABLE: &str = "findings";
/// Rows of one insert, and texts of one `IN`.
const CHUNK: usize = 500;

fn from_row(row: Model) -> Result<Finding, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    let subject =
        Subject { kind: place.word("subject_kind", &row.subject_kind)?, id: row.subject_id, day: row.subject_day };
    Ok(Finding {
        id: FindingId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        audit: AuditId::from_uuid(row.audit_id),
        ordinal: place.number("ordinal", row.ordinal.into())?,
        comparison: place.word("comparison", &row.comparison)?,
        is_provisional: row.provisional,
        first_seen_at: row.first_seen_at,
        found: traffic::Finding {
            rule: place.word("rule", &row.rule)?,
            fingerprint: row.fingerprint,
            severity: place.word("severity", &row.severity)?,
            subject,
            messages: place.number("messages", row.messages)?,
            recipients: place.number("recipients", row.recipients)?,
            figures: place.json("figures", row.figures)?,
            breakdown: place.json("breakdown", row.breakdown)?,
            places: row.places.map_or_else(|| Ok(Vec::new()), |places| place.json("places", places))?,
            sample: place.json("sample", row.sample)?,
        },
    })
}

fn to_row(finding: &Finding, now: Instant) -> Result<ActiveModel, StoreError> {
    let Finding { found, .. } = finding;
    let json = |column, value: Result<Value, serde_json::Error>| {
        value.map_err(|_| StoreError::inconsistent_uuid(TABLE, column, finding.id.uuid()))
    };
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    Ok(ActiveModel {
        id: Set(finding.id.uuid()),
        client_id: Set(finding.client.uuid()),
        audit_id: Set(finding.audit.uuid()),
        ordinal: Set(finding.ordinal.cast_signed()),
        rule: Set(found.rule.as_str().to_owned()),
        severity: Set(found.severity.as_str().to_owned()),
        subject_kind: Set(found.subject.kind.as_str().to_owned()),
        subject_id: Set(found.subject.id.clone()),
        subject_day: Set(found.subject.day.clone()),
        fingerprint: Set(found.fingerprint.clone()),
        messages: Set(number(found.messages)),
        recipients: Set(number(found.recipients)),
        figures: Set(json("figures", serde_json::to_value(&found.figures))?),
        breakdown: Set(json("breakdown", serde_json::to_value(&found.breakdown))?),
        places: Set((!found.places.is_empty())
            .then(|| json("places", serde_json::to_value(&found.places)))
            .transpose()?),
        sample: Set(json("sample", serde_json::to_value(&found.sample))?),
        comparison: Set(finding.comparison.as_str().to_owned()),
        provisional: Set(finding.is_provisional),
        first_seen_at: Set(finding.first_seen_at),
        created_at: Set(now),
    })
}

/// Adds the findings of an audit.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn insert_all(tx: &Tx, findings: &[Finding], now: Instant) -> Result<(), StoreError> {
    for chunk in findings.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(chunk.len());
        for finding in chunk {
            tx.admit(Some(finding.client))?;
            rows.push(to_row(finding, now)?);
        }
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// Those of `ids` (some thousands at most) of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[FindingId]) -> Result<Vec<Finding>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Which findings of an audit; an empty list stands for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// Of these severities.
    pub severities: Vec<Severity>,
    /// Of these rules.
    pub rules: Vec<RuleId>,
    /// With these standings to the audits before.
    pub comparisons: Vec<Comparison>,
}

/// A page of the findings of an audit, in the order of its report.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(
    tx: &Tx,
    audit: AuditId,
    filter: &FindingFilter,
    keyset: &Keyset,
) -> Result<Page<Finding>, StoreError> {
    let mut select = tx.scoped(Entity::find().filter(Column::AuditId.eq(audit.uuid())), Column::ClientId);
    if !filter.severities.is_empty() {
        select = select.filter(Column::Severity.is_in(filter.severities.iter().map(|word| word.as_str())));
    }
    if !filter.rules.is_empty() {
        select = select.filter(Column::Rule.is_in(filter.rules.iter().map(|word| word.as_str())));
    }
    if !filter.comparisons.is_empty() {
        select = select.filter(Column::Comparison.is_in(filter.comparisons.iter().map(|word| word.as_str())));
    }
    page::fetch(tx, select, keyset, By { column: Column::Ordinal, id: Column::Id }, from_row).await
}

/// A page of the client's findings that came up in a time, new or again, by when they were seen first.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_of_new(tx: &Tx, client: ClientId, span: Span, keyset: &Keyset) -> Result<Page<Finding>, StoreError> {
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::Comparison.ne(Comparison::Continuing.as_str()))
        .filter(span.holds(Column::FirstSeenAt));
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::FirstSeenAt, id: Column::Id }, from_row).await
}

/// Of the findings of an audit with one of these severities, the one that has stood longest.
///
/// # Errors
/// The database is unavailable.
pub async fn longest_standing(tx: &Tx, audit: AuditId, severities: &[Severity]) -> Result<Option<Finding>, StoreError> {
    let select = Entity::find()
        .filter(Column::AuditId.eq(audit.uuid()))
        .filter(Column::Severity.is_in(severities.iter().map(|severity| severity.as_str())))
        .order_by_asc(Column::FirstSeenAt)
        .order_by_asc(Column::Ordinal)
        .limit(1);
    tx.scoped(select, Column::ClientId).one(tx.connection()).await?.map(from_row).transpose()
}

/// All findings of an audit, in the order of its report.
///
/// # Errors
/// The database is unavailable.
pub async fn all(tx: &Tx, audit: AuditId) -> Result<Vec<Finding>, StoreError> {
    let select = Entity::find().filter(Column::AuditId.eq(audit.uuid())).order_by_asc(Column::Ordinal);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The findings of some rules in some audits, in order.
///
/// # Errors
/// The database is unavailable.
pub async fn of_rules(tx: &Tx, audits: &[AuditId], rules: &[RuleId]) -> Result<Vec<Finding>, StoreError> {
    let select = Entity::find()
        .filter(Column::AuditId.is_in(audits.iter().map(|id| id.uuid())))
        .filter(Column::Rule.is_in(rules.iter().map(|rule| rule.as_str())))
        .order_by_asc(Column::AuditId)
        .order_by_asc(Column::Ordinal);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// For each of `audits`, the findings of its previous audit whose fingerprint it does not have, in order; at most `limit` in all.
///
/// # Errors
/// The database is unavailable.
pub async fn gone(tx: &Tx, audits: &[AuditId], limit: u64) -> Result<Vec<(AuditId, Finding)>, StoreError> {
    let before = audits::Entity::find()
        .select_only()
        .columns([audits::Column::Id, audits::Column::PreviousAuditId])
        .filter(audits::Column::Id.is_in(audits.iter().map(|id| id.uuid())))
        .filter(audits::Column::PreviousAuditId.is_not_null());
    let pairs: Vec<(Uuid, Uuid)> =
        tx.scoped(before, audits::Column::ClientId).into_tuple().all(tx.connection()).await?;
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let both = pairs.iter().flat_map(|(audit, previous)| [*audit, *previous]).collect::<BTreeSet<_>>();
    let fingerprints = Entity::find()
        .select_only()
        .columns([Column::AuditId, Column::Id, Column::Fingerprint])
        .filter(Column::AuditId.is_in(both))
        .order_by_asc(Column::Ordinal);
    let rows: Vec<(Uuid, Uuid, String)> =
        tx.scoped(fingerprints, Column::ClientId).into_tuple().all(tx.connection()).await?;
    let gone = absent(&pairs, &rows, limit);
    let ids: Vec<_> = gone.iter().map(|(_, finding)| FindingId::from_uuid(*finding)).collect();
    let found: HashMap<Uuid, Finding> =
        by_ids(tx, &ids).await?.into_iter().map(|finding| (finding.id.uuid(), finding)).collect();
    Ok(gone.into_iter().filter_map(|(audit, id)| Some((AuditId::from_uuid(audit), found.get(&id)?.clone()))).collect())
}

/// Of `rows` (audit, finding, fingerprint), for each pair of an audit and the one before it, the findings of the latter that the
/// former does not have.
fn absent(pairs: &[(Uuid, Uuid)], rows: &[(Uuid, Uuid, String)], limit: u64) -> Vec<(Uuid, Uuid)> {
    let mut present: HashMap<Uuid, HashSet<&str>> = HashMap::new();
    for (audit, _, fingerprint) in rows {
        present.entry(*audit).or_default().insert(fingerprint);
    }
    let of_pair = |(audit, previous): &(Uuid, Uuid)| {
        let (audit, previous) = (*audit, *previous);
        let present = present.get(&audit);
        rows.iter()
            .filter(move |(of, _, fingerprint)| {
                *of == previous && !present.is_some_and(|present| present.contains(fingerprint.as_str()))
            })
            .map(move |(_, finding, _)| (audit, *finding))
    };
    pairs.iter().flat_map(of_pair).take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
}

/// What `audit` found, by fingerprint.
///
/// # Errors
/// The database is unavailable.
pub async fn seen(tx: &Tx, audit: AuditId) -> Result<BTreeMap<String, Seen>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::Fingerprint, Column::FirstSeenAt])
        .filter(Column::AuditId.eq(audit.uuid()));
    let rows: Vec<(String, Instant)> = tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    Ok(rows.into_iter().map(|(fingerprint, first_seen_at)| (fingerprint, Seen { first_seen_at })).collect())
}

/// Those of `fingerprints` that any audit of the client ever found.
///
/// # Errors
/// The database is unavailable.
pub async fn ever_seen(tx: &Tx, client: ClientId, fingerprints: &[&str]) -> Result<BTreeSet<String>, StoreError> {
    let mut seen = BTreeSet::new();
    for chunk in fingerprints.chunks(CHUNK) {
        let select = Entity::find()
            .select_only()
            .column(Column::Fingerprint)
            .distinct()
            .filter(Column::ClientId.eq(client.uuid()))
            .filter(Column::Fingerprint.is_in(chunk.iter().copied()));
        let rows: Vec<String> = tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
        seen.extend(rows);
    }
    Ok(seen)
}

/// How many findings an audit has of one severity with one standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingCount {
    /// The audit.
    pub audit: AuditId,
    /// The severity.
    pub severity: Severity,
    /// The standing to the audits before.
    pub comparison: Comparison,
    /// How many.
    pub count: u32,
}

/// The numbers of findings of those of `audits` of which the transaction may know.
///
/// # Errors
/// The database is unavailable.
pub async fn counts(tx: &Tx, audits: &[AuditId]) -> Result<Vec<FindingCount>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::AuditId, Column::Severity, Column::Comparison])
        .column_as(Column::Id.count(), "count")
        .filter(Column::AuditId.is_in(audits.iter().map(|id| id.uuid())))
        .group_by(Column::AuditId)
        .group_by(Column::Severity)
        .group_by(Column::Comparison);
    let rows: Vec<(Uuid, String, String, i64)> =
        tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    rows.into_iter()
        .map(|(id, severity, comparison, count)| {
            let place = Place { table: TABLE, id };
            Ok(FindingCount {
                audit: AuditId::from_uuid(id),
                severity: place.word("severity", &severity)?,
                comparison: place.word("comparison", &comparison)?,
                count: place.number("ordinal", count)?,
            })
        })
        .collect()
}
