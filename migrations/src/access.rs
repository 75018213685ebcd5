//! Ways in beside the password: second factors, invitations, and people who may not come in for now.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{owned_by, unique};

pub(crate) struct ExtendAccess;

impl MigrationName for ExtendAccess {
    fn name(&self) -> &str {
        "m0010_access"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ExtendAccess {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("user", "suspended_at"), ("session", "last_seen")] {
            let column = big_integer_null(column);
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        manager.create_table(second_factor()).await?;
        manager.create_table(invitation()).await?;
        manager.create_index(unique("invitation", &["hash"])).await?;
        manager.create_index(unique("invitation", &["email"])).await
    }
}

fn second_factor() -> TableCreateStatement {
    Table::create()
        .table("second_factor")
        .col(pk_uuid("user_id"))
        .col(text("secret"))
        .col(big_integer_null("since"))
        .col(big_integer("step"))
        .col(json_binary("recovery"))
        .foreign_key(&mut owned_by("second_factor", "user_id", "user"))
        .to_owned()
}

fn invitation() -> TableCreateStatement {
    Table::create()
        .table("invitation")
        .col(pk_uuid("id"))
        .col(text("email"))
        .col(text("role"))
        .col(text("hash"))
        .col(uuid_null("invited_by"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .to_owned()
}
