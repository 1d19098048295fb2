//! Lists of tickets that people keep, each for himself.

use domain::{ClientId, SavedViewId, UserId, tickets::SavedView};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::OnConflict,
};

use crate::{
    StoreError, Tx,
    entity::saved_views::{ActiveModel, Column, Entity},
};

/// The lists of a person, by name.
///
/// # Errors
/// The database is unavailable.
pub async fn of_user(tx: &Tx, user: UserId) -> Result<Vec<SavedView>, StoreError> {
    let select = Entity::find().filter(Column::UserId.eq(user.uuid())).order_by_asc(Column::Name);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows
        .into_iter()
        .map(|row| SavedView {
            id: SavedViewId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            client: row.client_id.map(ClientId::from_uuid),
            name: row.name,
            view: row.view,
            created_at: row.created_at,
        })
        .collect())
}

/// Keeps a list; one of the same name and person is replaced.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn save(tx: &Tx, view: &SavedView) -> Result<(), StoreError> {
    tx.admit(view.client)?;
    let row = ActiveModel {
        id: Set(view.id.uuid()),
        client_id: Set(view.client.map(ClientId::uuid)),
        user_id: Set(view.user.uuid()),
        name: Set(view.name.clone()),
        view: Set(view.view.clone()),
        created_at: Set(view.created_at),
    };
    let there = OnConflict::columns([Column::UserId, Column::Name]).update_columns([Column::View]).to_owned();
    Entity::insert(row).on_conflict(there).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Deletes a list of a person; `false` when there is none.
///
/// # Errors
/// The database is unavailable.
pub async fn delete(tx: &Tx, user: UserId, id: SavedViewId) -> Result<bool, StoreError> {
    let delete = Entity::delete_many().filter(Column::Id.eq(id.uuid())).filter(Column::UserId.eq(user.uuid()));
    Ok(tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}
