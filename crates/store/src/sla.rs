//! Versions of SLA policies and calendars. They are only ever added.

use std::collections::HashMap;

use domain::{ClientId, Instant, SlaCalendarId, SlaPolicyId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde_json::Value;

use crate::{
    StoreError, Tx,
    entity::{sla_calendars, sla_policies},
};

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
    /// As the engine writes it.
    pub definition: Value,
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
    /// As the engine writes it.
    pub definition: Value,
}

/// The policy that holds for tickets of `client` opened at `now`: the client's own, else the BSP's; the latest version.
///
/// # Errors
/// The database is unavailable.
pub async fn current_policy(tx: &Tx, client: ClientId, now: Instant) -> Result<Option<SlaPolicyId>, StoreError> {
    use sla_policies::{Column, Entity};
    let select = Entity::find()
        .filter(Condition::any().add(Column::ClientId.eq(client.uuid())).add(Column::ClientId.is_null()))
        .filter(Column::EffectiveFrom.lte(now))
        .order_by_desc(Column::ClientId.is_not_null())
        .order_by_desc(Column::Version)
        .limit(1);
    let row = tx.scoped_or_shared(select, Column::ClientId).one(tx.connection()).await?;
    Ok(row.map(|row| SlaPolicyId::from_uuid(row.id)))
}

/// The definitions of policies.
///
/// # Errors
/// The database is unavailable.
pub async fn policies(tx: &Tx, ids: &[SlaPolicyId]) -> Result<HashMap<SlaPolicyId, Value>, StoreError> {
    use sla_policies::{Column, Entity};
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped_or_shared(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (SlaPolicyId::from_uuid(row.id), row.definition)).collect())
}

/// Every version of every calendar that tickets of `clients` may be judged by: theirs and the BSP's. There are few.
///
/// # Errors
/// The database is unavailable.
pub async fn calendars(tx: &Tx, clients: &[ClientId]) -> Result<Vec<CalendarVersion>, StoreError> {
    use sla_calendars::{Column, Entity};
    let theirs = Column::ClientId.is_in(clients.iter().map(|client| client.uuid()));
    let select = Entity::find()
        .filter(Condition::any().add(theirs).add(Column::ClientId.is_null()))
        .order_by_asc(Column::Version);
    let rows = tx.scoped_or_shared(select, Column::ClientId).all(tx.connection()).await?;
    let version = |row: sla_calendars::Model| CalendarVersion {
        id: SlaCalendarId::from_uuid(row.id),
        client: row.client_id.map(ClientId::from_uuid),
        key: row.key,
        version: row.version,
        effective_from: row.effective_from,
        definition: row.definition,
    };
    Ok(rows.into_iter().map(version).collect())
}

/// Adds a version of a policy.
///
/// # Errors
/// `Conflict` when the version exists.
pub async fn insert_policy(tx: &Tx, policy: &PolicyVersion, now: Instant) -> Result<(), StoreError> {
    tx.admit(policy.client)?;
    let row = sla_policies::ActiveModel {
        id: Set(policy.id.uuid()),
        client_id: Set(policy.client.map(ClientId::uuid)),
        version: Set(policy.version),
        effective_from: Set(policy.effective_from),
        definition: Set(policy.definition.clone()),
        created_by: Set(None),
        created_at: Set(now),
    };
    sla_policies::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Adds a version of a calendar.
///
/// # Errors
/// `Conflict` when the version exists.
pub async fn insert_calendar(tx: &Tx, calendar: &CalendarVersion, now: Instant) -> Result<(), StoreError> {
    tx.admit(calendar.client)?;
    let row = sla_calendars::ActiveModel {
        id: Set(calendar.id.uuid()),
        client_id: Set(calendar.client.map(ClientId::uuid)),
        key: Set(calendar.key.clone()),
        version: Set(calendar.version),
        effective_from: Set(calendar.effective_from),
        definition: Set(calendar.definition.clone()),
        created_by: Set(None),
        created_at: Set(now),
    };
    sla_calendars::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}
