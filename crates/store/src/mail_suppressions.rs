//! Addresses to which nothing more is mailed: system rows.

use std::collections::HashSet;

use domain::Instant;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::OnConflict,
};

use crate::{
    StoreError, Tx,
    entity::mail_suppressions::{ActiveModel, Column, Entity},
};

/// Those of `emails` (some thousands at most) that are suppressed.
///
/// # Errors
/// The database is unavailable.
pub async fn among(tx: &Tx, emails: &[String]) -> Result<HashSet<String>, StoreError> {
    tx.admit(None)?;
    let select = Entity::find().select_only().column(Column::Email).filter(Column::Email.is_in(emails.iter().cloned()));
    let found: Vec<String> = select.into_tuple().all(tx.connection()).await?;
    Ok(found.into_iter().collect())
}

/// Suppresses an address; the first reason stands.
///
/// # Errors
/// The database is unavailable.
pub async fn add(tx: &Tx, email: &str, reason: &str, now: Instant) -> Result<(), StoreError> {
    tx.admit(None)?;
    let row = ActiveModel { email: Set(email.to_owned()), reason: Set(reason.to_owned()), at: Set(now) };
    let conflict = OnConflict::column(Column::Email).do_nothing().to_owned();
    Entity::insert(row).on_conflict(conflict).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Lets mail go to an address again, and says whether it was suppressed.
///
/// # Errors
/// The database is unavailable.
pub async fn remove(tx: &Tx, email: &str) -> Result<bool, StoreError> {
    tx.admit(None)?;
    let delete = Entity::delete_many().filter(Column::Email.eq(email));
    Ok(delete.exec(tx.connection()).await?.rows_affected > 0)
}
