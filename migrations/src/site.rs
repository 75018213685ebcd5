//! The site itself: its counter of changes, settings, menus, redirects and media.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, unique};

pub(crate) struct CreateSite;

// An explicit name survives moving the file.
impl MigrationName for CreateSite {
    fn name(&self) -> &str {
        "m0001_site"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateSite {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [site(), setting(), menu(), redirect(), media()] {
            manager.create_table(table).await?;
        }
        manager.create_index(index("redirect", &["to_path"])).await?;
        manager.create_index(unique("media", &["hash"])).await?;
        manager.create_index(unique("media", &["storage_key"])).await?;
        manager.create_index(index("media", &["created_at", "id"])).await
    }
}

fn site() -> TableCreateStatement {
    Table::create()
        .table("site")
        .col(integer("id").primary_key())
        .col(big_integer("revision"))
        .col(uuid("site_uuid"))
        .col(text("secret"))
        .to_owned()
}

fn setting() -> TableCreateStatement {
    Table::create().table("setting").col(text("key").primary_key()).col(json_binary("value")).to_owned()
}

fn menu() -> TableCreateStatement {
    Table::create()
        .table("menu")
        .col(text("name").primary_key())
        .col(json_binary("items"))
        .col(big_integer("version"))
        .to_owned()
}

fn redirect() -> TableCreateStatement {
    Table::create()
        .table("redirect")
        .col(text("from_path").primary_key())
        .col(text("to_path"))
        .col(integer("status"))
        .col(text("kind"))
        .to_owned()
}

fn media() -> TableCreateStatement {
    Table::create()
        .table("media")
        .col(pk_uuid("id"))
        .col(text("hash"))
        .col(text("name"))
        .col(text("mime"))
        .col(big_integer("bytes"))
        .col(integer_null("width"))
        .col(integer_null("height"))
        .col(text("alt"))
        .col(big_integer("created_at"))
        .col(text("storage_key"))
        .to_owned()
}
