//! Episodes of enforcement, as they were folded last.

use domain::{
    ClientId, EnforcementEpisodeId, Instant, TicketId, WabaId,
    enforcement::{Episode, RecordedEpisode, StageReason},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::{
    StoreError, Tx,
    entity::enforcement_episodes::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page, Span},
    rows::{self, Place},
};

const TABLE: &str = "enforcement_episodes";

fn from_row(row: Model) -> Result<RecordedEpisode, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    let ending = place.word_if("ending", row.ending.as_deref())?;
    Ok(RecordedEpisode {
        id: EnforcementEpisodeId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        waba: WabaId::from_uuid(row.waba_id),
        ticket: row.ticket_id.map(TicketId::from_uuid),
        episode: Episode {
            opened_at: row.opened_at,
            last_sign_at: row.last_sign_at,
            ended: row.ended_at.zip(ending),
            violations: place.json("violations", row.violations)?,
            restrictions: place.json("restrictions", row.restrictions)?,
            disable_at: row.disable_at,
            stage: place.word("stage", &row.stage)?,
            reason: match row.stage_reason {
                Some(reason) => place.json("stage_reason", reason)?,
                // Written by a release that did not keep it.
                None => StageReason { at: row.opened_at, sign: String::new(), until: None },
            },
            utility_misuse: place.word_if("utility_misuse", row.utility_misuse.as_deref())?,
        },
    })
}

fn changeable(recorded: &RecordedEpisode, now: Instant) -> Result<ActiveModel, StoreError> {
    let episode = &recorded.episode;
    let json = |column, value: Result<serde_json::Value, serde_json::Error>| {
        value.map_err(|_| StoreError::inconsistent_uuid(TABLE, column, recorded.id.uuid()))
    };
    Ok(ActiveModel {
        opened_at: Set(episode.opened_at),
        last_sign_at: Set(episode.last_sign_at),
        ended_at: Set(episode.ended.map(|(at, _)| at)),
        ending: Set(episode.ended.map(|(_, how)| how.as_str().to_owned())),
        ends_at: Set(episode.ends_at()),
        stage: Set(episode.stage.as_str().to_owned()),
        violations: Set(json("violations", serde_json::to_value(&episode.violations))?),
        restrictions: Set(json("restrictions", serde_json::to_value(&episode.restrictions))?),
        disable_at: Set(episode.disable_at),
        stage_reason: Set(Some(json("stage_reason", serde_json::to_value(&episode.reason))?)),
        utility_misuse: Set(episode.utility_misuse.map(|step| step.as_str().to_owned())),
        ticket_id: Set(recorded.ticket.map(TicketId::uuid)),
        updated_at: Set(now),
        ..ActiveModel::default()
    })
}

/// Adds an episode.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, recorded: &RecordedEpisode, now: Instant) -> Result<(), StoreError> {
    tx.admit(Some(recorded.client))?;
    let row = ActiveModel {
        id: Set(recorded.id.uuid()),
        client_id: Set(recorded.client.uuid()),
        waba_id: Set(recorded.waba.uuid()),
        recorded_at: Set(now),
        ..changeable(recorded, now)?
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Writes what an episode has become.
///
/// # Errors
/// `RowsAffected` when there is no such episode.
pub async fn update(tx: &Tx, recorded: &RecordedEpisode, now: Instant) -> Result<(), StoreError> {
    let update = Entity::update_many().set(changeable(recorded, now)?).filter(Column::Id.eq(recorded.id.uuid()));
    rows::one(TABLE, &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}

/// The episodes of an account, the earliest first.
///
/// # Errors
/// The database is unavailable.
pub async fn of_waba(tx: &Tx, waba: WabaId) -> Result<Vec<RecordedEpisode>, StoreError> {
    let select =
        Entity::find().filter(Column::WabaId.eq(waba.uuid())).order_by_asc(Column::OpenedAt).order_by_asc(Column::Id);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The episodes of accounts that last.
///
/// # Errors
/// The database is unavailable.
pub async fn open_of(tx: &Tx, wabas: &[WabaId]) -> Result<Vec<RecordedEpisode>, StoreError> {
    let select = Entity::find()
        .filter(Column::WabaId.is_in(wabas.iter().map(|waba| waba.uuid())))
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::OpenedAt);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Accounts with an episode whose own end has come; `most` at most.
///
/// # Errors
/// The database is unavailable.
pub async fn due(tx: &Tx, now: Instant, most: u64) -> Result<Vec<WabaId>, StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::WabaId)
        .filter(Column::EndedAt.is_null())
        .filter(Column::EndsAt.lte(now))
        .order_by_asc(Column::EndsAt)
        .limit(most);
    let wabas: Vec<uuid::Uuid> = tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    Ok(wabas.into_iter().map(WabaId::from_uuid).collect())
}

/// A page of the episodes of an account, by their beginning.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, waba: WabaId, keyset: &Keyset) -> Result<Page<RecordedEpisode>, StoreError> {
    let select = tx.scoped(Entity::find().filter(Column::WabaId.eq(waba.uuid())), Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::OpenedAt, id: Column::Id }, from_row).await
}

/// The last episode of an account that began in a time.
///
/// # Errors
/// The database is unavailable.
pub async fn last_in(tx: &Tx, waba: WabaId, span: Span) -> Result<Option<RecordedEpisode>, StoreError> {
    let select = Entity::find()
        .filter(Column::WabaId.eq(waba.uuid()))
        .filter(span.holds(Column::OpenedAt))
        .order_by_desc(Column::OpenedAt)
        .order_by_desc(Column::Id)
        .limit(1);
    tx.scoped(select, Column::ClientId).one(tx.connection()).await?.map(from_row).transpose()
}
