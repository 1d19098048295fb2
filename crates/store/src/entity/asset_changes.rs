//! What became of an account, number or template, attribute by attribute.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub waba_id: Option<Uuid>,
    pub asset: String,
    pub asset_id: Uuid,
    pub attribute: String,
    pub value: String,
    pub at: DateTimeUtc,
    pub source: String,
    pub content_hash: String,
    pub recorded_at: DateTimeUtc,
    pub has_event: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
