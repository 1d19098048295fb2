//! Second factors and recovery codes. The system's alone.

use domain::{Instant, UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use crate::{
    StoreError, Tx,
    entity::{recovery_codes, second_factors},
};

/// What a person proves beside the password.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whose.
    pub user: UserId,
    /// The secret, as it is kept: sealed, see `app::vault`.
    pub secret: String,
    /// When it was made.
    pub created_at: Instant,
    /// When the person showed that it works; before, it is not asked for.
    pub confirmed_at: Option<Instant>,
    /// The last step whose code was taken: neither it nor one before is taken again.
    pub last_step: i64,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor")
            .field("user", &self.user)
            .field("confirmed_at", &self.confirmed_at)
            .finish_non_exhaustive()
    }
}

/// A person's second factor, confirmed or not.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn of(tx: &Tx, user: UserId) -> Result<Option<SecondFactor>, StoreError> {
    tx.admit(None)?;
    let row = second_factors::Entity::find_by_id(user.uuid()).one(tx.connection()).await?;
    Ok(row.map(|row| SecondFactor {
        user: UserId::from_uuid(row.user_id),
        secret: row.secret,
        created_at: row.created_at,
        confirmed_at: row.confirmed_at,
        last_step: row.last_step,
    }))
}

/// The secrets of the people after `after`, as they are kept, in the order of their ids.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn secrets(tx: &Tx, after: Option<UserId>, most: u64) -> Result<Vec<(UserId, String)>, StoreError> {
    use second_factors::{Column, Entity};
    tx.admit(None)?;
    let mut select = Entity::find().order_by_asc(Column::UserId).limit(most);
    if let Some(after) = after {
        select = select.filter(Column::UserId.gt(after.uuid()));
    }
    let rows = select.all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| (UserId::from_uuid(row.user_id), row.secret)).collect())
}

/// Keeps a secret otherwise, if it is still kept as `kept`; says whether it was.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn replace_secret(tx: &Tx, user: UserId, kept: &str, anew: &str) -> Result<bool, StoreError> {
    use second_factors::{ActiveModel, Column, Entity};
    tx.admit(None)?;
    let update = Entity::update_many()
        .set(ActiveModel { secret: Set(anew.to_owned()), ..ActiveModel::default() })
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::Secret.eq(kept));
    Ok(update.exec(tx.connection()).await?.rows_affected == 1)
}

/// Takes a person's second factor away, with its recovery codes.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn remove(tx: &Tx, user: UserId) -> Result<(), StoreError> {
    use recovery_codes::{Column, Entity};
    tx.admit(None)?;
    second_factors::Entity::delete_by_id(user.uuid()).exec(tx.connection()).await?;
    Entity::delete_many().filter(Column::UserId.eq(user.uuid())).exec(tx.connection()).await?;
    Ok(())
}

/// Puts a second factor in the place of whatever the person had.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn replace(tx: &Tx, factor: &SecondFactor) -> Result<(), StoreError> {
    remove(tx, factor.user).await?;
    let row = second_factors::ActiveModel {
        user_id: Set(factor.user.uuid()),
        secret: Set(factor.secret.clone()),
        created_at: Set(factor.created_at),
        confirmed_at: Set(factor.confirmed_at),
        last_step: Set(factor.last_step),
    };
    second_factors::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Takes a step, if it is later than the last one that was taken, and confirms the factor if it is not yet. Returns whether it was.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn take_step(tx: &Tx, user: UserId, step: i64, now: Instant) -> Result<bool, StoreError> {
    use second_factors::{Column, Entity};
    tx.admit(None)?;
    let update = Entity::update_many()
        .col_expr(Column::LastStep, sea_orm::sea_query::Expr::value(step))
        .col_expr(Column::ConfirmedAt, sea_orm::sea_query::Expr::col(Column::ConfirmedAt).if_null(now))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::LastStep.lt(step));
    Ok(update.exec(tx.connection()).await?.rows_affected == 1)
}

/// Puts recovery codes in the place of those that the person had.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn set_recovery_codes(tx: &Tx, user: UserId, hashes: &[String]) -> Result<(), StoreError> {
    use recovery_codes::{ActiveModel, Column, Entity};
    tx.admit(None)?;
    Entity::delete_many().filter(Column::UserId.eq(user.uuid())).exec(tx.connection()).await?;
    let rows = hashes.iter().map(|hash| ActiveModel {
        user_id: Set(user.uuid()),
        code_hash: Set(hash.clone()),
        used_at: Set(None),
    });
    Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Uses a recovery code; returns whether it was good.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn spend_recovery_code(tx: &Tx, user: UserId, hash: &str, now: Instant) -> Result<bool, StoreError> {
    use recovery_codes::{ActiveModel, Column, Entity};
    tx.admit(None)?;
    let update = Entity::update_many()
        .set(ActiveModel { used_at: Set(Some(now)), ..ActiveModel::default() })
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::CodeHash.eq(hash))
        .filter(Column::UsedAt.is_null());
    Ok(update.exec(tx.connection()).await?.rows_affected == 1)
}
