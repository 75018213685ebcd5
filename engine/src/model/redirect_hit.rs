//! How often a redirect was used.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "redirect_hit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_path: String,
    pub hits: i64,
    pub last_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
