//! Corrective actions of tickets.

use std::collections::HashMap;

use domain::{
    AuditId, ClientId, CorrectiveActionId, FindingId, TicketId, UserId,
    tickets::{ActionMove, ActionState, CorrectiveAction},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::{
        corrective_action_findings,
        corrective_actions::{ActiveModel, Column, Entity, Model},
    },
    page::{self, By, Keyset, Page},
    rows::{Place, one_of},
};

/// Most values bound in one statement.
const CHUNK: usize = 500;

/// Which actions; conditions add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActionFilter {
    /// Of this client.
    pub client: Option<ClientId>,
    /// In one of these states.
    pub states: Option<Vec<ActionState>>,
}

fn from_row(row: Model) -> Result<CorrectiveAction, StoreError> {
    let place = Place { table: "corrective_actions", id: row.id };
    Ok(CorrectiveAction {
        id: CorrectiveActionId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        ticket: TicketId::from_uuid(row.ticket_id),
        title: row.title,
        description: row.description,
        owner: place.word("owner", &row.owner)?,
        due_at: row.due_at,
        state: place.word("state", &row.state)?,
        proof: row.proof,
        done_by: row.done_by.map(UserId::from_uuid),
        done_at: row.done_at,
        audit: row.audit_id.map(AuditId::from_uuid),
        checked_at: row.checked_at,
        findings: Vec::new(),
        added_by: row.added_by.map(UserId::from_uuid),
        added_at: row.added_at,
        version: row.version,
    })
}

/// The actions of a select, with their findings.
async fn all(tx: &Tx, select: Select<Entity>) -> Result<Vec<CorrectiveAction>, StoreError> {
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    with_findings(tx, rows.into_iter().map(from_row).collect::<Result<_, _>>()?).await
}

async fn with_findings(tx: &Tx, mut actions: Vec<CorrectiveAction>) -> Result<Vec<CorrectiveAction>, StoreError> {
    use corrective_action_findings::{Column, Entity};
    if actions.is_empty() {
        return Ok(actions);
    }
    let select = Entity::find()
        .filter(Column::ActionId.is_in(actions.iter().map(|action| action.id.uuid())))
        .order_by_asc(Column::ActionId)
        .order_by_asc(Column::FindingId);
    let mut findings: HashMap<Uuid, Vec<FindingId>> = HashMap::new();
    for row in tx.scoped(select, Column::ClientId).all(tx.connection()).await? {
        findings.entry(row.action_id).or_default().push(FindingId::from_uuid(row.finding_id));
    }
    for action in &mut actions {
        action.findings = findings.remove(&action.id.uuid()).unwrap_or_default();
    }
    Ok(actions)
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[CorrectiveActionId]) -> Result<Vec<CorrectiveAction>, StoreError> {
    all(tx, Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())))).await
}

/// The actions of many tickets, oldest first.
///
/// # Errors
/// The database is unavailable.
pub async fn of_tickets(tx: &Tx, tickets: &[TicketId]) -> Result<Vec<CorrectiveAction>, StoreError> {
    let select = Entity::find()
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::AddedAt)
        .order_by_asc(Column::Id);
    all(tx, select).await
}

/// The actions that are to mend any of these findings, oldest first.
///
/// # Errors
/// The database is unavailable.
pub async fn of_findings(tx: &Tx, findings: &[FindingId]) -> Result<Vec<CorrectiveAction>, StoreError> {
    use corrective_action_findings::{Column as Link, Entity as Links};
    let mut ids: Vec<Uuid> = Vec::new();
    for chunk in findings.chunks(CHUNK) {
        let select = Links::find()
            .select_only()
            .column(Link::ActionId)
            .distinct()
            .filter(Link::FindingId.is_in(chunk.iter().map(|id| id.uuid())));
        ids.extend(tx.scoped(select, Link::ClientId).into_tuple::<Uuid>().all(tx.connection()).await?);
    }
    ids.sort_unstable();
    ids.dedup();
    let mut actions = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        actions.extend(all(tx, Entity::find().filter(Column::Id.is_in(chunk.iter().copied()))).await?);
    }
    actions.sort_by_key(|action| (action.added_at, action.id));
    Ok(actions)
}

