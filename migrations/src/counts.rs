//! How many posts that readers can see carry a tag or an author: kept, for a list of terms would count every link.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::ConnectionTrait};

pub(crate) struct KeepCounts;

impl MigrationName for KeepCounts {
    fn name(&self) -> &str {
        "m0012_counts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for KeepCounts {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, link, column) in [("tag", "post_tag", "tag_id"), ("author", "post_author", "author_id")] {
            let posts = big_integer("posts").default(0).take();
            manager.alter_table(Table::alter().table(table).add_column(posts).to_owned()).await?;
            let count = Query::select()
                .expr(Expr::col((link, "post_id")).count())
                .from(link)
                .and_where(Expr::col((link, column)).equals((table, "id")))
                .and_where(Expr::col((link, "kind")).eq("post"))
                .and_where(Expr::col((link, "live_at")).is_not_null())
                .to_owned();
            let update =
                Query::update().table(table).value("posts", Expr::SubQuery(None, Box::new(count.into()))).to_owned();
            manager.get_connection().execute(&update).await?;
        }
        Ok(())
    }
}
