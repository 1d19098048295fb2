//! WhatsApp Business Accounts. `messaging_limit` is in people in 24 h; absent when unknown, `i64::MAX` when unlimited.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wabas")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub meta_id: String,
    pub name: String,
    pub portfolio_meta_id: Option<String>,
    pub messaging_limit: Option<i64>,
    pub status: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
