//! Versions of SLA policies and calendars, which are only ever added.

use std::collections::HashMap;

use ::sla::Scope;
use domain::{ClientId, Instant, SlaCalendarId, SlaPolicyId, UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::Value;

use super::tiers::{self, TierChange};
use crate::{
    StoreError, Tx, counters,
    entity::{sla_calendars, sla_policies},
    page::{self, By, Keyset, Page},
    rows::Place,
};

/// Where a version comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// When it was made.
    pub created_at: Instant,
    /// Who made it; absent, the product or a program.
    pub author: Option<UserId>,
    /// Why, in the author's words.
    pub reason: Option<String>,
}

/// A version of a calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarVersion {
    /// Id.
    pub id: SlaCalendarId,
    /// Whose; absent for the BSP's own.
    pub client: Option<ClientId>,
    /// The key by which policies name it.
    pub key: String,
    /// Counts versions of the key, from 1.
    pub version: i32,
    /// From when it holds.
    pub effective_from: Instant,
    /// For which tickets.
    pub scope: Scope,
    /// As the engine writes it.
    pub definition: Value,
    /// Where it comes from.
    pub origin: Origin,
}

/// A version of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyVersion {
    /// Id.
    pub id: SlaPolicyId,
    /// Whose; absent for the BSP's own.
    pub client: Option<ClientId>,
    /// Counts versions, from 1.
    pub version: i32,
    /// From when it holds.
    pub effective_from: Instant,
    /// For which tickets.
    pub scope: Scope,
    /// As the engine writes it.
    pub definition: Value,
    /// Where it comes from.
    pub origin: Origin,
}

/// What tickets are judged by.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Versions of policies, by their numbers.
    pub policies: Vec<PolicyVersion>,
    /// Versions of calendars, by their numbers.
    pub calendars: Vec<CalendarVersion>,
    /// From when clients were of which tier; those that never had one are left out.
    pub tiers: HashMap<ClientId, Vec<TierChange>>,
}

fn scope(place: Place, text: &str) -> Result<Scope, StoreError> {
    place.json("scope", Value::from(text))
}

fn policy_from_row(row: sla_policies::Model) -> Result<PolicyVersion, StoreError> {
    let place = Place { table: "sla_policies", id: row.id };
    Ok(PolicyVersion {
        id: SlaPolicyId::from_uuid(row.id),
        client: row.client_id.map(ClientId::from_uuid),
        version: row.version,
        effective_from: row.effective_from,
        scope: scope(place, &row.scope)?,
        definition: row.definition,
        origin: Origin {
            created_at: row.created_at,
            author: row.created_by.map(UserId::from_uuid),
            reason: row.reason,
        },
    })
}

fn calendar_from_row(row: sla_calendars::Model) -> Result<CalendarVersion, StoreError> {
    let place = Place { table: "sla_calendars", id: row.id };
    Ok(CalendarVersion {
        id: SlaCalendarId::from_uuid(row.id),
        client: row.client_id.map(ClientId::from_uuid),
        key: row.key,
        version: row.version,
        effective_from: row.effective_from,
        scope: scope(place, &row.scope)?,
        definition: row.definition,
        origin: Origin {
            created_at: row.created_at,
            author: row.created_by.map(UserId::from_uuid),
            reason: row.reason,
        },
    })
}

/// Of the client, or of the BSP.
pub(super) fn owned_by(column: impl ColumnTrait, client: Option<ClientId>) -> Condition {
    match client {
        Some(client) => Condition::all().add(column.eq(client.uuid())),
        None => Condition::all().add(column.is_null()),
    }
}

/// Of one of these clients, or of the BSP.
fn theirs_or_ours(column: impl ColumnTrait, clients: &[ClientId]) -> Condition {
    Condition::any().add(column.is_in(clients.iter().map(|client| client.uuid()))).add(column.is_null())
}