/// The actions of many tickets that somebody has to do by some instant, oldest first; without their findings.
///
/// # Errors
/// The database is unavailable.
pub async fn to_be_done(tx: &Tx, tickets: &[TicketId]) -> Result<Vec<CorrectiveAction>, StoreError> {
    let states = ActionState::ALL.iter().filter(|state| state.after(ActionMove::Complete).is_some());
    let select = Entity::find()
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .filter(Column::State.is_in(states.map(|state| state.as_str())))
        .filter(Column::DueAt.is_not_null())
        .order_by_asc(Column::AddedAt)
        .order_by_asc(Column::Id);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The actions that an audit is to judge.
///
/// # Errors
/// The database is unavailable.
pub async fn to_be_judged(tx: &Tx, audit: AuditId) -> Result<Vec<CorrectiveAction>, StoreError> {
    let select = Entity::find()
        .filter(Column::AuditId.eq(audit.uuid()))
        .filter(Column::State.eq(ActionState::Checking.as_str()))
        .order_by_asc(Column::Id);
    all(tx, select).await
}

/// A page of actions, by the instant at which they were added.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, filter: &ActionFilter, keyset: &Keyset) -> Result<Page<CorrectiveAction>, StoreError> {
    let mut select = Entity::find();
    if let Some(client) = filter.client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    if let Some(states) = &filter.states {
        select = select.filter(Column::State.is_in(states.iter().map(|state| state.as_str())));
    }
    let select = tx.scoped(select, Column::ClientId);
    let page = page::fetch(tx, select, keyset, By { column: Column::AddedAt, id: Column::Id }, from_row).await?;
    Ok(Page { items: with_findings(tx, page.items).await?, cursors: page.cursors, has_next: page.has_next })
}

/// Adds an action with its findings.
///
/// # Errors
/// `Reference` when a finding is not the client's.
pub async fn insert(tx: &Tx, action: &CorrectiveAction) -> Result<(), StoreError> {
    tx.admit(Some(action.client))?;
    let row = ActiveModel {
        id: Set(action.id.uuid()),
        client_id: Set(action.client.uuid()),
        ticket_id: Set(action.ticket.uuid()),
        added_by: Set(action.added_by.map(UserId::uuid)),
        added_at: Set(action.added_at),
        version: Set(action.version),
        ..changeable(action)
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    if action.findings.is_empty() {
        return Ok(());
    }
    let rows = action.findings.iter().map(|finding| corrective_action_findings::ActiveModel {
        action_id: Set(action.id.uuid()),
        finding_id: Set(finding.uuid()),
        client_id: Set(action.client.uuid()),
    });
    corrective_action_findings::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// What may change.
fn changeable(action: &CorrectiveAction) -> ActiveModel {
    ActiveModel {
        title: Set(action.title.clone()),
        description: Set(action.description.clone()),
        owner: Set(action.owner.as_str().to_owned()),
        due_at: Set(action.due_at),
        state: Set(action.state.as_str().to_owned()),
        proof: Set(action.proof.clone()),
        done_by: Set(action.done_by.map(UserId::uuid)),
        done_at: Set(action.done_at),
        audit_id: Set(action.audit.map(AuditId::uuid)),
        checked_at: Set(action.checked_at),
        ..ActiveModel::default()
    }
}

/// Writes what may change, if the version is still that of `action`; its version grows by one. `false` when somebody else was first.
///
/// # Errors
/// The database is unavailable.
pub async fn update(tx: &Tx, action: &CorrectiveAction) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .set(changeable(action))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(action.id.uuid()))
        .filter(Column::Version.eq(action.version));
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}

/// The version of an action, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn version(tx: &Tx, id: CorrectiveActionId) -> Result<Option<i32>, StoreError> {
    let select = Entity::find_by_id(id.uuid()).select_only().column(Column::Version);
    Ok(tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?)
}
