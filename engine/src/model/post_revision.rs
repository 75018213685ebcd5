//! A post as it was at one of its versions; never changed.

use sea_orm::entity::prelude::*;

/// Why a revision was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, utoipa::ToSchema)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Initial,
    /// An editor asked for it, or went back to another version.
    Save,
    Publish,
    Restore,
    Import,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "post_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub post_id: Uuid,
    pub version: i64,
    pub reason: Reason,
    pub title: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub snapshot: Json,
    pub created_by: Option<Uuid>,
    pub created_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
