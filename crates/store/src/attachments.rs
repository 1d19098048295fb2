//! Files on tickets.

use domain::{
    AttachmentId, ClientId, CorrectiveActionId, SubmissionId, TicketId, UserId,
    tickets::{Attachment, TicketEventVisibility},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use crate::{
    StoreError, Tx,
    entity::attachments::{ActiveModel, Column, Entity, Model},
    rows::{Place, one_of},
};

fn from_row(row: Model) -> Result<Attachment, StoreError> {
    let place = Place { table: "attachments", id: row.id };
    Ok(Attachment {
        id: AttachmentId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        ticket: TicketId::from_uuid(row.ticket_id),
        visibility: place.word("visibility", &row.visibility)?,
        file_name: row.file_name,
        media_type: row.media_type,
        bytes: place.number("bytes", row.bytes)?,
        sha256: row.sha256,
        path: row.path,
        action: row.action_id.map(CorrectiveActionId::from_uuid),
        submission: row.submission_id.map(SubmissionId::from_uuid),
        added_by: row.added_by.map(UserId::from_uuid),
        added_at: row.added_at,
    })
}

/// Without what is internal, unless `internal` says so.
fn seen(select: Select<Entity>, internal: bool) -> Select<Entity> {
    if internal { select } else { select.filter(Column::Visibility.eq(TicketEventVisibility::Public.as_str())) }
}

/// Those of `ids` of which the transaction may know, in no order; what is internal only when `internal` says so.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[AttachmentId], internal: bool) -> Result<Vec<Attachment>, StoreError> {
    let select = seen(Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid()))), internal);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The files of many tickets, oldest first; what is internal only when `internal` says so.
///
/// # Errors
/// The database is unavailable.
pub async fn of_tickets(tx: &Tx, tickets: &[TicketId], internal: bool) -> Result<Vec<Attachment>, StoreError> {
    let select = Entity::find()
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::AddedAt)
        .order_by_asc(Column::Id);
    tx.scoped(seen(select, internal), Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Whether a file shows that an action is done.
///
/// # Errors
/// The database is unavailable.
pub async fn proves(tx: &Tx, action: CorrectiveActionId) -> Result<bool, StoreError> {
    let select = Entity::find().filter(Column::ActionId.eq(action.uuid())).limit(1);
    Ok(tx.scoped(select, Column::ClientId).one(tx.connection()).await?.is_some())
}

/// The objects of all files.
///
/// # Errors
/// The database is unavailable.
pub async fn paths(tx: &Tx) -> Result<Vec<String>, StoreError> {
    let select = Entity::find().select_only().column(Column::Path);
    Ok(tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?)
}

/// Adds a file.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, attachment: &Attachment) -> Result<(), StoreError> {
    tx.admit(Some(attachment.client))?;
    let row = ActiveModel {
        id: Set(attachment.id.uuid()),
        client_id: Set(attachment.client.uuid()),
        ticket_id: Set(attachment.ticket.uuid()),
        visibility: Set(attachment.visibility.as_str().to_owned()),
        file_name: Set(attachment.file_name.clone()),
        media_type: Set(attachment.media_type.clone()),
        bytes: Set(i64::try_from(attachment.bytes).unwrap_or(i64::MAX)),
        sha256: Set(attachment.sha256.clone()),
        path: Set(attachment.path.clone()),
        action_id: Set(attachment.action.map(CorrectiveActionId::uuid)),
        submission_id: Set(attachment.submission.map(SubmissionId::uuid)),
        added_by: Set(attachment.added_by.map(UserId::uuid)),
        added_at: Set(attachment.added_at),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}
