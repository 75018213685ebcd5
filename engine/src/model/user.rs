//! Somebody who may sign in.

use sea_orm::entity::prelude::*;

/// What somebody may do, from everything to handing in drafts.
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
pub enum Role {
    Owner,
    Administrator,
    Editor,
    Author,
    Contributor,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In lower case.
    #[sea_orm(unique)]
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    pub author_id: Option<Uuid>,
    pub created_at: i64,
    pub last_seen: Option<i64>,
    /// Since then they may not come in.
    pub suspended_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
