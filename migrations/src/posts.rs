//! Posts and pages, their working copies and their history.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, owned_by, unique};

pub(crate) struct CreatePosts;

impl MigrationName for CreatePosts {
    fn name(&self) -> &str {
        "m0002_posts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreatePosts {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [post(), working_copy(), post_revision()] {
            manager.create_table(table).await?;
        }
        // A post in the trash gives up its slug and path: `trashed_at` is 0 for all others.
        for columns in [&["kind", "slug", "trashed_at"][..], &["path", "trashed_at"], &["source"]] {
            manager.create_index(unique("post", columns)).await?;
        }
        // One index for each order that a template or the admin can ask for.
        for columns in [
            &["status", "kind", "published_at", "id"][..],
            &["status", "kind", "featured", "published_at", "id"],
            &["status", "kind", "title_key", "id"],
            &["status", "kind", "updated_at", "id"],
            &["status", "publish_at"],
            &["edited_at", "id"],
            &["status", "edited_at", "id"],
            &["kind", "edited_at", "id"],
            &["kind", "status", "edited_at", "id"],
            &["title_key", "id"],
            &["kind", "title_key", "id"],
        ] {
            manager.create_index(index("post", columns)).await?;
        }
        manager.create_index(unique("post_revision", &["post_id", "version"])).await
    }
}

fn post() -> TableCreateStatement {
    Table::create()
        .table("post")
        .col(pk_uuid("id"))
        .col(text("kind"))
        .col(text("status"))
        .col(text("slug"))
        .col(text_null("path"))
        .col(text("title"))
        .col(text("title_key"))
        .col(text_null("excerpt"))
        .col(text("summary"))
        .col(integer("words"))
        .col(integer("minutes"))
        .col(text_null("feature_image"))
        .col(text_null("feature_image_alt"))
        .col(boolean("featured"))
        .col(text_null("seo_title"))
        .col(text_null("seo_description"))
        .col(text_null("canonical_url"))
        .col(big_integer_null("published_at"))
        .col(big_integer_null("publish_at"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .col(big_integer("edited_at"))
        .col(big_integer("trashed_at"))
        .col(uuid_null("created_by"))
        .col(big_integer("version"))
        .col(text_null("source"))
        // Long columns last: SQLite reads a row from its start and stops at the last column asked for.
        .col(text("markdown"))
        .col(text("html"))
        .col(text("plain"))
        .col(text("folded"))
        .to_owned()
}

fn working_copy() -> TableCreateStatement {
    Table::create()
        .table("working_copy")
        .col(pk_uuid("post_id"))
        .col(big_integer("base_version"))
        .col(json_binary("payload"))
        .col(uuid_null("updated_by"))
        .col(big_integer("updated_at"))
        .foreign_key(&mut owned_by("working_copy", "post_id", "post"))
        .to_owned()
}

fn post_revision() -> TableCreateStatement {
    Table::create()
        .table("post_revision")
        .col(pk_uuid("id"))
        .col(uuid("post_id"))
        .col(big_integer("version"))
        .col(text("reason"))
        .col(text("title"))
        .col(json_binary("snapshot"))
        .col(uuid_null("created_by"))
        .col(big_integer("created_at"))
        .foreign_key(&mut owned_by("post_revision", "post_id", "post"))
        .to_owned()
}
