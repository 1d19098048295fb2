//! How many messages Meta counted of accounts, by day.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_volumes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub waba_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: DateTimeUtc,
    pub to_at: DateTimeUtc,
    pub client_id: Uuid,
    pub sent: i64,
    pub delivered: i64,
    pub learned_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