/// Every version of the policies that tickets of `clients` may be judged by: theirs and the BSP's, in their order. There are few.
///
/// # Errors
/// The database is unavailable.
pub async fn policies(tx: &Tx, clients: &[ClientId]) -> Result<Vec<PolicyVersion>, StoreError> {
    use sla_policies::{Column, Entity};
    let select = Entity::find().filter(theirs_or_ours(Column::ClientId, clients)).order_by_asc(Column::Version);
    let rows = tx.scoped_or_shared(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter().map(policy_from_row).collect()
}

/// Every version of every calendar that tickets of `clients` may be judged by: theirs and the BSP's. There are few.
///
/// # Errors
/// The database is unavailable.
pub async fn calendars(tx: &Tx, clients: &[ClientId]) -> Result<Vec<CalendarVersion>, StoreError> {
    use sla_calendars::{Column, Entity};
    let select = Entity::find().filter(theirs_or_ours(Column::ClientId, clients)).order_by_asc(Column::Version);
    let rows = tx.scoped_or_shared(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter().map(calendar_from_row).collect()
}

/// Every version of every calendar of a client, or of everybody of whom the transaction may know; the last ones last.
///
/// # Errors
/// The database is unavailable.
pub async fn all_calendars(tx: &Tx, client: Option<ClientId>) -> Result<Vec<CalendarVersion>, StoreError> {
    use sla_calendars::{Column, Entity};
    let mut select = Entity::find().order_by_asc(Column::Version);
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    let rows = tx.scoped_or_shared(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter().map(calendar_from_row).collect()
}

/// Every version of every policy and calendar, and the tiers of every client that had one, as far as the transaction may know.
///
/// # Errors
/// The database is unavailable.
pub async fn everything(tx: &Tx) -> Result<Terms, StoreError> {
    let select = sla_policies::Entity::find().order_by_asc(sla_policies::Column::Version);
    let policies = tx.scoped_or_shared(select, sla_policies::Column::ClientId).all(tx.connection()).await?;
    let select = sla_calendars::Entity::find().order_by_asc(sla_calendars::Column::Version);
    let calendars = tx.scoped_or_shared(select, sla_calendars::Column::ClientId).all(tx.connection()).await?;
    Ok(Terms {
        policies: policies.into_iter().map(policy_from_row).collect::<Result<_, _>>()?,
        calendars: calendars.into_iter().map(calendar_from_row).collect::<Result<_, _>>()?,
        tiers: tiers::all_tier_changes(tx).await?,
    })
}

/// The last version of a client's policy, or of the BSP's, whether it holds yet or not.
///
/// # Errors
/// The database is unavailable.
pub async fn latest_policy(tx: &Tx, client: Option<ClientId>) -> Result<Option<PolicyVersion>, StoreError> {
    use sla_policies::{Column, Entity};
    let select = Entity::find().filter(owned_by(Column::ClientId, client)).order_by_desc(Column::Version).limit(1);
    let row = tx.scoped_or_shared(select, Column::ClientId).one(tx.connection()).await?;
    row.map(policy_from_row).transpose()
}

/// The last version of a calendar of a client, or of the BSP, whether it holds yet or not.
///
/// # Errors
/// The database is unavailable.
pub async fn latest_calendar(
    tx: &Tx,
    client: Option<ClientId>,
    key: &str,
) -> Result<Option<CalendarVersion>, StoreError> {
    use sla_calendars::{Column, Entity};
    let select = Entity::find()
        .filter(owned_by(Column::ClientId, client))
        .filter(Column::Key.eq(key))
        .order_by_desc(Column::Version)
        .limit(1);
    let row = tx.scoped_or_shared(select, Column::ClientId).one(tx.connection()).await?;
    row.map(calendar_from_row).transpose()
}

/// A page of the versions of a client's policy, or of the BSP's, by their number.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn policy_page(
    tx: &Tx,
    client: Option<ClientId>,
    keyset: &Keyset,
) -> Result<Page<PolicyVersion>, StoreError> {
    use sla_policies::{Column, Entity};
    let select = tx.scoped_or_shared(Entity::find().filter(owned_by(Column::ClientId, client)), Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::Version, id: Column::Id }, policy_from_row).await
}

/// A page of the versions of the calendars of a client, or of the BSP, by when they begin to hold.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn calendar_page(
    tx: &Tx,
    client: Option<ClientId>,
    key: Option<&str>,
    keyset: &Keyset,
) -> Result<Page<CalendarVersion>, StoreError> {
    use sla_calendars::{Column, Entity};
    let mut select = Entity::find().filter(owned_by(Column::ClientId, client));
    if let Some(key) = key {
        select = select.filter(Column::Key.eq(key));
    }
    let select = tx.scoped_or_shared(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::EffectiveFrom, id: Column::Id }, calendar_from_row).await
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn policies_by_ids(tx: &Tx, ids: &[SlaPolicyId]) -> Result<Vec<PolicyVersion>, StoreError> {
    use sla_policies::{Column, Entity};
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped_or_shared(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter().map(policy_from_row).collect()
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn calendars_by_ids(tx: &Tx, ids: &[SlaCalendarId]) -> Result<Vec<CalendarVersion>, StoreError> {
    use sla_calendars::{Column, Entity};
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped_or_shared(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter().map(calendar_from_row).collect()
}

/// Adds a version of a policy.
///
/// # Errors
/// `Conflict` when the version exists.
pub async fn insert_policy(tx: &Tx, policy: &PolicyVersion) -> Result<(), StoreError> {
    tx.admit(policy.client)?;
    let row = sla_policies::ActiveModel {
        id: Set(policy.id.uuid()),
        client_id: Set(policy.client.map(ClientId::uuid)),
        version: Set(policy.version),
        effective_from: Set(policy.effective_from),
        definition: Set(policy.definition.clone()),
        created_by: Set(policy.origin.author.map(UserId::uuid)),
        created_at: Set(policy.origin.created_at),
        scope: Set(policy.scope.as_str().to_owned()),
        reason: Set(policy.origin.reason.clone()),
    };
    sla_policies::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    counters::change_sla_terms(tx).await
}

/// Adds a version of a calendar.
///
/// # Errors
/// `Conflict` when the version exists.
pub async fn insert_calendar(tx: &Tx, calendar: &CalendarVersion) -> Result<(), StoreError> {
    tx.admit(calendar.client)?;
    let row = sla_calendars::ActiveModel {
        id: Set(calendar.id.uuid()),
        client_id: Set(calendar.client.map(ClientId::uuid)),
        key: Set(calendar.key.clone()),
        version: Set(calendar.version),
        effective_from: Set(calendar.effective_from),
        definition: Set(calendar.definition.clone()),
        created_by: Set(calendar.origin.author.map(UserId::uuid)),
        created_at: Set(calendar.origin.created_at),
        scope: Set(calendar.scope.as_str().to_owned()),
        reason: Set(calendar.origin.reason.clone()),
    };
    sla_calendars::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    counters::change_sla_terms(tx).await
}
