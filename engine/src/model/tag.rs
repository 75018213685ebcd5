//! A subject that posts share.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tag")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// The name in lower case: two tags never differ in case alone.
    #[sea_orm(unique)]
    pub name_key: String,
    #[sea_orm(unique)]
    pub slug: String,
    pub description: String,
    /// How many posts that readers can see carry it.
    pub posts: i64,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
