//! What people want to be told of.

use std::collections::HashMap;

use domain::{
    ClientId, Instant, UserId,
    notifications::{Preference, Preferences, Topic},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};

use crate::{
    StoreError, Tx,
    entity::notification_preferences::{ActiveModel, Column, Entity},
    rows::Place,
};

const TABLE: &str = "notification_preferences";

/// What those of `users` want of whom the transaction may know; who never said anything is not there.
///
/// # Errors
/// The database is unavailable.
pub async fn of_users(tx: &Tx, users: &[UserId]) -> Result<HashMap<UserId, Preferences>, StoreError> {
    let select = Entity::find().filter(Column::UserId.is_in(users.iter().map(|user| user.uuid())));
    let mut said: HashMap<UserId, Vec<(Topic, Preference)>> = HashMap::new();
    for row in tx.scoped(select, Column::ClientId).all(tx.connection()).await? {
        let place = Place { table: TABLE, id: row.user_id };
        let preference = (place.word("topic", &row.topic)?, place.word("preference", &row.preference)?);
        said.entry(UserId::from_uuid(row.user_id)).or_default().push(preference);
    }
    Ok(said.into_iter().map(|(user, said)| (user, Preferences::of(said))).collect())
}

/// Writes down what a person, of a client or of the staff, wants of a topic.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the person.
pub async fn set(
    tx: &Tx,
    (user, client): (UserId, Option<ClientId>),
    topic: Topic,
    preference: Preference,
    now: Instant,
) -> Result<(), StoreError> {
    // A person's own wish: staff write theirs under a visibility of all.
    tx.admit(client)?;
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        topic: Set(topic.as_str().to_owned()),
        client_id: Set(client.map(ClientId::uuid)),
        preference: Set(preference.as_str().to_owned()),
        updated_at: Set(now),
    };
    let conflict = OnConflict::columns([Column::UserId, Column::Topic])
        .update_columns([Column::Preference, Column::UpdatedAt])
        .to_owned();
    Entity::insert(row).on_conflict(conflict).exec_without_returning(tx.connection()).await?;
    Ok(())
}
