//! Which posts an author wrote, in which order, and since when readers can see it.

use sea_orm::entity::prelude::*;

use super::post::Kind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "post_author")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    pub position: i32,
    pub kind: Kind,
    /// The post's `published_at` while it is public.
    pub live_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
