//! Tags and authors, and which posts carry them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, owned_by, unique};

pub(crate) struct CreateTerms;

impl MigrationName for CreateTerms {
    fn name(&self) -> &str {
        "m0003_terms"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateTerms {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [tag(), author(), link("post_tag", "tag_id", "tag"), link("post_author", "author_id", "author")] {
            manager.create_table(table).await?;
        }
        manager.create_index(unique("tag", &["slug"])).await?;
        manager.create_index(unique("tag", &["name_key"])).await?;
        manager.create_index(unique("author", &["slug"])).await?;
        // A term's list is read in order from one index.
        manager.create_index(index("post_tag", &["tag_id", "kind", "live_at", "post_id"])).await?;
        manager.create_index(index("post_author", &["author_id", "kind", "live_at", "post_id"])).await
    }
}

fn tag() -> TableCreateStatement {
    Table::create()
        .table("tag")
        .col(pk_uuid("id"))
        .col(text("name"))
        .col(text("name_key"))
        .col(text("slug"))
        .col(text("description"))
        .col(big_integer("version"))
        .to_owned()
}

fn author() -> TableCreateStatement {
    Table::create()
        .table("author")
        .col(pk_uuid("id"))
        .col(text("name"))
        .col(text("slug"))
        .col(text("bio"))
        .col(text_null("avatar"))
        .col(uuid_null("user_id"))
        .col(big_integer("version"))
        .to_owned()
}

/// `live_at` is the post's publication time while it is public and null otherwise.
fn link(table: &'static str, column: &'static str, target: &'static str) -> TableCreateStatement {
    Table::create()
        .table(table)
        .col(uuid("post_id"))
        .col(uuid(column))
        .col(integer("position"))
        .col(text("kind"))
        .col(big_integer_null("live_at"))
        .primary_key(Index::create().col("post_id").col(column))
        .foreign_key(&mut owned_by(table, "post_id", "post"))
        .foreign_key(&mut owned_by(table, column, target))
        .to_owned()
}
