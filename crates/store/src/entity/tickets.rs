//! Tickets.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tickets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub number: i64,
    pub kind: String,
    pub level: String,
    pub priority: String,
    pub status: String,
    pub waiting_on: String,
    pub outcome: Option<String>,
    pub title: String,
    pub waba_id: Option<Uuid>,
    pub phone_number_id: Option<Uuid>,
    pub template_id: Option<Uuid>,
    pub opened_by: Option<Uuid>,
    pub opened_by_token: Option<Uuid>,
    pub assignee: Option<Uuid>,
    pub appeal_deadline: Option<DateTimeUtc>,
    pub appealable: String,
    pub opened_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub closed_at: Option<DateTimeUtc>,
    pub due_at: Option<DateTimeUtc>,
    pub breach_at: Option<DateTimeUtc>,
    pub last_event_sequence: i64,
    pub version: i32,
    pub proposed_outcome: Option<String>,
    pub team_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
