//! An editor's changes to a published post that readers do not see yet.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "working_copy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: Uuid,
    /// The post version that the changes started from.
    pub base_version: i64,
    #[sea_orm(column_type = "JsonBinary")]
    pub payload: Json,
    pub updated_by: Option<Uuid>,
    pub updated_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
