//! Tickets and their timelines.

use std::collections::HashMap;

use domain::{
    ClientId, FindingId, Instant, PhoneNumberId, SlaPolicyId, TeamId, TemplateId, TicketEventId, TicketId, UserId,
    WabaId,
    access::Actor,
    ports::Random,
    tickets::{
        Ticket, TicketEvent, TicketEventKind, TicketEventVisibility, TicketKind, TicketStatus, TimedTicketEvent,
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::{
        ticket_events, ticket_findings,
        tickets::{ActiveModel, Column, Entity, Model},
    },
    page::{self, By, Keyset, Page},
    rows::Place,
};

mod filter;
mod list;
pub(crate) mod search;

pub use filter::{TicketCondition, TicketFilter, TicketInstant};
pub use list::{COUNTED, TicketOrder, count, page};
pub use search::{MOST_FOUND, TicketSearch};

const TABLE: &str = "tickets";

/// What the SLA engine needs to know of a ticket.
#[derive(Debug, Clone)]
pub struct SlaTimeline {
    /// Whose.
    pub client: ClientId,
    /// When it was opened.
    pub opened_at: Instant,
    /// The timeline, oldest first.
    pub events: Vec<TimedTicketEvent>,
}

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
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
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

/// Adds a ticket, to be judged by `policy`.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, ticket: &Ticket, policy: Option<SlaPolicyId>) -> Result<(), StoreError> {
    tx.admit(Some(ticket.client))?;
    let row = ActiveModel {
        id: Set(ticket.id.uuid()),
        client_id: Set(ticket.client.uuid()),
        number: Set(ticket.number),
        kind: Set(ticket.kind.as_str().to_owned()),
        level: Set(ticket.level.as_str().to_owned()),
        waba_id: Set(ticket.waba.map(WabaId::uuid)),
        phone_number_id: Set(ticket.phone_number.map(PhoneNumberId::uuid)),
        template_id: Set(ticket.template.map(TemplateId::uuid)),
        opened_by: Set(ticket.opened_by.map(UserId::uuid)),
        opened_at: Set(ticket.opened_at),
        sla_policy_id: Set(policy.map(SlaPolicyId::uuid)),
        version: Set(ticket.version),
        ..changeable(ticket)
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    search::begin(tx, ticket).await
}

/// What may change after the opening.
fn changeable(ticket: &Ticket) -> ActiveModel {
    ActiveModel {
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

const fn actor_kind(actor: &Actor) -> &'static str {
    match actor {
        Actor::Staff { .. } | Actor::Viewing { .. } => "staff",
        Actor::ClientUser { .. } => "client",
        Actor::Token { .. } => "token",
        Actor::System | Actor::Anonymous => "system",
    }
}

/// Appends to a ticket's timeline. Call it after [`insert`] or [`update`], which hold the ticket's row: so sequences have no gaps.
///
/// # Errors
/// The database is unavailable.
pub async fn append_events(
    tx: &Tx,
    ticket: &Ticket,
    actor: &Actor,
    at: Instant,
    random: &dyn Random,
    kinds: &[TicketEventKind],
) -> Result<(), StoreError> {
    let count = i64::try_from(kinds.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(());
    }
    tx.admit(Some(ticket.client))?;
    let grow = Entity::update_many()
        .col_expr(Column::LastEventSequence, Expr::col(Column::LastEventSequence).add(count))
        .filter(Column::Id.eq(ticket.id.uuid()));
    let grown = tx.scoped(grow, Column::ClientId).exec(tx.connection()).await?;
    crate::rows::one(TABLE, &grown)?;
    let select = Entity::find_by_id(ticket.id.uuid()).select_only().column(Column::LastEventSequence);
    let last: Option<i64> = tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    let first = last.unwrap_or(count) - count + 1;
    let mut rows = Vec::with_capacity(kinds.len());
    for (sequence, kind) in (first..).zip(kinds) {
        let json = serde_json::to_value(kind)
            .map_err(|_| StoreError::inconsistent_uuid("ticket_events", "kind", ticket.id.uuid()))?;
        rows.push(ticket_events::ActiveModel {
            id: Set(TicketEventId::new(at, random).uuid()),
            client_id: Set(ticket.client.uuid()),
            ticket_id: Set(ticket.id.uuid()),
            sequence: Set(sequence),
            visibility: Set(kind.visibility().as_str().to_owned()),
            kind: Set(json),
            actor_kind: Set(actor_kind(actor).to_owned()),
            actor_id: Set(match actor {
                Actor::Token { token, .. } => Some(token.uuid()),
                _ => actor.user().map(UserId::uuid),
            }),
            at: Set(at),
            ticket_version: Set(Some(ticket.version)),
            // The store numbers them.
            ..Default::default()
        });
    }
    ticket_events::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    for kind in kinds {
        if let TicketEventKind::Replied { text, .. } | TicketEventKind::Noted { text } = kind {
            search::keep(tx, ticket.id, kind.visibility(), text).await?;
        }
    }
    crate::sla::wake(tx, ticket.client, ticket.id, at).await
}

pub(crate) fn event_from_row(row: ticket_events::Model) -> Result<TicketEvent, StoreError> {
    let place = Place { table: "ticket_events", id: row.id };
    let is_person = matches!(row.actor_kind.as_str(), "staff" | "client");
    Ok(TicketEvent {
        id: TicketEventId::from_uuid(row.id),
        ticket: TicketId::from_uuid(row.ticket_id),
        client: ClientId::from_uuid(row.client_id),
        sequence: row.sequence,
        version: row.ticket_version,
        visibility: place.word("visibility", &row.visibility)?,
        user: row.actor_id.filter(|_| is_person).map(UserId::from_uuid),
        actor_kind: row.actor_kind,
        at: row.at,
        kind: place.json("kind", row.kind)?,
    })
}

/// A page of a timeline, by sequence; what is internal only when `internal` says so.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn timeline_page(
    tx: &Tx,
    ticket: TicketId,
    internal: bool,
    keyset: &Keyset,
) -> Result<Page<TicketEvent>, StoreError> {
    use ticket_events::{Column, Entity};
    let mut select = Entity::find().filter(Column::TicketId.eq(ticket.uuid()));
    if !internal {
        select = select.filter(Column::Visibility.eq(TicketEventVisibility::Public.as_str()));
    }
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::Sequence, id: Column::Id }, event_from_row).await
}

