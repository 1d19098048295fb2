//! Manifest of the lake; `sequence` is the order of publication within the client.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "segments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub import_id: Option<Uuid>,
    pub kind: String,
    pub path: String,
    pub rows: i64,
    pub bytes: i64,
    pub least_time: Option<DateTimeUtc>,
    pub greatest_time: Option<DateTimeUtc>,
    pub sequence: i64,
    pub published_at: DateTimeUtc,
    pub retired_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
