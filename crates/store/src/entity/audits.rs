//! Audits of traffic.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub job_id: Option<Uuid>,
    pub state: String,
    pub parameters: Json,
    pub period_from: Option<DateTimeUtc>,
    pub period_to: Option<DateTimeUtc>,
    pub report: Option<Json>,
    pub provisional: bool,
    pub consent_position: Option<i64>,
    pub requested_by: Option<Uuid>,
    pub requested_at: DateTimeUtc,
    pub started_at: Option<DateTimeUtc>,
    pub finished_at: Option<DateTimeUtc>,
    pub previous_audit_id: Option<Uuid>,
    pub error: Option<String>,
    pub threshold_versions: Option<Json>,
    pub thresholds: Option<Json>,
    pub surroundings: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
