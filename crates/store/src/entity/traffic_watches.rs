//! How much of the messaging limit of clients is used. `messaging_limit` is absent when unknown, `i64::MAX` when unlimited.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "traffic_watches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: Uuid,
    pub messaging_limit: Option<i64>,
    pub used: i64,
    pub counted_at: DateTimeUtc,
    pub took_milliseconds: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
