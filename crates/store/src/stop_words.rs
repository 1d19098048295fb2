//! Words by which people say stop, beside those that the product knows: the BSP's, which everybody may read, and clients'.

use std::collections::HashMap;

use domain::{ClientId, Instant, StopWordsId, UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, sea_query::OnConflict,
};

use crate::{
    StoreError, Tx,
    entity::stop_words::{ActiveModel, Column, Entity, Model},
    rows::Place,
};

fn words(row: Model) -> Result<(Option<ClientId>, Vec<String>), StoreError> {
    let place = Place { table: "stop_words", id: row.id };
    Ok((row.client_id.map(ClientId::from_uuid), place.json("words", row.words)?))
}

/// Those of one owner, a client or the BSP.
///
/// # Errors
/// The database is unavailable.
pub async fn of_owner(tx: &Tx, client: Option<ClientId>) -> Result<Vec<String>, StoreError> {
    let owner = match client {
        Some(client) => Column::ClientId.eq(client.uuid()),
        None => Column::ClientId.is_null(),
    };
    let row = tx.scoped_or_shared(Entity::find().filter(owner), Column::ClientId).one(tx.connection()).await?;
    Ok(row.map(words).transpose()?.map(|(_, words)| words).unwrap_or_default())
}

/// Those that hold for each of these clients: the BSP's and its own. A client without any is not among them.
///
/// # Errors
/// The database is unavailable.
pub async fn of_clients(tx: &Tx, clients: &[ClientId]) -> Result<HashMap<ClientId, Vec<String>>, StoreError> {
    let owners = Condition::any()
        .add(Column::ClientId.is_null())
        .add(Column::ClientId.is_in(clients.iter().map(|client| client.uuid())));
    let rows = tx.scoped_or_shared(Entity::find().filter(owners), Column::ClientId).all(tx.connection()).await?;
    let (mut bsp, mut of_clients) = (Vec::new(), HashMap::<ClientId, Vec<String>>::new());
    for row in rows {
        match words(row)? {
            (Some(client), words) => of_clients.entry(client).or_default().extend(words),
            (None, words) => bsp = words,
        }
    }
    if !bsp.is_empty() {
        for client in clients {
            of_clients.entry(*client).or_default().extend(bsp.iter().cloned());
        }
    }
    Ok(of_clients)
}

/// Writes those of an owner in the place of those before.
///
/// # Errors
/// `NotVisible` when the transaction may not write for the owner.
pub async fn set(
    tx: &Tx,
    id: StopWordsId,
    client: Option<ClientId>,
    words: &[String],
    (by, at): (Option<UserId>, Instant),
) -> Result<(), StoreError> {
    tx.admit(client)?;
    let owner = client.map_or_else(|| "bsp".to_owned(), |client| client.uuid().to_string());
    let row = ActiveModel {
        id: Set(id.uuid()),
        client_id: Set(client.map(ClientId::uuid)),
        owner: Set(owner),
        words: Set(words.into()),
        set_by: Set(by.map(UserId::uuid)),
        set_at: Set(at),
    };
    let changes = [Column::Words, Column::SetBy, Column::SetAt];
    let key = OnConflict::column(Column::Owner).update_columns(changes).to_owned();
    Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await?;
    Ok(())
}
