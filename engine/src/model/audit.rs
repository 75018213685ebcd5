//! What was done, by whom, for people to read.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: i64,
    /// `user:<id>`, `token:<id>`, `command line` or `system`.
    pub actor: String,
    pub action: String,
    pub entity: String,
    pub entity_id: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Json,
}

impl ActiveModelBehavior for ActiveModel {}
