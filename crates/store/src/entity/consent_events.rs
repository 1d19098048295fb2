//! Consent ledger; `sequence` is the position within the client.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub sequence: i64,
    pub import_id: Option<Uuid>,
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
