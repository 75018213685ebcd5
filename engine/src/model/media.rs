//! A file of the media library.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of the content: the same file is kept once.
    #[sea_orm(unique)]
    pub hash: String,
    /// The name it was uploaded under.
    pub name: String,
    pub mime: String,
    pub bytes: i64,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub alt: String,
    pub created_at: i64,
    /// Where it lies in the media store; its URL is `/media/<storage_key>`.
    #[sea_orm(unique)]
    pub storage_key: String,
    /// The colour it has most of, as `#rrggbb`; of pictures without holes.
    pub color: Option<String>,
    /// What is never cut off, in percent from the left and from the top.
    pub focus_x: Option<i32>,
    pub focus_y: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
