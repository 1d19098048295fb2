//! Notices of enforcement by Meta.

use domain::{
    ClientId, EnforcementNoticeId, PhoneNumberId, TicketId, UserId, WabaId,
    enforcement::{EnforcementNotice, NoticeSource},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    StoreError, Tx,
    entity::enforcement_notices::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page, Span},
    rows::{self, Place},
};

const TABLE: &str = "enforcement_notices";

fn from_row(row: Model) -> Result<EnforcementNotice, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(EnforcementNotice {
        id: EnforcementNoticeId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        waba: row.waba_id.map(WabaId::from_uuid),
        phone_number: row.phone_number_id.map(PhoneNumberId::from_uuid),
        violation_type: row.violation_type,
        source: place.word("source", &row.source)?,
        noticed_at: row.noticed_at,
        restrictions: place.json("restrictions", row.restrictions)?,
        note: row.note,
        recorded_by: row.recorded_by.map(UserId::from_uuid),
        recorded_at: row.recorded_at,
        ticket: row.ticket_id.map(TicketId::from_uuid),
    })
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[EnforcementNoticeId]) -> Result<Vec<EnforcementNotice>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// All notices of a client, the earliest first.
///
/// # Errors
/// The database is unavailable.
pub async fn of_client(tx: &Tx, client: ClientId) -> Result<Vec<EnforcementNotice>, StoreError> {
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .order_by_asc(Column::NoticedAt)
        .order_by_asc(Column::Id);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// All notices of an account, the earliest first.
///
/// # Errors
/// The database is unavailable.
pub async fn of_waba(tx: &Tx, waba: WabaId) -> Result<Vec<EnforcementNotice>, StoreError> {
    let select =
        Entity::find().filter(Column::WabaId.eq(waba.uuid())).order_by_asc(Column::NoticedAt).order_by_asc(Column::Id);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// A page of the notices of an account that people recorded, of what Meta told in a time.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_by_hand(
    tx: &Tx,
    waba: WabaId,
    span: Span,
    keyset: &Keyset,
) -> Result<Page<EnforcementNotice>, StoreError> {
    let by_hand = NoticeSource::ALL.iter().filter(|source| source.is_by_hand()).map(|source| source.as_str());
    let select = Entity::find()
        .filter(Column::WabaId.eq(waba.uuid()))
        .filter(Column::Source.is_in(by_hand))
        .filter(span.holds(Column::NoticedAt));
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::NoticedAt, id: Column::Id }, from_row).await
}

/// A page of notices, by the instant at which Meta told.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<EnforcementNotice>, StoreError> {
    let mut select = Entity::find();
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::NoticedAt, id: Column::Id }, from_row).await
}

/// Adds a notice.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, notice: &EnforcementNotice) -> Result<(), StoreError> {
    tx.admit(Some(notice.client))?;
    let restrictions = serde_json::to_value(&notice.restrictions)
        .map_err(|_| StoreError::inconsistent_uuid(TABLE, "restrictions", notice.id.uuid()))?;
    let row = ActiveModel {
        id: Set(notice.id.uuid()),
        client_id: Set(notice.client.uuid()),
        waba_id: Set(notice.waba.map(WabaId::uuid)),
        phone_number_id: Set(notice.phone_number.map(PhoneNumberId::uuid)),
        violation_type: Set(notice.violation_type.clone()),
        source: Set(notice.source.as_str().to_owned()),
        noticed_at: Set(notice.noticed_at),
        restrictions: Set(restrictions),
        note: Set(notice.note.clone()),
        recorded_by: Set(notice.recorded_by.map(UserId::uuid)),
        recorded_at: Set(notice.recorded_at),
        ticket_id: Set(notice.ticket.map(TicketId::uuid)),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Ties a notice to the ticket that deals with it.
///
/// # Errors
/// `RowsAffected` when there is no such notice.
pub async fn set_ticket(tx: &Tx, notice: EnforcementNoticeId, ticket: TicketId) -> Result<(), StoreError> {
    let change = ActiveModel { ticket_id: Set(Some(ticket.uuid())), ..ActiveModel::default() };
    let update = Entity::update_many().set(change).filter(Column::Id.eq(notice.uuid()));
    rows::one(TABLE, &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}
