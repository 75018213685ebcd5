//! A post or a page as readers see it, or as its editor left it while it is a draft.

use sea_orm::entity::prelude::*;

#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Post,
    Page,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Page => "page",
        }
    }
}

#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    InReview,
    Scheduled,
    Published,
    Trashed,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: Kind,
    pub status: Status,
    pub slug: String,
    /// A path of its own, instead of the permalink of its kind.
    pub path: Option<String>,
    pub title: String,
    /// The title in lower case, for ordering.
    pub title_key: String,
    /// The editor's own.
    pub excerpt: Option<String>,
    /// The first words of the text.
    pub summary: String,
    pub words: i32,
    pub minutes: i32,
    pub feature_image: Option<String>,
    pub feature_image_alt: Option<String>,
    pub featured: bool,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub canonical_url: Option<String>,
    pub published_at: Option<i64>,
    /// When a scheduled post is due.
    pub publish_at: Option<i64>,
    pub created_at: i64,
    /// When readers last got another version.
    pub updated_at: i64,
    /// When an editor last saved, working copies included.
    pub edited_at: i64,
    /// 0 while it is not in the trash.
    pub trashed_at: i64,
    pub created_by: Option<Uuid>,
    pub version: i64,
    /// What an import knows it by.
    #[sea_orm(unique)]
    pub source: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub markdown: String,
    #[sea_orm(column_type = "Text")]
    pub html: String,
    #[sea_orm(column_type = "Text")]
    pub plain: String,
}

impl ActiveModelBehavior for ActiveModel {}
