//! Which tickets belong together. Each pair is kept once, told from its first ticket.

use domain::{ClientId, TicketId, UserId, tickets::TicketLink, tickets::TicketLinkKind};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    StoreError, Tx,
    entity::ticket_links::{ActiveModel, Column, Entity, Model},
    rows::Place,
};

fn from_row(row: Model) -> Result<TicketLink, StoreError> {
    let place = Place { table: "ticket_links", id: row.ticket_id };
    Ok(TicketLink {
        ticket: TicketId::from_uuid(row.ticket_id),
        kind: place.word("kind", &row.kind)?,
        other: TicketId::from_uuid(row.other_id),
        client: ClientId::from_uuid(row.client_id),
        linked_at: row.linked_at,
    })
}

/// The links of many tickets, whichever end they are, oldest first.
///
/// # Errors
/// The database is unavailable.
pub async fn of_tickets(tx: &Tx, tickets: &[TicketId]) -> Result<Vec<TicketLink>, StoreError> {
    let ids = || tickets.iter().map(|id| id.uuid());
    let either = Condition::any().add(Column::TicketId.is_in(ids())).add(Column::OtherId.is_in(ids()));
    let select = Entity::find().filter(either).order_by_asc(Column::LinkedAt).order_by_asc(Column::OtherId);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Ties two tickets of one client together.
///
/// # Errors
/// `Conflict` when they are tied so already, or the first has its parent or original already.
pub async fn insert(tx: &Tx, link: &TicketLink, by: Option<UserId>) -> Result<(), StoreError> {
    tx.admit(Some(link.client))?;
    let row = ActiveModel {
        ticket_id: Set(link.ticket.uuid()),
        kind: Set(link.kind.as_str().to_owned()),
        other_id: Set(link.other.uuid()),
        client_id: Set(link.client.uuid()),
        linked_by: Set(by.map(UserId::uuid)),
        linked_at: Set(link.linked_at),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Unties two tickets; `false` when they were not tied so.
///
/// # Errors
/// The database is unavailable.
pub async fn delete(tx: &Tx, ticket: TicketId, kind: TicketLinkKind, other: TicketId) -> Result<bool, StoreError> {
    let delete = Entity::delete_many()
        .filter(Column::TicketId.eq(ticket.uuid()))
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(Column::OtherId.eq(other.uuid()));
    Ok(tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}
