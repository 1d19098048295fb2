//! Events of imports that still run.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_staging")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i64,
    pub id: Uuid,
    pub client_id: Uuid,
    pub recipient: String,
    pub user_id: Option<String>,
    pub action: String,
    pub scope: String,
    pub effective_at: DateTimeUtc,
    pub recorded_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    pub source: Option<String>,
    pub evidence: Option<String>,
    pub wording_version: Option<String>,
    pub details: Option<Json>,
    pub content_hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
