//! What was done because of a promise: each effect is written down once, in the transaction that does it.

use std::collections::{HashMap, HashSet};

use domain::{
    TicketId,
    sla::{SlaEffect, SlaEffectKey},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};

use crate::{
    StoreError, Tx,
    entity::sla_effects::{ActiveModel, Column, Entity, Model},
};

fn key_of(row: Model) -> (TicketId, SlaEffectKey) {
    let key = SlaEffectKey { metric: row.metric, cycle: row.cycle, level: row.level, due: row.due };
    (TicketId::from_uuid(row.ticket_id), key)
}

/// The effects of many tickets that were written down.
///
/// # Errors
/// The database is unavailable.
pub async fn effects_of(tx: &Tx, tickets: &[TicketId]) -> Result<HashMap<TicketId, HashSet<SlaEffectKey>>, StoreError> {
    let select = Entity::find().filter(Column::TicketId.is_in(tickets.iter().map(|ticket| ticket.uuid())));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    let mut answer: HashMap<TicketId, HashSet<SlaEffectKey>> = HashMap::new();
    for (ticket, key) in rows.into_iter().map(key_of) {
        answer.entry(ticket).or_default().insert(key);
    }
    Ok(answer)
}

/// Writes an effect down; `false` when it was before, and is not to be done again.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn record(tx: &Tx, effect: &SlaEffect) -> Result<bool, StoreError> {
    tx.admit(Some(effect.client))?;
    let row = ActiveModel {
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
    };
    let same = [Column::TicketId, Column::Metric, Column::Cycle, Column::Level, Column::Due];
    let insert = Entity::insert(row).on_conflict(OnConflict::columns(same).do_nothing().to_owned());
    Ok(insert.exec_without_returning(tx.connection()).await? == 1)
}
