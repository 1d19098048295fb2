//! Teams of the staff. Only who may know of all clients knows of them.

use std::collections::HashMap;

use domain::{TeamId, UserId, tickets::Team};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::{
        team_members,
        teams::{ActiveModel, Column, Entity},
    },
};

/// Every team, by name.
///
/// # Errors
/// `NotVisible` for who may not know of all clients.
pub async fn all(tx: &Tx) -> Result<Vec<Team>, StoreError> {
    tx.admit(None)?;
    let mut members: HashMap<Uuid, Vec<UserId>> = HashMap::new();
    let select = team_members::Entity::find().order_by_asc(team_members::Column::UserId);
    for row in select.all(tx.connection()).await? {
        members.entry(row.team_id).or_default().push(UserId::from_uuid(row.user_id));
    }
    let rows = Entity::find().order_by_asc(Column::Name).all(tx.connection()).await?;
    Ok(rows
        .into_iter()
        .map(|row| Team {
            id: TeamId::from_uuid(row.id),
            name: row.name,
            lead: row.lead.map(UserId::from_uuid),
            members: members.remove(&row.id).unwrap_or_default(),
            created_at: row.created_at,
            version: row.version,
        })
        .collect())
}

/// Adds a team with its members.
///
/// # Errors
/// `Conflict` on `teams_name_key`.
pub async fn insert(tx: &Tx, team: &Team) -> Result<(), StoreError> {
    tx.admit(None)?;
    let row = ActiveModel {
        id: Set(team.id.uuid()),
        name: Set(team.name.clone()),
        lead: Set(team.lead.map(UserId::uuid)),
        created_at: Set(team.created_at),
        version: Set(team.version),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    insert_members(tx, team).await
}

async fn insert_members(tx: &Tx, team: &Team) -> Result<(), StoreError> {
    if team.members.is_empty() {
        return Ok(());
    }
    let rows = team
        .members
        .iter()
        .map(|user| team_members::ActiveModel { team_id: Set(team.id.uuid()), user_id: Set(user.uuid()) });
    team_members::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Writes name, lead and members, if the version is still that of `team`; its version grows by one.
///
/// # Errors
/// `Conflict` on `teams_name_key`.
pub async fn update(tx: &Tx, team: &Team) -> Result<bool, StoreError> {
    tx.admit(None)?;
    let change =
        ActiveModel { name: Set(team.name.clone()), lead: Set(team.lead.map(UserId::uuid)), ..ActiveModel::default() };
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(team.id.uuid()))
        .filter(Column::Version.eq(team.version));
    if update.exec(tx.connection()).await?.rows_affected != 1 {
        return Ok(false);
    }
    let old = team_members::Entity::delete_many().filter(team_members::Column::TeamId.eq(team.id.uuid()));
    old.exec(tx.connection()).await?;
    insert_members(tx, team).await?;
    Ok(true)
}
