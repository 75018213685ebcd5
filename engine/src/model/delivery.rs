//! A message to a webhook, and what became of it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub webhook_id: Uuid,
    pub event: String,
    /// JSON, as it is sent and signed.
    pub body: String,
    /// The change that it tells of: it is sent once the pages of that are fresh.
    pub revision: Option<i64>,
    pub created_at: i64,
    pub attempts: i32,
    /// When it is tried next; not again when there is none.
    pub next_at: Option<i64>,
    /// When it was tried last.
    pub last_at: Option<i64>,
    /// The last answer's.
    pub status: Option<i32>,
    pub took_ms: Option<i32>,
    /// The beginning of the last answer, or why there was none.
    pub answer: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
