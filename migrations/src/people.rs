//! Who may sign in, and what programs may do in their name.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, owned_by, unique};

pub(crate) struct CreatePeople;

impl MigrationName for CreatePeople {
    fn name(&self) -> &str {
        "m0004_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreatePeople {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [user(), session(), token()] {
            manager.create_table(table).await?;
        }
        manager.create_index(unique("user", &["email"])).await?;
        manager.create_index(unique("token", &["hash"])).await?;
        manager.create_index(index("session", &["expires_at"])).await?;
        manager.create_index(index("session", &["user_id"])).await
    }
}

fn user() -> TableCreateStatement {
    Table::create()
        .table("user")
        .col(pk_uuid("id"))
        .col(text("email"))
        .col(text("name"))
        .col(text("role"))
        .col(text("password_hash"))
        .col(uuid_null("author_id"))
        .col(big_integer("created_at"))
        .col(big_integer_null("last_seen"))
        .to_owned()
}

fn session() -> TableCreateStatement {
    Table::create()
        .table("session")
        .col(text("token_hash").primary_key())
        .col(uuid("user_id"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .col(text("user_agent"))
        .foreign_key(&mut owned_by("session", "user_id", "user"))
        .to_owned()
}

fn token() -> TableCreateStatement {
    Table::create()
        .table("token")
        .col(pk_uuid("id"))
        .col(text("name"))
        .col(text("hash"))
        .col(json_binary("scopes"))
        .col(uuid_null("user_id"))
        .col(big_integer("created_at"))
        .col(big_integer_null("last_used"))
        .col(big_integer_null("expires_at"))
        .foreign_key(&mut owned_by("token", "user_id", "user"))
        .to_owned()
}
