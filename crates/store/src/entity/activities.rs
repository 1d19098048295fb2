//! The activity log.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Option<Uuid>,
    pub at: DateTimeUtc,
    pub actor: String,
    pub user_id: Option<Uuid>,
    pub token_id: Option<Uuid>,
    pub action: String,
    pub subject: Option<String>,
    pub subjects: String,
    pub outcome: String,
    pub code: Option<String>,
    pub address: Option<String>,
    pub request: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
