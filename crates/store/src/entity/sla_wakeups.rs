//! When to ask the SLA engine about a ticket again.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sla_wakeups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    pub client_id: Uuid,
    pub wakeup_at: Option<DateTimeUtc>,
    pub stale_since: Option<DateTimeUtc>,
    pub is_quiet: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