/// A page of what happened in a time to the tickets about an account, by when it happened; what is internal only when `internal`
/// says so.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_of_waba(
    tx: &Tx,
    waba: WabaId,
    internal: bool,
    span: page::Span,
    keyset: &Keyset,
) -> Result<Page<TicketEvent>, StoreError> {
    use ticket_events::{Column as EventColumn, Entity as EventEntity};
    let tickets = Entity::find().select_only().column(Column::Id).filter(Column::WabaId.eq(waba.uuid()));
    let mut select = EventEntity::find()
        .filter(EventColumn::TicketId.in_subquery(tx.scoped(tickets, Column::ClientId).into_query()))
        .filter(span.holds(EventColumn::At));
    if !internal {
        select = select.filter(EventColumn::Visibility.eq(TicketEventVisibility::Public.as_str()));
    }
    let select = tx.scoped(select, EventColumn::ClientId);
    page::fetch(tx, select, keyset, By { column: EventColumn::At, id: EventColumn::Id }, event_from_row).await
}

/// What a ticket's versions after `version` brought, oldest first, at most `most` events; what is internal only when `internal`
/// says so.
///
/// # Errors
/// The database is unavailable.
pub async fn events_after_version(
    tx: &Tx,
    ticket: TicketId,
    version: i32,
    internal: bool,
    most: u64,
) -> Result<Vec<TicketEvent>, StoreError> {
    use ticket_events::{Column, Entity};
    let mut select =
        Entity::find().filter(Column::TicketId.eq(ticket.uuid())).filter(Column::TicketVersion.gt(version));
    if !internal {
        select = select.filter(Column::Visibility.eq(TicketEventVisibility::Public.as_str()));
    }
    let select = select.order_by_asc(Column::Sequence).limit(most);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(event_from_row).collect()
}

/// What the SLA engine needs of many tickets, in two statements.
///
/// # Errors
/// The database is unavailable.
pub async fn sla_timelines(tx: &Tx, tickets: &[TicketId]) -> Result<HashMap<TicketId, SlaTimeline>, StoreError> {
    let ids = || tickets.iter().map(|id| id.uuid());
    let select = Entity::find().filter(Column::Id.is_in(ids()));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    let mut answer: HashMap<TicketId, SlaTimeline> = rows
        .into_iter()
        .map(|row| {
            let timeline = SlaTimeline {
                client: ClientId::from_uuid(row.client_id),
                opened_at: row.opened_at,
                events: Vec::new(),
            };
            (TicketId::from_uuid(row.id), timeline)
        })
        .collect();
    let select = ticket_events::Entity::find()
        .filter(ticket_events::Column::TicketId.is_in(ids()))
        .order_by_asc(ticket_events::Column::TicketId)
        .order_by_asc(ticket_events::Column::Sequence);
    for row in tx.scoped(select, ticket_events::Column::ClientId).all(tx.connection()).await? {
        let event = event_from_row(row)?;
        if let Some(timeline) = answer.get_mut(&event.ticket) {
            timeline.events.push(TimedTicketEvent { at: event.at, kind: event.kind });
        }
    }
    Ok(answer)
}

/// The whole timelines of many tickets, each oldest first.
///
/// # Errors
/// The database is unavailable.
pub async fn timelines(tx: &Tx, tickets: &[TicketId]) -> Result<HashMap<TicketId, Vec<TicketEvent>>, StoreError> {
    use ticket_events::{Column, Entity};
    let select = Entity::find()
        .filter(Column::TicketId.is_in(tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::TicketId)
        .order_by_asc(Column::Sequence);
    let mut answer: HashMap<TicketId, Vec<TicketEvent>> = HashMap::new();
    for row in tx.scoped(select, Column::ClientId).all(tx.connection()).await? {
        let event = event_from_row(row)?;
        answer.entry(event.ticket).or_default().push(event);
    }
    Ok(answer)
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
        .filter(Column::TicketId.is_in(tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::TicketId)
        .order_by_asc(Column::FindingId);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (TicketId::from_uuid(row.ticket_id), FindingId::from_uuid(row.finding_id))).collect())
}
