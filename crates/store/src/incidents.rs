//! How often errors come, and the incidents of the platform that show in them.

use std::collections::BTreeSet;

use domain::{
    ClientId, Instant, PlatformIncidentId,
    incidents::{ErrorCount, PlatformIncident},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::{
    StoreError, Tx,
    entity::{error_counts, platform_incidents},
    page::{self, By, Keyset, Page, Span},
    rows::{self, Place},
};

const TABLE: &str = "platform_incidents";
/// Rows of one insert.
const CHUNK: usize = 500;

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Adds to what was counted.
///
/// # Errors
/// `NotVisible` when the transaction may not know of a client.
pub async fn add_errors(tx: &Tx, counts: &[ErrorCount]) -> Result<(), StoreError> {
    use error_counts::{ActiveModel, Column, Entity};
    for chunk in counts.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(chunk.len());
        for count in chunk {
            tx.admit(Some(count.client))?;
            rows.push(ActiveModel {
                client_id: Set(count.client.uuid()),
                slot_at: Set(count.slot),
                code: Set(count.code.into()),
                messages: Set(number(count.messages)),
            });
        }
        let sum = Expr::col((Entity, Column::Messages)).add(Expr::cust("excluded.messages"));
        let key = OnConflict::columns([Column::ClientId, Column::SlotAt, Column::Code])
            .value(Column::Messages, sum)
            .to_owned();
        Entity::insert_many(rows).on_conflict(key).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// What was counted in the slots of a time; of these codes when they are named.
///
/// # Errors
/// The database is unavailable.
pub async fn errors(tx: &Tx, span: Span, codes: Option<&BTreeSet<u32>>) -> Result<Vec<ErrorCount>, StoreError> {
    use error_counts::{Column, Entity};
    let mut select = Entity::find().filter(span.holds(Column::SlotAt));
    if let Some(codes) = codes {
        select = select.filter(Column::Code.is_in(codes.iter().map(|code| i64::from(*code))));
    }
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter()
        .map(|row| {
            let place = Place { table: "error_counts", id: row.client_id };
            Ok(ErrorCount {
                client: ClientId::from_uuid(row.client_id),
                slot: row.slot_at,
                code: place.number("code", row.code)?,
                messages: place.number("messages", row.messages)?,
            })
        })
        .collect()
}

/// Forgets what was counted before `before`.
///
/// # Errors
/// The database is unavailable.
pub async fn forget_errors(tx: &Tx, before: Instant) -> Result<u64, StoreError> {
    use error_counts::{Column, Entity};
    let delete = Entity::delete_many().filter(Column::SlotAt.lt(before));
    Ok(tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?.rows_affected)
}

fn from_row(row: platform_incidents::Model) -> Result<PlatformIncident, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(PlatformIncident {
        id: PlatformIncidentId::from_uuid(row.id),
        code: place.number("code", row.code)?,
        began_at: row.began_at,
        last_at: row.last_at,
        ended_at: row.ended_at,
        clients: place.number("clients", row.clients)?,
        messages: place.number("messages", row.messages)?,
    })
}

/// The incidents that last.
///
/// # Errors
/// The database is unavailable.
pub async fn open(tx: &Tx) -> Result<Vec<PlatformIncident>, StoreError> {
    use platform_incidents::{Column, Entity};
    let select = Entity::find().filter(Column::EndedAt.is_null()).order_by_asc(Column::BeganAt);
    select.all(tx.connection()).await?.into_iter().map(from_row).collect()
}

fn row(incident: &PlatformIncident) -> platform_incidents::ActiveModel {
    platform_incidents::ActiveModel {
        id: Set(incident.id.uuid()),
        code: Set(incident.code.into()),
        began_at: Set(incident.began_at),
        last_at: Set(incident.last_at),
        ended_at: Set(incident.ended_at),
        clients: Set(number(incident.clients)),
        messages: Set(number(incident.messages)),
    }
}

/// Adds an incident; false when one of the same code lasts already.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn insert(tx: &Tx, incident: &PlatformIncident) -> Result<bool, StoreError> {
    tx.admit(None)?;
    let insert =
        platform_incidents::Entity::insert(row(incident)).on_conflict(OnConflict::new().do_nothing().to_owned());
    Ok(insert.exec_without_returning(tx.connection()).await? == 1)
}

/// Writes what an incident has become.
///
/// # Errors
/// `RowsAffected` when there is no such incident.
pub async fn update(tx: &Tx, incident: &PlatformIncident) -> Result<(), StoreError> {
    tx.admit(None)?;
    let update = platform_incidents::Entity::update_many()
        .set(row(incident))
        .filter(platform_incidents::Column::Id.eq(incident.id.uuid()));
    rows::one(TABLE, &update.exec(tx.connection()).await?)
}

/// A page of incidents, by their beginning; nothing for whoever may not know of all clients.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, keyset: &Keyset) -> Result<Page<PlatformIncident>, StoreError> {
    use platform_incidents::{Column, Entity};
    page::fetch(tx, Entity::find(), keyset, By { column: Column::BeganAt, id: Column::Id }, from_row).await
}
