//! The one row that counts changes and keeps the signing secret.

use sea_orm::entity::prelude::*;

/// The id of the only row.
pub const ID: i32 = 1;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "site")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub revision: i64,
    pub site_uuid: Uuid,
    /// 32 random bytes in hexadecimal.
    pub secret: String,
}

impl ActiveModelBehavior for ActiveModel {}
