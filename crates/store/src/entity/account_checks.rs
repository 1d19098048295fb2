//! What Meta counted of accounts by day, beside what the send log holds of their numbers.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub waba_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: DateTimeUtc,
    pub to_at: DateTimeUtc,
    pub client_id: Uuid,
    pub counted_by_meta: i64,
    pub in_send_log: i64,
    pub checked_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
