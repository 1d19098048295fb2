//! Tags of tickets.

use domain::{TicketId, tickets::Ticket};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    StoreError, Tx,
    entity::ticket_tags::{ActiveModel, Column, Entity},
    rows::one_of,
};

/// The tags of many tickets, as pairs, by tag.
///
/// # Errors
/// The database is unavailable.
pub async fn of_tickets(tx: &Tx, tickets: &[TicketId]) -> Result<Vec<(TicketId, String)>, StoreError> {
    let select = Entity::find()
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::TicketId)
        .order_by_asc(Column::Tag);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (TicketId::from_uuid(row.ticket_id), row.tag)).collect())
}

/// Gives a ticket tags that it does not have, and takes away some that it has.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn change(tx: &Tx, ticket: &Ticket, added: &[String], removed: &[String]) -> Result<(), StoreError> {
    tx.admit(Some(ticket.client))?;
    if !removed.is_empty() {
        let delete = Entity::delete_many()
            .filter(Column::TicketId.eq(ticket.id.uuid()))
            .filter(Column::Tag.is_in(removed.iter().map(String::as_str)));
        tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?;
    }
    if !added.is_empty() {
        let rows = added.iter().map(|tag| ActiveModel {
            ticket_id: Set(ticket.id.uuid()),
            tag: Set(tag.clone()),
            client_id: Set(ticket.client.uuid()),
        });
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}
