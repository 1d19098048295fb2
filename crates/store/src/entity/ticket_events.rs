//! Timelines of tickets, append-only.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub ticket_id: Uuid,
    pub sequence: i64,
    pub visibility: String,
    pub kind: Json,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub at: DateTimeUtc,
    pub ticket_version: Option<i32>,
    pub stream_transaction: i64,
    pub stream_position: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
