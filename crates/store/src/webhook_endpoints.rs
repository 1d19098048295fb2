//! Places in clients' systems that are told what happens. Their secrets leave this module for signing alone.

use domain::{
    ClientId, Instant, UserId, WebhookEndpointId,
    webhooks::{WebhookDisabled, WebhookEndpoint},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::webhook_endpoints::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
    rows::Place,
};

const TABLE: &str = "webhook_endpoints";

fn from_row(row: Model) -> Result<WebhookEndpoint, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(WebhookEndpoint {
        id: WebhookEndpointId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        url: row.url,
        description: row.description,
        events: place.json("events", row.events)?,
        disabled: place.word_if("disabled", row.disabled.as_deref())?,
        failing_since: row.failing_since,
        last_success_at: row.last_success_at,
        last_failure_at: row.last_failure_at,
        last_error: row.last_error,
        previous_secret_until: row.previous_secret_until,
        created_by: row.created_by.map(UserId::from_uuid),
        created_at: row.created_at,
        version: row.version,
    })
}

fn events(endpoint: &WebhookEndpoint) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(&endpoint.events)
        .map_err(|_| StoreError::inconsistent_uuid(TABLE, "events", endpoint.id.uuid()))
}

/// Adds an endpoint with its secret.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, endpoint: &WebhookEndpoint, secret: &str) -> Result<(), StoreError> {
    tx.admit(Some(endpoint.client))?;
    let row = ActiveModel {
        id: Set(endpoint.id.uuid()),
        client_id: Set(endpoint.client.uuid()),
        url: Set(endpoint.url.clone()),
        description: Set(endpoint.description.clone()),
        events: Set(events(endpoint)?),
        secret: Set(secret.to_owned()),
        created_by: Set(endpoint.created_by.map(UserId::uuid)),
        created_at: Set(endpoint.created_at),
        version: Set(endpoint.version),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Those of `ids` (some thousands at most) of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[WebhookEndpointId]) -> Result<Vec<WebhookEndpoint>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Those of a client that are told anything.
///
/// # Errors
/// The database is unavailable.
pub async fn enabled(tx: &Tx, client: ClientId) -> Result<Vec<WebhookEndpoint>, StoreError> {
    let select = Entity::find().filter(Column::ClientId.eq(client.uuid())).filter(Column::Disabled.is_null());
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// How many a client has.
///
/// # Errors
/// The database is unavailable.
pub async fn count(tx: &Tx, client: ClientId) -> Result<usize, StoreError> {
    let select = Entity::find().select_only().column(Column::Id).filter(Column::ClientId.eq(client.uuid()));
    let ids: Vec<uuid::Uuid> = tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    Ok(ids.len())
}

/// A page of the endpoints of which the transaction may know, by the time of their making; of one client when it is named.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<WebhookEndpoint>, StoreError> {
    let mut select = tx.scoped(Entity::find(), Column::ClientId);
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    page::fetch(tx, select, keyset, By { column: Column::CreatedAt, id: Column::Id }, from_row).await
}

/// The secrets that sign at `now`: the present one, and for a while the one before it.
///
/// # Errors
/// The database is unavailable; `NotFound`.
pub async fn secrets(tx: &Tx, id: WebhookEndpointId, now: Instant) -> Result<Vec<String>, StoreError> {
    let select = tx.scoped(Entity::find_by_id(id.uuid()), Column::ClientId);
    let row = select.one(tx.connection()).await?.ok_or(StoreError::NotFound { table: TABLE })?;
    let still = row.previous_secret_until.is_some_and(|until| now < until);
    Ok(std::iter::once(row.secret).chain(row.previous_secret.filter(|_| still)).collect())
}

/// The secrets of an endpoint, as they are kept: sealed, see `app::vault`.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptSecrets {
    /// Whose.
    pub id: WebhookEndpointId,
    /// The present one.
    pub secret: String,
    /// The one before it.
    pub previous: Option<String>,
}

