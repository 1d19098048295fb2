//! Findings of previews; `ordinal` is the place among them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "preview_findings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub preview_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    pub client_id: Uuid,
    pub rule: String,
    pub severity: String,
    pub subject_kind: String,
    pub subject_id: Option<String>,
    pub subject_day: Option<String>,
    pub fingerprint: String,
    pub messages: i64,
    pub recipients: i64,
    pub figures: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
