//! Mails that became replies, so that none becomes two.

use domain::{ClientId, Instant, TicketId, UserId, tickets::Ticket};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, sea_query::OnConflict,
};

use crate::{
    StoreError, Tx,
    entity::incoming_mails::{ActiveModel, Column, Entity},
};

/// A mail that becomes a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingMail {
    /// Whose ticket it is.
    pub client: ClientId,
    /// The ticket.
    pub ticket: TicketId,
    /// What makes the mail one.
    pub mail: String,
    /// Who wrote it.
    pub user: UserId,
    /// When it came in.
    pub received_at: Instant,
}

/// Writes the mail down, and says whether it is new.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, mail: &IncomingMail) -> Result<bool, StoreError> {
    tx.admit(Some(mail.client))?;
    let row = ActiveModel {
        client_id: Set(mail.client.uuid()),
        ticket_id: Set(mail.ticket.uuid()),
        mail: Set(mail.mail.clone()),
        user_id: Set(mail.user.uuid()),
        received_at: Set(mail.received_at),
    };
    let conflict = OnConflict::columns([Column::ClientId, Column::TicketId, Column::Mail]).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(conflict).exec_without_returning(tx.connection()).await? == 1)
}

/// Whether a mail became a reply on a ticket before.
///
/// # Errors
/// The database is unavailable.
pub async fn is_known(tx: &Tx, ticket: &Ticket, mail: &str) -> Result<bool, StoreError> {
    let select = Entity::find_by_id((ticket.client.uuid(), ticket.id.uuid(), mail.to_owned()));
    Ok(tx.scoped(select, Column::ClientId).one(tx.connection()).await?.is_some())
}

/// How many mails of a person became replies since `since`.
///
/// # Errors
/// The database is unavailable.
pub async fn count_since(tx: &Tx, user: UserId, since: Instant) -> Result<u64, StoreError> {
    let select = Entity::find().filter(Column::UserId.eq(user.uuid())).filter(Column::ReceivedAt.gt(since));
    Ok(tx.scoped(select, Column::ClientId).count(tx.connection()).await?)
}
