//! Previews of audits with other thresholds, or without some messages.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_previews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub audit_id: Uuid,
    pub job_id: Option<Uuid>,
    pub state: String,
    pub overrides: Json,
    pub thresholds: Json,
    pub rules: Option<Json>,
    pub without: Option<Json>,
    pub searches_remedies: bool,
    pub counterfactual: Option<Json>,
    pub remedies: Option<Json>,
    pub requested_by: Option<Uuid>,
    pub requested_at: DateTimeUtc,
    pub started_at: Option<DateTimeUtc>,
    pub finished_at: Option<DateTimeUtc>,
    pub error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
