//! Redirects for many paths at once, how often each was used, and the paths at which readers found nothing.

use sea_orm_migration::{prelude::*, schema::*};

use crate::index;

pub(crate) struct ExtendRedirects;

impl MigrationName for ExtendRedirects {
    fn name(&self) -> &str {
        "m0009_redirects"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ExtendRedirects {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let matching = text("matching").default("exact").to_owned();
        manager.alter_table(Table::alter().table("redirect").add_column(matching).to_owned()).await?;
        manager.create_index(index("redirect", &["matching"])).await?;
        // Apart from redirects: counting changes nothing that an editor did.
        let hits = Table::create()
            .table("redirect_hit")
            .col(text("from_path").primary_key())
            .col(big_integer("hits"))
            .col(big_integer("last_at"))
            .to_owned();
        let missing = Table::create()
            .table("missing")
            .col(text("path").primary_key())
            .col(big_integer("hits"))
            .col(big_integer("first_at"))
            .col(big_integer("last_at"))
            .to_owned();
        manager.create_table(hits).await?;
        manager.create_table(missing).await?;
        manager.create_index(index("missing", &["hits", "path"])).await
    }
}
