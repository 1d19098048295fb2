//! What was done because of a promise: each effect is written down once, in the transaction that does it.

use std::collections::{HashMap, HashSet};

use domain::{
    SlaEffectId, TicketId,
    sla::{SlaEffect, SlaEffectKey},
};
use sea_orm::{EntityTrait as _, Iterable as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use crate::{
    StoreError, Tx, bulk,
    entity::sla_effects::{Column, Entity, Model},
    rows::one_of,
};

/// The effects of many tickets that were written down.
///
/// # Errors
/// The database is unavailable.
pub async fn effects_of(tx: &Tx, tickets: &[TicketId]) -> Result<HashMap<TicketId, HashSet<SlaEffectKey>>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::TicketId, Column::Metric, Column::Cycle, Column::Level, Column::Due])
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|ticket| ticket.uuid())));
    let rows: Vec<(Uuid, String, i32, String, String)> =
        tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    let mut answer: HashMap<TicketId, HashSet<SlaEffectKey>> = HashMap::new();
    for (ticket, metric, cycle, level, due) in rows {
        let key = SlaEffectKey { metric, cycle, level, due };
        answer.entry(TicketId::from_uuid(ticket)).or_default().insert(key);
    }
    Ok(answer)
}

/// Writes effects down, and returns those that were not before: the others are not to be done again.
///
/// # Errors
/// The transaction may not know of a client, or the database is unavailable.
pub async fn record(tx: &Tx, effects: &[SlaEffect]) -> Result<HashSet<SlaEffectId>, StoreError> {
    let mut rows = Vec::with_capacity(effects.len());
    for effect in effects {
        tx.admit(Some(effect.client))?;
        rows.push(row(effect));
    }
    let columns: Vec<Column> = Column::iter().collect();
    let then = "ON CONFLICT (ticket_id, metric, cycle, level, due) DO NOTHING";
    let written = bulk::insert::<Entity>(tx, &columns, &rows, then).await?;
    let ids = effects.iter().map(|effect| effect.id);
    // Nearly always all of them are new; to be told each one would cost more than to write it.
    if written == rows.len() as u64 {
        return Ok(ids.collect());
    }
    let new =
        Entity::find().select_only().column(Column::Id).filter(one_of(tx, Column::Id, ids.map(SlaEffectId::uuid)));
    let new: Vec<Uuid> = tx.scoped(new, Column::ClientId).into_tuple().all(tx.connection()).await?;
    Ok(new.into_iter().map(SlaEffectId::from_uuid).collect())
}

fn row(effect: &SlaEffect) -> Model {
    Model {
        id: effect.id.uuid(),
        client_id: effect.client.uuid(),
        ticket_id: effect.ticket.uuid(),
        metric: effect.key.metric.clone(),
        cycle: effect.key.cycle,
        level: effect.key.level.clone(),
        due: effect.key.due.clone(),
        reached_at: effect.reached_at,
        recorded_at: effect.recorded_at,
        outcome: effect.outcome.as_str().to_owned(),
    }
}
