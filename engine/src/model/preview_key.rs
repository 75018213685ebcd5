//! What the preview links of one post are signed with; without it they open nothing.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "preview_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: Uuid,
    pub secret: String,
    pub created_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
