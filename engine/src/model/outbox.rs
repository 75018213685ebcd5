//! The log of changes that the page cache reads, numbered by revision.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    #[sea_orm(column_type = "JsonBinary")]
    pub tags: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub gone: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub born: Json,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub demand: Option<Json>,
    pub at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
