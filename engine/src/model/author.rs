//! Who wrote a post: a profile, with or without a login.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "author")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    #[sea_orm(unique)]
    pub slug: String,
    pub bio: String,
    pub avatar: Option<String>,
    pub user_id: Option<Uuid>,
    /// How many posts that readers can see name them.
    pub posts: i64,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
