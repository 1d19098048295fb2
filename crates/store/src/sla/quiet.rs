//! When people are not to be woken. For transactions that may know of everybody.

use std::collections::HashMap;

use domain::{UserId, sla::QuietHours};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};

use crate::{
    StoreError, Tx,
    entity::quiet_hours::{ActiveModel, Column, Entity},
    rows::Place,
};

/// The quiet hours of those people who have some.
///
/// # Errors
/// `NotVisible` unless the transaction may know of everybody; the database is unavailable.
pub async fn quiet_hours(tx: &Tx, users: &[UserId]) -> Result<HashMap<UserId, QuietHours>, StoreError> {
    tx.admit(None)?;
    let select = Entity::find().filter(Column::UserId.is_in(users.iter().map(|user| user.uuid())));
    let mut answer = HashMap::new();
    for row in select.all(tx.connection()).await? {
        let place = Place { table: "quiet_hours", id: row.user_id };
        let (begins, ends) = (place.word("begins", &row.begins)?, place.word("ends", &row.ends)?);
        answer.insert(UserId::from_uuid(row.user_id), QuietHours { time_zone: row.time_zone, begins, ends });
    }
    Ok(answer)
}

/// Sets the quiet hours of a person, or takes them away.
///
/// # Errors
/// `NotVisible` unless the transaction may know of everybody; the database is unavailable.
pub async fn set_quiet_hours(tx: &Tx, user: UserId, hours: Option<&QuietHours>) -> Result<(), StoreError> {
    tx.admit(None)?;
    let Some(hours) = hours else {
        Entity::delete_by_id(user.uuid()).exec(tx.connection()).await?;
        return Ok(());
    };
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        time_zone: Set(hours.time_zone.clone()),
        begins: Set(hours.begins.to_string()),
        ends: Set(hours.ends.to_string()),
    };
    let update = [Column::TimeZone, Column::Begins, Column::Ends];
    let insert = Entity::insert(row).on_conflict(OnConflict::column(Column::UserId).update_columns(update).to_owned());
    insert.exec_without_returning(tx.connection()).await?;
    Ok(())
}