impl std::fmt::Debug for KeptSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptSecrets").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The secrets of the endpoints after `after`, in the order of their ids.
///
/// # Errors
/// The database is unavailable.
pub async fn kept_secrets(
    tx: &Tx,
    after: Option<WebhookEndpointId>,
    most: u64,
) -> Result<Vec<KeptSecrets>, StoreError> {
    let mut select = tx.scoped(Entity::find(), Column::ClientId).order_by_asc(Column::Id).limit(most);
    if let Some(after) = after {
        select = select.filter(Column::Id.gt(after.uuid()));
    }
    let rows = select.all(tx.connection()).await?;
    let kept = |row: Model| KeptSecrets {
        id: WebhookEndpointId::from_uuid(row.id),
        secret: row.secret,
        previous: row.previous_secret,
    };
    Ok(rows.into_iter().map(kept).collect())
}

/// Keeps the secrets of an endpoint otherwise, if they are still kept as `kept`; says whether they were.
///
/// # Errors
/// The database is unavailable.
pub async fn replace_secrets(tx: &Tx, kept: &KeptSecrets, anew: &KeptSecrets) -> Result<bool, StoreError> {
    let change = ActiveModel {
        secret: Set(anew.secret.clone()),
        previous_secret: Set(anew.previous.clone()),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(kept.id.uuid()))
        .filter(Column::Secret.eq(kept.secret.as_str()));
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}

/// Writes what people change: address, description, events, whether it is told anything. Not when its version is another one than
/// `endpoint` has; says whether it was written.
///
/// # Errors
/// The database is unavailable.
pub async fn update(tx: &Tx, endpoint: &WebhookEndpoint) -> Result<bool, StoreError> {
    let change = ActiveModel {
        url: Set(endpoint.url.clone()),
        description: Set(endpoint.description.clone()),
        events: Set(events(endpoint)?),
        disabled: Set(endpoint.disabled.map(|why| why.as_str().to_owned())),
        failing_since: Set(endpoint.failing_since),
        version: Set(endpoint.version + 1),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(endpoint.id.uuid()))
        .filter(Column::Version.eq(endpoint.version));
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}

/// Gives an endpoint of this version another secret; the one before it signs too until `until`. Says whether it was written.
///
/// # Errors
/// The database is unavailable.
pub async fn rotate(
    tx: &Tx,
    id: WebhookEndpointId,
    version: i32,
    secret: &str,
    until: Instant,
) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::PreviousSecret, Expr::col(Column::Secret))
        .col_expr(Column::PreviousSecretUntil, Expr::value(until))
        .col_expr(Column::Secret, Expr::value(secret))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Version.eq(version));
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}

/// Deletes an endpoint with its deliveries.
///
/// # Errors
/// The database is unavailable.
pub async fn delete(tx: &Tx, id: WebhookEndpointId) -> Result<bool, StoreError> {
    let delete = Entity::delete_many().filter(Column::Id.eq(id.uuid()));
    Ok(tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}

/// Keeps that the endpoint took something.
///
/// # Errors
/// The database is unavailable.
pub async fn succeeded(tx: &Tx, id: WebhookEndpointId, now: Instant) -> Result<(), StoreError> {
    let change = ActiveModel {
        failing_since: Set(None),
        last_success_at: Set(Some(now)),
        last_error: Set(None),
        ..ActiveModel::default()
    };
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id.uuid()));
    tx.scoped(update, Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}

/// Keeps that the endpoint did not take something, and, when `disables`, tells it nothing more.
///
/// # Errors
/// The database is unavailable.
pub async fn failed(
    tx: &Tx,
    id: WebhookEndpointId,
    error: &str,
    disables: bool,
    now: Instant,
) -> Result<(), StoreError> {
    let mut update = Entity::update_many()
        .col_expr(Column::FailingSince, Expr::col(Column::FailingSince).if_null(now))
        .col_expr(Column::LastFailureAt, Expr::value(now))
        .col_expr(Column::LastError, Expr::value(error))
        .filter(Column::Id.eq(id.uuid()));
    if disables {
        update = update.col_expr(Column::Disabled, Expr::value(WebhookDisabled::Failing.as_str()));
    }
    tx.scoped(update, Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}
