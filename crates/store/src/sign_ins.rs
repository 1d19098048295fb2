//! Chains of refresh tokens. Nobody's rows but the system's: a transaction of a client sees none.

use domain::{Instant, SignInId, UserId, accounts::SignIn};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::{
    StoreError, Tx,
    entity::sign_ins::{ActiveModel, Column, Entity, Model},
};

fn from_row(row: Model) -> SignIn {
    SignIn {
        id: SignInId::from_uuid(row.id),
        user: UserId::from_uuid(row.user_id),
        refresh_hash: row.refresh_hash,
        previous_refresh_hash: row.previous_refresh_hash,
        generation: row.generation,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        address: row.address,
    }
}

/// Adds a sign-in.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients; `Reference` when there is no such person.
pub async fn insert(tx: &Tx, sign_in: &SignIn) -> Result<(), StoreError> {
    tx.admit(None)?;
    let row = ActiveModel {
        id: Set(sign_in.id.uuid()),
        user_id: Set(sign_in.user.uuid()),
        refresh_hash: Set(sign_in.refresh_hash.clone()),
        previous_refresh_hash: Set(sign_in.previous_refresh_hash.clone()),
        generation: Set(sign_in.generation),
        created_at: Set(sign_in.created_at),
        last_used_at: Set(sign_in.last_used_at),
        expires_at: Set(sign_in.expires_at),
        revoked_at: Set(sign_in.revoked_at),
        user_agent: Set(None),
        address: Set(sign_in.address.clone()),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The sign-in of this id.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn by_id(tx: &Tx, id: SignInId) -> Result<Option<SignIn>, StoreError> {
    tx.admit(None)?;
    Ok(Entity::find_by_id(id.uuid()).one(tx.connection()).await?.map(from_row))
}

/// The sign-ins of a person that are good at `now`, the latest first, at most a hundred.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn of_user(tx: &Tx, user: UserId, now: Instant) -> Result<Vec<SignIn>, StoreError> {
    tx.admit(None)?;
    let select = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .order_by_desc(Column::CreatedAt)
        .limit(100);
    Ok(select.all(tx.connection()).await?.into_iter().map(from_row).collect())
}

/// Whether a person has signed in before, and never from `address`; sign-ins that were forgotten are not known.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn is_new_address(tx: &Tx, user: UserId, address: &str) -> Result<bool, StoreError> {
    tx.admit(None)?;
    let before = Entity::find().filter(Column::UserId.eq(user.uuid()));
    if before.clone().filter(Column::Address.eq(address)).limit(1).one(tx.connection()).await?.is_some() {
        return Ok(false);
    }
    Ok(before.filter(Column::Address.is_not_null()).limit(1).one(tx.connection()).await?.is_some())
}

/// Writes the next generation of a sign-in, if it is neither ended nor renewed by somebody else since `expected` was read.
/// Returns whether it was.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn renew(tx: &Tx, sign_in: &SignIn, expected: i32) -> Result<bool, StoreError> {
    tx.admit(None)?;
    let change = ActiveModel {
        refresh_hash: Set(sign_in.refresh_hash.clone()),
        previous_refresh_hash: Set(sign_in.previous_refresh_hash.clone()),
        generation: Set(sign_in.generation),
        last_used_at: Set(sign_in.last_used_at),
        expires_at: Set(sign_in.expires_at),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(sign_in.id.uuid()))
        .filter(Column::Generation.eq(expected))
        .filter(Column::RevokedAt.is_null());
    Ok(update.exec(tx.connection()).await?.rows_affected == 1)
}

/// Ends a sign-in, whatever its generation is now. One that has ended keeps its end.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn revoke(tx: &Tx, id: SignInId, at: Instant) -> Result<(), StoreError> {
    tx.admit(None)?;
    let update = Entity::update_many().set(ended(at)).filter(Column::Id.eq(id.uuid()));
    update.filter(Column::RevokedAt.is_null()).exec(tx.connection()).await?;
    Ok(())
}

/// Ends all sign-ins of a person; returns how many were still good.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn revoke_all(tx: &Tx, user: UserId, at: Instant) -> Result<u64, StoreError> {
    tx.admit(None)?;
    let update = Entity::update_many().set(ended(at)).filter(Column::UserId.eq(user.uuid()));
    Ok(update.filter(Column::RevokedAt.is_null()).exec(tx.connection()).await?.rows_affected)
}

/// Forgets sign-ins that expired before an instant; returns how many.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn purge(tx: &Tx, before: Instant) -> Result<u64, StoreError> {
    tx.admit(None)?;
    let delete = Entity::delete_many().filter(Column::ExpiresAt.lt(before));
    Ok(delete.exec(tx.connection()).await?.rows_affected)
}

fn ended(at: Instant) -> ActiveModel {
    ActiveModel { revoked_at: Set(Some(at)), ..ActiveModel::default() }
}
