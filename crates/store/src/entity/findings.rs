//! Findings of audits; `ordinal` is the place in the report.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "findings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub audit_id: Uuid,
    pub ordinal: i32,
    pub rule: String,
    pub severity: String,
    pub subject_kind: String,
    pub subject_id: Option<String>,
    pub subject_day: Option<String>,
    pub fingerprint: String,
    pub messages: i64,
    pub recipients: i64,
    pub figures: Json,
    pub breakdown: Json,
    pub places: Option<Json>,
    pub sample: Json,
    pub comparison: String,
    pub provisional: bool,
    pub first_seen_at: DateTimeUtc,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
