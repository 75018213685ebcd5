//! Links that show a post before its readers get it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::owned_by;

pub(crate) struct CreatePreviews;

impl MigrationName for CreatePreviews {
    fn name(&self) -> &str {
        "m0006_previews"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreatePreviews {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("preview_key")
            .col(pk_uuid("post_id"))
            .col(text("secret"))
            .col(big_integer("created_at"))
            .foreign_key(&mut owned_by("preview_key", "post_id", "post"))
            .to_owned();
        manager.create_table(table).await
    }
}
