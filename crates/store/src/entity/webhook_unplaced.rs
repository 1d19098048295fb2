//! Statuses that do not say to whom the message went, each as a body of its own.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_unplaced")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub client_id: Uuid,
    pub message_id: String,
    pub at: DateTimeUtc,
    pub received_at: DateTimeUtc,
    pub tried_at: DateTimeUtc,
    pub content_hash: String,
    pub body: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
