//! People who sign in. Their password's hash leaves this module for signing in alone.

use domain::{
    ClientId, Instant, SignInId, UserId,
    access::{Role, Visibility},
    accounts::User,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, JoinType, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};

use crate::{
    Store, StoreError, Tx,
    entity::{
        sign_ins,
        users::{ActiveModel, Column, Entity, Model},
    },
    page::{self, By, Keyset, Page},
    rows::{self, Place, one_of},
};

const TABLE: &str = "users";

fn from_row(row: Model) -> Result<User, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(User {
        id: UserId::from_uuid(row.id),
        client: row.client_id.map(ClientId::from_uuid),
        email: row.email,
        name: row.name,
        role: place.word("role", &row.role)?,
        assigned: row.assigned_clients.map(|ids| place.json("assigned_clients", ids)).transpose()?,
        language: row.language,
        disabled_at: row.disabled_at,
        created_at: row.created_at,
        version: row.version,
    })
}

/// Adds a person, with the hash of its password.
///
/// # Errors
/// `Conflict` on `users_email_key`; `NotVisible` when the transaction may not know of the client or, for staff, of all clients.
pub async fn insert(tx: &Tx, user: &User, password_hash: &str) -> Result<(), StoreError> {
    tx.admit(user.client)?;
    let row = ActiveModel {
        id: Set(user.id.uuid()),
        client_id: Set(user.client.map(ClientId::uuid)),
        email: Set(user.email.clone()),
        name: Set(user.name.clone()),
        role: Set(user.role.as_str().to_owned()),
        language: Set(user.language.clone()),
        password_hash: Set(password_hash.to_owned()),
        disabled_at: Set(user.disabled_at),
        created_at: Set(user.created_at),
        version: Set(user.version),
        assigned_clients: Set(user.assigned.as_ref().map(|ids| serde_json::json!(ids))),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Those of `ids` (some thousands at most) of whom the transaction may know, in no order. Staff are known to those who may know
/// of all clients.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter().map(from_row).collect()
}

/// Everybody of a client, or of the staff, who was not shut out and has one of `roles`, in the order of their ids.
///
/// # Errors
/// The database is unavailable.
pub async fn enabled(tx: &Tx, client: Option<ClientId>, roles: &[Role]) -> Result<Vec<User>, StoreError> {
    let side = client.map_or_else(|| Column::ClientId.is_null(), |client| Column::ClientId.eq(client.uuid()));
    let select = Entity::find()
        .filter(side)
        .filter(Column::Role.is_in(roles.iter().map(|role| role.as_str())))
        .filter(Column::DisabledAt.is_null())
        .order_by_asc(Column::Id);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// A page of the people of whom the transaction may know, by address; of one client when it is named.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<User>, StoreError> {
    let mut select = tx.scoped(Entity::find(), Column::ClientId);
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    page::fetch(tx, select, keyset, By { column: Column::Email, id: Column::Id }, from_row).await
}

/// The person of a normal address, and the hash of its password.
///
/// # Errors
/// The database is unavailable.
pub async fn for_sign_in(tx: &Tx, email: &str) -> Result<Option<(User, String)>, StoreError> {
    let select = tx.scoped(Entity::find().filter(Column::Email.eq(email)), Column::ClientId);
    let Some(row) = select.one(tx.connection()).await? else { return Ok(None) };
    let hash = row.password_hash.clone();
    Ok(Some((from_row(row)?, hash)))
}

/// The person of a sign-in that is good at `now`: neither ended nor expired. One statement, on PostgreSQL without a transaction, for it
/// runs with every request.
///
/// # Errors
/// The database is unavailable.
pub async fn of_sign_in(store: &Store, sign_in: SignInId, now: Instant) -> Result<Option<User>, StoreError> {
    if let Some(connection) = store.single() {
        let arguments = [Expr::val(sign_in.uuid()), Expr::val(now)];
        let row = rows::of_function(connection, Entity, "user_of_sign_in", arguments).await?;
        return row.map(from_row).transpose();
    }
    let tx = store.read(&Visibility::System).await?;
    let owner = Entity::belongs_to(sign_ins::Entity).from(Column::Id).to(sign_ins::Column::UserId);
    let select = Entity::find()
        .join(JoinType::InnerJoin, owner.into())
        .filter(sign_ins::Column::Id.eq(sign_in.uuid()))
        .filter(sign_ins::Column::RevokedAt.is_null())
        .filter(sign_ins::Column::ExpiresAt.gt(now));
    tx.scoped(select, Column::ClientId).one(tx.connection()).await?.map(from_row).transpose()
}

/// Replaces the hash of a person's password.
///
/// # Errors
/// `RowsAffected` when there is no such person for the transaction.
pub async fn set_password(tx: &Tx, user: UserId, password_hash: &str) -> Result<(), StoreError> {
    let change = ActiveModel { password_hash: Set(password_hash.to_owned()), ..ActiveModel::default() };
    change_one(tx, user, change).await
}

/// Shuts a person whose version is still `version` out from an instant on, or lets it in again.
///
/// # Errors
/// `Stale` when it is not; `NotFound` when there is no such person for the transaction.
pub async fn set_disabled(tx: &Tx, user: UserId, version: i32, disabled_at: Option<Instant>) -> Result<(), StoreError> {
    change_of(tx, user, version, ActiveModel { disabled_at: Set(disabled_at), ..ActiveModel::default() }).await
}

/// Says which clients a member of staff whose version is still `version` works for; without any, all.
///
/// # Errors
/// `Stale` when it is not; `NotFound` when there is no such person for the transaction.
pub async fn set_assigned(tx: &Tx, user: UserId, version: i32, clients: Option<&[ClientId]>) -> Result<(), StoreError> {
    let assigned = clients.map(|ids| serde_json::json!(ids));
    change_of(tx, user, version, ActiveModel { assigned_clients: Set(assigned), ..ActiveModel::default() }).await
}

/// Writes the name, language, role and clients of a person whose version is still that of `user`; tells whether it was.
///
/// # Errors
/// The database is unavailable.
pub async fn update(tx: &Tx, user: &User) -> Result<bool, StoreError> {
    let change = ActiveModel {
        name: Set(user.name.clone()),
        language: Set(user.language.clone()),
        role: Set(user.role.as_str().to_owned()),
        assigned_clients: Set(user.assigned.as_ref().map(|ids| serde_json::json!(ids))),
        version: Set(user.version + 1),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(user.id.uuid()))
        .filter(Column::Version.eq(user.version));
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}

/// Gives a person another address.
///
/// # Errors
/// `Conflict` on `users_email_key`; `RowsAffected` when there is no such person for the transaction.
pub async fn set_email(tx: &Tx, user: UserId, email: &str) -> Result<(), StoreError> {
    change_one(tx, user, ActiveModel { email: Set(email.to_owned()), ..ActiveModel::default() }).await
}

async fn change_of(tx: &Tx, user: UserId, version: i32, change: ActiveModel) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(user.uuid()))
        .filter(Column::Version.eq(version));
    if tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1 {
        return Ok(());
    }
    let select = Entity::find_by_id(user.uuid()).select_only().column(Column::Version);
    let current: Option<i32> = tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    Err(current.map_or(StoreError::NotFound { table: TABLE }, |current| StoreError::Stale { current }))
}

async fn change_one(tx: &Tx, user: UserId, change: ActiveModel) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(user.uuid()));
    rows::one(TABLE, &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}
