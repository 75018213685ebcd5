//! Programs that are told what happened, and what became of each message to them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, owned_by};

pub(crate) struct CreateWebhooks;

impl MigrationName for CreateWebhooks {
    fn name(&self) -> &str {
        "m0011_webhooks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateWebhooks {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(webhook()).await?;
        manager.create_table(delivery()).await?;
        manager.create_index(index("delivery", &["next_at"])).await?;
        manager.create_index(index("delivery", &["webhook_id", "id"])).await
    }
}

fn webhook() -> TableCreateStatement {
    Table::create()
        .table("webhook")
        .col(pk_uuid("id"))
        .col(text("url"))
        .col(json_binary("events"))
        .col(text("secret"))
        .col(big_integer("created_at"))
        .col(big_integer_null("off_since"))
        .col(text_null("off_because"))
        .to_owned()
}

fn delivery() -> TableCreateStatement {
    Table::create()
        .table("delivery")
        .col(pk_uuid("id"))
        .col(uuid("webhook_id"))
        .col(text("event"))
        .col(text("body"))
        .col(big_integer_null("revision"))
        .col(big_integer("created_at"))
        .col(integer("attempts"))
        .col(big_integer_null("next_at"))
        .col(big_integer_null("last_at"))
        .col(integer_null("status"))
        .col(integer_null("took_ms"))
        .col(text_null("answer"))
        .foreign_key(&mut owned_by("delivery", "webhook_id", "webhook"))
        .to_owned()
}
