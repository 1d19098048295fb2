//! Codes that were mailed to people, kept as hashes, each good once. The system's alone.

use domain::{Instant, UserId, accounts::CodeKind};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::account_codes::{ActiveModel, Column, Entity},
};

/// A code, without the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailedCode {
    /// Whose.
    pub user: UserId,
    /// What it opens.
    pub kind: CodeKind,
    /// Its hash.
    pub hash: String,
    /// The address that it confirms.
    pub email: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

/// Adds a code; others of the same person and kind end.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn replace(tx: &Tx, id: Uuid, code: &MailedCode) -> Result<(), StoreError> {
    tx.admit(None)?;
    let delete =
        Entity::delete_many().filter(Column::UserId.eq(code.user.uuid())).filter(Column::Kind.eq(code.kind.as_str()));
    delete.exec(tx.connection()).await?;
    let row = ActiveModel {
        id: Set(id),
        user_id: Set(code.user.uuid()),
        kind: Set(code.kind.as_str().to_owned()),
        code_hash: Set(code.hash.clone()),
        email: Set(code.email.clone()),
        created_at: Set(code.created_at),
        expires_at: Set(code.expires_at),
        used_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Uses the code of this hash and kind, if it is good at `now`: whose it is, and the address that it confirms. Of two that use it at the
/// same time, one does.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn spend(
    tx: &Tx,
    kind: CodeKind,
    hash: &str,
    now: Instant,
) -> Result<Option<(UserId, Option<String>)>, StoreError> {
    tx.admit(None)?;
    let good = |kind: CodeKind| {
        Column::CodeHash
            .eq(hash)
            .and(Column::Kind.eq(kind.as_str()))
            .and(Column::UsedAt.is_null())
            .and(Column::ExpiresAt.gt(now))
    };
    let change = ActiveModel { used_at: Set(Some(now)), ..ActiveModel::default() };
    let spent = Entity::update_many().set(change).filter(good(kind)).exec(tx.connection()).await?;
    if spent.rows_affected != 1 {
        return Ok(None);
    }
    let row = Entity::find().filter(Column::CodeHash.eq(hash)).one(tx.connection()).await?;
    Ok(row.map(|row| (UserId::from_uuid(row.user_id), row.email)))
}

/// Ends all codes of a person, of all kinds.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn end_all(tx: &Tx, user: UserId) -> Result<(), StoreError> {
    tx.admit(None)?;
    Entity::delete_many().filter(Column::UserId.eq(user.uuid())).exec(tx.connection()).await?;
    Ok(())
}

/// Forgets codes that ended before an instant; returns how many.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn purge(tx: &Tx, before: Instant) -> Result<u64, StoreError> {
    tx.admit(None)?;
    let delete = Entity::delete_many().filter(Column::ExpiresAt.lt(before));
    Ok(delete.exec(tx.connection()).await?.rows_affected)
}
