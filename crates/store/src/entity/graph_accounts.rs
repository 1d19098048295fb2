//! How the Graph API answered about accounts.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "graph_accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub waba_id: Uuid,
    pub client_id: Uuid,
    pub access: String,
    pub code: Option<i64>,
    pub failures: i64,
    pub asked_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    pub volumes_at: Option<DateTimeUtc>,
    pub next_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
