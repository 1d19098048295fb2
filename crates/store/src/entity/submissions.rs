//! What was submitted to Meta.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "submissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub ticket_id: Uuid,
    pub attempt: i32,
    pub channel: String,
    pub submitted_by: Option<Uuid>,
    pub submitted_at: DateTimeUtc,
    pub meta_reference: Option<String>,
    pub expected_by: Option<DateTimeUtc>,
    pub outcome: Option<String>,
    pub outcome_at: Option<DateTimeUtc>,
    pub outcome_note: Option<String>,
    pub filed_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
