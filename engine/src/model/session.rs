//! A browser that is signed in.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Of the secret in the cookie, which is stored nowhere.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub user_id: Uuid,
    pub created_at: i64,
    pub expires_at: i64,
    pub user_agent: String,
    pub last_seen: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
