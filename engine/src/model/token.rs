//! A secret that lets a program use the API.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// Of the secret, which is stored nowhere.
    #[sea_orm(unique)]
    pub hash: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub scopes: Json,
    pub user_id: Option<Uuid>,
    pub created_at: i64,
    pub last_used: Option<i64>,
    pub expires_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
