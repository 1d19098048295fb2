//! Who watches which ticket.

use domain::{TicketId, UserId, tickets::Ticket};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::OnConflict,
};

use crate::{
    StoreError, Tx,
    entity::ticket_watchers::{ActiveModel, Column, Entity},
    rows::one_of,
};

/// The watchers of many tickets, as pairs.
///
/// # Errors
/// The database is unavailable.
pub async fn of_tickets(tx: &Tx, tickets: &[TicketId]) -> Result<Vec<(TicketId, UserId)>, StoreError> {
    let select = Entity::find()
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::TicketId)
        .order_by_asc(Column::UserId);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (TicketId::from_uuid(row.ticket_id), UserId::from_uuid(row.user_id))).collect())
}

/// Adds a watcher, unless it is there.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, ticket: &Ticket, user: UserId) -> Result<(), StoreError> {
    tx.admit(Some(ticket.client))?;
    let row = ActiveModel {
        ticket_id: Set(ticket.id.uuid()),
        user_id: Set(user.uuid()),
        client_id: Set(ticket.client.uuid()),
    };
    let there = OnConflict::columns([Column::TicketId, Column::UserId]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(there).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Takes a watcher away.
///
/// # Errors
/// The database is unavailable.
pub async fn delete(tx: &Tx, ticket: TicketId, user: UserId) -> Result<(), StoreError> {
    let delete =
        Entity::delete_many().filter(Column::TicketId.eq(ticket.uuid())).filter(Column::UserId.eq(user.uuid()));
    tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}
