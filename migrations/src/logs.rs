//! What happened: the outbox of changes for the page cache, and the audit log for people.

use sea_orm_migration::{prelude::*, schema::*};

use crate::index;

pub(crate) struct CreateLogs;

impl MigrationName for CreateLogs {
    fn name(&self) -> &str {
        "m0005_logs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateLogs {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(outbox()).await?;
        manager.create_table(audit()).await?;
        manager.create_index(index("audit", &["at", "id"])).await?;
        manager.create_index(index("audit", &["entity", "entity_id", "at"])).await
    }
}

fn outbox() -> TableCreateStatement {
    Table::create()
        .table("outbox")
        .col(big_integer("revision").primary_key())
        .col(json_binary("tags"))
        .col(json_binary("gone"))
        .col(json_binary("born"))
        .col(json_binary_null("demand"))
        .col(big_integer("at"))
        .to_owned()
}

fn audit() -> TableCreateStatement {
    Table::create()
        .table("audit")
        .col(pk_uuid("id"))
        .col(big_integer("at"))
        .col(text("actor"))
        .col(text("action"))
        .col(text("entity"))
        .col(text("entity_id"))
        .col(json_binary("detail"))
        .to_owned()
}
