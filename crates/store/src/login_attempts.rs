//! The throttle of signing in: failures of an account from an address. Accounts and addresses come in as the caller wants to
//! compare them; what nobody tried for long is purged.

use domain::Instant;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, Statement,
};

use crate::{
    StoreError, Tx,
    entity::login_attempts::{ActiveModel, Column, Entity},
};

/// Who tries, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempter {
    /// The account, or what stands for it.
    pub account: String,
    /// The address, or what stands for it.
    pub address: String,
}

/// What is known of an attempter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Failures in the present window, counted ones that are still being decided included.
    pub failures: i32,
    /// Until when no attempt is taken.
    pub blocked_until: Option<Instant>,
}

/// Counts one failure more, and returns what stands then; `blocked_until` is that of before. Failures count from 1 again when
/// their window began before `window`. The row stays locked until the transaction ends, so attempts at the same time are counted one
/// by one.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn count(tx: &Tx, who: &Attempter, now: Instant, window: Instant) -> Result<Attempts, StoreError> {
    const COUNT: &str = "INSERT INTO login_attempts (account, address, failures, window_started_at, updated_at)
        VALUES ($1, $2, 1, $3, $3)
        ON CONFLICT (account, address) DO UPDATE SET
            failures = CASE WHEN login_attempts.window_started_at < $4 THEN 1 ELSE login_attempts.failures + 1 END,
            window_started_at =
                CASE WHEN login_attempts.window_started_at < $4 THEN excluded.window_started_at ELSE login_attempts.window_started_at END,
            updated_at = excluded.updated_at
        RETURNING failures, blocked_until";
    tx.admit(None)?;
    let connection = tx.connection();
    let values: [sea_orm::Value; 4] =
        [who.account.clone().into(), who.address.clone().into(), now.into(), window.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), COUNT, values);
    let row = connection.query_one_raw(statement).await?.ok_or(StoreError::NotFound { table: "login_attempts" })?;
    Ok(Attempts { failures: row.try_get("", "failures")?, blocked_until: row.try_get("", "blocked_until")? })
}

/// Takes no attempt until an instant.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn block(tx: &Tx, who: &Attempter, until: Instant) -> Result<(), StoreError> {
    tx.admit(None)?;
    let update = Entity::update_many()
        .set(ActiveModel { blocked_until: Set(Some(until)), ..ActiveModel::default() })
        .filter(Column::Account.eq(who.account.as_str()))
        .filter(Column::Address.eq(who.address.as_str()));
    update.exec(tx.connection()).await?;
    Ok(())
}

/// Forgets the failures of somebody who got in.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn clear(tx: &Tx, who: &Attempter) -> Result<(), StoreError> {
    tx.admit(None)?;
    let delete = Entity::delete_many()
        .filter(Column::Account.eq(who.account.as_str()))
        .filter(Column::Address.eq(who.address.as_str()));
    delete.exec(tx.connection()).await?;
    Ok(())
}

/// Forgets who has not tried since an instant; returns how many.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn purge(tx: &Tx, before: Instant) -> Result<u64, StoreError> {
    tx.admit(None)?;
    Ok(Entity::delete_many().filter(Column::UpdatedAt.lt(before)).exec(tx.connection()).await?.rows_affected)
}
