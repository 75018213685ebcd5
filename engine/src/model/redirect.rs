//! A path that leads elsewhere.

use sea_orm::entity::prelude::*;

/// Who made a redirect: a moved post, an editor, an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, utoipa::ToSchema)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Auto,
    Manual,
    Import,
}

/// How many paths a redirect is for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    EnumIter,
    DeriveActiveEnum,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// One.
    Exact,
    /// All below a folder, and the folder: `/old/*`.
    Prefix,
    /// All of this form: `/{year}/{slug}/`.
    Pattern,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "redirect")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_path: String,
    /// Empty where the status says that what was there is gone.
    pub to_path: String,
    pub status: i32,
    pub kind: Origin,
    pub matching: Matching,
}

impl ActiveModelBehavior for ActiveModel {}
