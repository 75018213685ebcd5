//! When posts are taken back.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, owned_by};

pub(crate) struct CreateExpiries;

impl MigrationName for CreateExpiries {
    fn name(&self) -> &str {
        "m0007_expiries"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateExpiries {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("expiry")
            .col(pk_uuid("post_id"))
            .col(big_integer("at"))
            .foreign_key(&mut owned_by("expiry", "post_id", "post"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("expiry", &["at"])).await
    }
}
