//! Tickets and their timelines.

use domain::{
    ClientId, FindingId, PhoneNumberId, TeamId, TemplateId, TicketId, UserId, WabaId,
    tickets::{Ticket, TicketKind, TicketStatus},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::{
        ticket_findings,
        tickets::{ActiveModel, Column, Entity, Model},
    },
    rows::{Place, one_of},
};

mod facets;
mod filter;
mod frequent;
mod list;
pub(crate) mod search;
mod timeline;

pub use filter::{TicketCondition, TicketFilter, TicketInstant};
pub(crate) use frequent::Frequent;
pub use list::{COUNTED, ListedTicket, TicketOrder, count, page, page_with_relations};
pub use search::{MOST_FOUND, TicketSearch};
pub(crate) use timeline::event_from_row;
pub use timeline::{
    SlaTimeline, append_events, append_to_many, events_after_version, page_of_waba, sla_timelines, timed_events,
    timeline_ends, timeline_page, timelines,
};

const TABLE: &str = "tickets";

fn from_row(row: Model) -> Result<Ticket, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(Ticket {
        id: TicketId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        number: row.number,
        kind: place.word("kind", &row.kind)?,
        level: place.word("level", &row.level)?,
        priority: place.word("priority", &row.priority)?,
        status: place.word("status", &row.status)?,
        waiting_on: place.word("waiting_on", &row.waiting_on)?,
        outcome: place.word_if("outcome", row.outcome.as_deref())?,
        proposed_outcome: place.word_if("proposed_outcome", row.proposed_outcome.as_deref())?,
        title: row.title,
        waba: row.waba_id.map(WabaId::from_uuid),
        phone_number: row.phone_number_id.map(PhoneNumberId::from_uuid),
        template: row.template_id.map(TemplateId::from_uuid),
        opened_by: row.opened_by.map(UserId::from_uuid),
        assignee: row.assignee.map(UserId::from_uuid),
        team: row.team_id.map(TeamId::from_uuid),
        appeal_deadline: row.appeal_deadline,
        appealable: place.word("appealable", &row.appealable)?,
        opened_at: row.opened_at,
        updated_at: row.updated_at,
        closed_at: row.closed_at,
        version: row.version,
    })
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[TicketId]) -> Result<Vec<Ticket>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The ticket of this id for a change, if the transaction may know of it: nobody else changes it before the transaction ends.
///
/// # Errors
/// The database is unavailable.
pub async fn for_change(tx: &Tx, id: TicketId) -> Result<Option<Ticket>, StoreError> {
    let select = Entity::find_by_id(id.uuid()).lock_exclusive();
    tx.scoped(select, Column::ClientId).one(tx.connection()).await?.map(from_row).transpose()
}

/// The ticket of this number, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_number(tx: &Tx, number: i64) -> Result<Option<Ticket>, StoreError> {
    let select = Entity::find().filter(Column::Number.eq(number));
    tx.scoped(select, Column::ClientId).one(tx.connection()).await?.map(from_row).transpose()
}

/// The first open ticket of one of these kinds about an account, if there is one.
///
/// # Errors
/// The database is unavailable.
pub async fn open_of_kinds(tx: &Tx, waba: WabaId, kinds: &[TicketKind]) -> Result<Option<Ticket>, StoreError> {
    let select = Entity::find()
        .filter(Column::WabaId.eq(waba.uuid()))
        .filter(Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
        .filter(Column::Status.ne(TicketStatus::Closed.as_str()))
        .order_by_asc(Column::Number)
        .limit(1);
    tx.scoped(select, Column::ClientId).one(tx.connection()).await?.map(from_row).transpose()
}

/// Adds a ticket.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, ticket: &Ticket) -> Result<(), StoreError> {
    tx.admit(Some(ticket.client))?;
    let row = ActiveModel {
        id: Set(ticket.id.uuid()),
        client_id: Set(ticket.client.uuid()),
        number: Set(ticket.number),
        waba_id: Set(ticket.waba.map(WabaId::uuid)),
        phone_number_id: Set(ticket.phone_number.map(PhoneNumberId::uuid)),
        template_id: Set(ticket.template.map(TemplateId::uuid)),
        opened_by: Set(ticket.opened_by.map(UserId::uuid)),
        opened_at: Set(ticket.opened_at),
        version: Set(ticket.version),
        ..changeable(ticket)
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    search::begin(tx, ticket).await
}

/// What may change after the opening.
fn changeable(ticket: &Ticket) -> ActiveModel {
    ActiveModel {
        kind: Set(ticket.kind.as_str().to_owned()),
        level: Set(ticket.level.as_str().to_owned()),
        priority: Set(ticket.priority.as_str().to_owned()),
        status: Set(ticket.status.as_str().to_owned()),
        waiting_on: Set(ticket.waiting_on.as_str().to_owned()),
        outcome: Set(ticket.outcome.map(|outcome| outcome.as_str().to_owned())),
        proposed_outcome: Set(ticket.proposed_outcome.map(|outcome| outcome.as_str().to_owned())),
        title: Set(ticket.title.clone()),
        assignee: Set(ticket.assignee.map(UserId::uuid)),
        team_id: Set(ticket.team.map(TeamId::uuid)),
        appeal_deadline: Set(ticket.appeal_deadline),
        appealable: Set(ticket.appealable.as_str().to_owned()),
        updated_at: Set(ticket.updated_at),
        closed_at: Set(ticket.closed_at),
        ..ActiveModel::default()
    }
}

/// Writes what may change, if the version is still that of `ticket`; its version grows by one. `false` when somebody else was first.
///
/// # Errors
/// The database is unavailable.
pub async fn update(tx: &Tx, ticket: &Ticket) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .set(changeable(ticket))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(ticket.id.uuid()))
        .filter(Column::Version.eq(ticket.version));
    let result = tx.scoped(update, Column::ClientId).exec(tx.connection()).await?;
    Ok(result.rows_affected == 1)
}

/// Ties findings to a ticket as evidence.
///
/// # Errors
/// `Reference` when a finding is not the client's.
pub async fn link_findings(tx: &Tx, ticket: &Ticket, findings: &[FindingId]) -> Result<(), StoreError> {
    if findings.is_empty() {
        return Ok(());
    }
    tx.admit(Some(ticket.client))?;
    let rows = findings.iter().map(|finding| ticket_findings::ActiveModel {
        ticket_id: Set(ticket.id.uuid()),
        finding_id: Set(finding.uuid()),
        client_id: Set(ticket.client.uuid()),
    });
    ticket_findings::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The findings that are tied to many tickets, as pairs.
///
/// # Errors
/// The database is unavailable.
pub async fn findings_of(tx: &Tx, tickets: &[TicketId]) -> Result<Vec<(TicketId, FindingId)>, StoreError> {
    use ticket_findings::{Column, Entity};
    let select = Entity::find()
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::TicketId)
        .order_by_asc(Column::FindingId);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (TicketId::from_uuid(row.ticket_id), FindingId::from_uuid(row.finding_id))).collect())
}
