//! Submissions of tickets to Meta.

use domain::{
    ClientId, SubmissionId, TicketId, UserId,
    tickets::{Submission, TicketEventVisibility},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    StoreError, Tx,
    entity::submissions::{ActiveModel, Column, Entity, Model},
    rows::{self, Place, one_of},
    tickets::search,
};

const TABLE: &str = "submissions";

fn from_row(row: Model) -> Result<Submission, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(Submission {
        id: SubmissionId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        ticket: TicketId::from_uuid(row.ticket_id),
        attempt: row.attempt,
        channel: place.word("channel", &row.channel)?,
        submitted_by: row.submitted_by.map(UserId::from_uuid),
        filed_by: row.filed_by,
        submitted_at: row.submitted_at,
        meta_reference: row.meta_reference,
        expected_by: row.expected_by,
        outcome: place.word_if("outcome", row.outcome.as_deref())?,
        outcome_at: row.outcome_at,
        outcome_note: row.outcome_note,
    })
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[SubmissionId]) -> Result<Vec<Submission>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The submissions of many tickets, by ticket and attempt.
///
/// # Errors
/// The database is unavailable.
pub async fn of_tickets(tx: &Tx, tickets: &[TicketId]) -> Result<Vec<Submission>, StoreError> {
    let select = Entity::find()
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::TicketId)
        .order_by_asc(Column::Attempt);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Adds a submission.
///
/// # Errors
/// `Conflict` when the attempt exists.
pub async fn insert(tx: &Tx, submission: &Submission) -> Result<(), StoreError> {
    tx.admit(Some(submission.client))?;
    let row = ActiveModel {
        id: Set(submission.id.uuid()),
        client_id: Set(submission.client.uuid()),
        ticket_id: Set(submission.ticket.uuid()),
        attempt: Set(submission.attempt),
        channel: Set(submission.channel.as_str().to_owned()),
        submitted_by: Set(submission.submitted_by.map(UserId::uuid)),
        submitted_at: Set(submission.submitted_at),
        meta_reference: Set(submission.meta_reference.clone()),
        expected_by: Set(submission.expected_by),
        outcome: Set(None),
        outcome_at: Set(None),
        outcome_note: Set(None),
        filed_by: Set(submission.filed_by.clone()),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    let reference = submission.meta_reference.as_deref().unwrap_or_default();
    search::keep(tx, submission.ticket, TicketEventVisibility::Public, reference).await
}

/// Writes the answer to a submission that has none.
///
/// # Errors
/// `RowsAffected` when it has one, or does not exist.
pub async fn answer(tx: &Tx, submission: &Submission) -> Result<(), StoreError> {
    let change = ActiveModel {
        outcome: Set(submission.outcome.map(|outcome| outcome.as_str().to_owned())),
        outcome_at: Set(submission.outcome_at),
        outcome_note: Set(submission.outcome_note.clone()),
        ..ActiveModel::default()
    };
    let update =
        Entity::update_many().set(change).filter(Column::Id.eq(submission.id.uuid())).filter(Column::Outcome.is_null());
    rows::one(TABLE, &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)?;
    let note = submission.outcome_note.as_deref().unwrap_or_default();
    search::keep(tx, submission.ticket, TicketEventVisibility::Public, note).await
}
