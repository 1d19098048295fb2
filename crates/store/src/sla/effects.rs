//! What was done because of a promise: each effect is written down once, in the transaction that does it.

use std::collections::{HashMap, HashSet};

use domain::{
    SlaEffectId, TicketId,
    sla::{SlaEffect, SlaEffectKey},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, IdenStatic as _, QueryFilter as _,
    QuerySelect as _, QueryTrait as _, sea_query::OnConflict,
};
use uuid::Uuid;

use super::clock::CHUNK;
use crate::{
    StoreError, Tx,
    entity::sla_effects::{ActiveModel, Column, Entity},
};

/// The effects of many tickets that were written down.
///
/// # Errors
/// The database is unavailable.
pub async fn effects_of(tx: &Tx, tickets: &[TicketId]) -> Result<HashMap<TicketId, HashSet<SlaEffectKey>>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::TicketId, Column::Metric, Column::Cycle, Column::Level, Column::Due])
        .filter(Column::TicketId.is_in(tickets.iter().map(|ticket| ticket.uuid())));
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
    let mut new = HashSet::with_capacity(effects.len());
    for chunk in effects.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(chunk.len());
        for effect in chunk {
            tx.admit(Some(effect.client))?;
            rows.push(row(effect));
        }
        let same = [Column::TicketId, Column::Metric, Column::Cycle, Column::Level, Column::Due];
        let mut insert =
            Entity::insert_many(rows).on_conflict(OnConflict::columns(same).do_nothing().to_owned()).into_query();
        insert.returning_col(Column::Id);
        for row in tx.connection().query_all(&insert).await? {
            let id: Uuid = row.try_get("", Column::Id.as_str())?;
            new.insert(SlaEffectId::from_uuid(id));
        }
    }
    Ok(new)
}

fn row(effect: &SlaEffect) -> ActiveModel {
    ActiveModel {
        id: Set(effect.id.uuid()),
        client_id: Set(effect.client.uuid()),
        ticket_id: Set(effect.ticket.uuid()),
        metric: Set(effect.key.metric.clone()),
        cycle: Set(effect.key.cycle),
        level: Set(effect.key.level.clone()),
        due: Set(effect.key.due.clone()),
        reached_at: Set(effect.reached_at),
        recorded_at: Set(effect.recorded_at),
        outcome: Set(effect.outcome.as_str().to_owned()),
    }
}
