//! A path at which readers found nothing.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "missing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub path: String,
    pub hits: i64,
    pub first_at: i64,
    pub last_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
