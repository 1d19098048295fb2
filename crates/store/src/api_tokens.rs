//! Credentials of programs, kept as hashes.

use domain::{
    ApiTokenId, ClientId, Instant, UserId,
    access::{Permission, PermissionSet, Visibility},
    accounts::ApiToken,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use crate::{
    Store, StoreError, Tx,
    entity::api_tokens::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
    rows::{self, Place, one_of},
};

const TABLE: &str = "api_tokens";

fn from_row(row: Model) -> Result<ApiToken, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    let words = row.permissions.split_ascii_whitespace();
    let permissions = words.map(|word| place.word("permissions", word)).collect::<Result<PermissionSet, _>>()?;
    Ok(ApiToken {
        id: ApiTokenId::from_uuid(row.id),
        client: row.client_id.map(ClientId::from_uuid),
        name: row.name,
        permissions,
        created_by: row.created_by.map(UserId::from_uuid),
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    })
}

/// Adds a token, with the hash of its secret.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client or, without one, of all clients.
pub async fn insert(tx: &Tx, token: &ApiToken, secret_hash: &str) -> Result<(), StoreError> {
    tx.admit(token.client)?;
    let words: Vec<&str> = token.permissions.iter().map(Permission::as_str).collect();
    let row = ActiveModel {
        id: Set(token.id.uuid()),
        client_id: Set(token.client.map(ClientId::uuid)),
        name: Set(token.name.clone()),
        secret_hash: Set(secret_hash.to_owned()),
        permissions: Set(words.join(" ")),
        created_by: Set(token.created_by.map(UserId::uuid)),
        created_at: Set(token.created_at),
        expires_at: Set(token.expires_at),
        last_used_at: Set(token.last_used_at),
        revoked_at: Set(token.revoked_at),
        previous_secret_hash: Set(None),
        previous_expires_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The token whose secret has this hash; also one that has ended. One statement, on PostgreSQL without a transaction, for it runs with
/// every request.
///
/// # Errors
/// The database is unavailable.
pub async fn by_secret_hash(store: &Store, secret_hash: &str, now: Instant) -> Result<Option<ApiToken>, StoreError> {
    if let Some(connection) = store.single() {
        let arguments = [Expr::val(secret_hash), Expr::val(now)];
        let row = rows::of_function(connection, Entity, "api_token_of_secret", arguments).await?;
        return row.map(from_row).transpose();
    }
    let tx = store.read(&Visibility::System).await?;
    // Its secret, or the one before it while both are good.
    let replaced =
        Condition::all().add(Column::PreviousSecretHash.eq(secret_hash)).add(Column::PreviousExpiresAt.gt(now));
    let select = Entity::find().filter(Condition::any().add(Column::SecretHash.eq(secret_hash)).add(replaced));
    tx.scoped(select, Column::ClientId).one(tx.connection()).await?.map(from_row).transpose()
}

/// Those of `ids` (some thousands at most) of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[ApiTokenId]) -> Result<Vec<ApiToken>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter().map(from_row).collect()
}

/// A page of the tokens of which the transaction may know, by the time of their making; of one client when it is named.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<ApiToken>, StoreError> {
    let mut select = tx.scoped(Entity::find(), Column::ClientId);
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    page::fetch(tx, select, keyset, By { column: Column::CreatedAt, id: Column::Id }, from_row).await
}

/// Keeps when a token was last used, unless a later use is kept already.
///
/// # Errors
/// The database is unavailable.
pub async fn used(tx: &Tx, id: ApiTokenId, at: Instant) -> Result<(), StoreError> {
    let earlier = Condition::any().add(Column::LastUsedAt.is_null()).add(Column::LastUsedAt.lt(at));
    let update = Entity::update_many()
        .set(ActiveModel { last_used_at: Set(Some(at)), ..ActiveModel::default() })
        .filter(Column::Id.eq(id.uuid()))
        .filter(earlier);
    tx.scoped(update, Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}

/// Gives a token another secret; the one that it has stays good until `overlap_ends`.
///
/// # Errors
/// `RowsAffected` when there is no such token for the transaction.
pub async fn rotate(tx: &Tx, id: ApiTokenId, secret_hash: &str, overlap_ends: Instant) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::PreviousSecretHash, Expr::col(Column::SecretHash))
        .col_expr(Column::PreviousExpiresAt, Expr::value(overlap_ends))
        .col_expr(Column::SecretHash, Expr::value(secret_hash))
        .filter(Column::Id.eq(id.uuid()));
    rows::one(TABLE, &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}

/// Ends a token.
///
/// # Errors
/// `RowsAffected` when there is no such token for the transaction.
pub async fn revoke(tx: &Tx, id: ApiTokenId, at: Instant) -> Result<(), StoreError> {
    change_one(tx, id, ActiveModel { revoked_at: Set(Some(at)), ..ActiveModel::default() }).await
}

async fn change_one(tx: &Tx, id: ApiTokenId, change: ActiveModel) -> Result<(), StoreError> {
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id.uuid()));
    rows::one(TABLE, &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}
