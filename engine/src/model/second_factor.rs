//! What somebody has to show beside the password: a code of their authenticator app, or a recovery code.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// What the app and the site both know, in base 32.
    pub secret: String,
    /// Since when it is asked for; not yet before a first code was right.
    pub since: Option<i64>,
    /// Of the newest code that was used: no code is good twice.
    pub step: i64,
    /// Hashes of the recovery codes that are left.
    #[sea_orm(column_type = "JsonBinary")]
    pub recovery: Json,
}

impl ActiveModelBehavior for ActiveModel {}
