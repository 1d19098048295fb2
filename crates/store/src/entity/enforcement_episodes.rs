//! Episodes of enforcement against an account.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "enforcement_episodes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub waba_id: Uuid,
    pub opened_at: DateTimeUtc,
    pub last_sign_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub ending: Option<String>,
    pub ends_at: Option<DateTimeUtc>,
    pub stage: String,
    pub violations: Json,
    pub restrictions: Json,
    pub disable_at: Option<DateTimeUtc>,
    pub ticket_id: Option<Uuid>,
    pub recorded_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub stage_reason: Option<Json>,
    pub utility_misuse: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
