//! Retention of jobs that have ended.

use domain::{Instant, jobs::JobState};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use crate::{
    StoreError, Tx,
    entity::{
        audits,
        jobs::{Column, Entity},
    },
};

/// Deletes at most `limit` jobs that ended before `before`, and returns how many. Audits stay, without their job.
///
/// # Errors
/// The database is unavailable.
pub async fn prune(tx: &Tx, before: Instant, limit: u64) -> Result<u64, StoreError> {
    let ended = JobState::ALL.iter().filter(|state| state.is_final()).map(|state| state.as_str());
    let select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.is_in(ended))
        .filter(Column::FinishedAt.lt(before))
        .limit(limit);
    let ids: Vec<uuid::Uuid> = tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let forget = audits::ActiveModel { job_id: sea_orm::ActiveValue::Set(None), ..Default::default() };
    audits::Entity::update_many()
        .set(forget)
        .filter(audits::Column::JobId.is_in(ids.iter().copied()))
        .exec(tx.connection())
        .await?;
    let deleted = Entity::delete_many().filter(Column::Id.is_in(ids)).exec(tx.connection()).await?;
    Ok(deleted.rows_affected)
}
