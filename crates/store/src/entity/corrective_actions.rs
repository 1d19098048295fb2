//! Corrective actions of tickets.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "corrective_actions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub ticket_id: Uuid,
    pub title: String,
    pub description: Option<String>,
    pub owner: String,
    pub due_at: Option<DateTimeUtc>,
    pub state: String,
    pub proof: Option<String>,
    pub done_by: Option<Uuid>,
    pub done_at: Option<DateTimeUtc>,
    pub audit_id: Option<Uuid>,
    pub checked_at: Option<DateTimeUtc>,
    pub added_by: Option<Uuid>,
    pub added_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
