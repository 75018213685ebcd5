//! A program that is told what happened.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub url: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub events: Json,
    /// What signs its messages. It is kept as it is: signing needs it.
    pub secret: String,
    pub created_at: i64,
    /// Since then it is told nothing.
    pub off_since: Option<i64>,
    pub off_because: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
