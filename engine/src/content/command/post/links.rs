//! Which tags and authors a post carries, and since when readers can see it.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use uuid::Uuid;

use super::{
    Draft,
    face::{News, Terms},
    stored::Stored,
};
use crate::{
    content::{change::Entity, command::Txn, error::StoreError, read::Kind, tag::CacheTag},
    model::post::{self, Status},
};

/// A kind of term and the table that links posts to it.
#[derive(Clone, Copy)]
struct Link {
    table: &'static str,
    column: &'static str,
    term: &'static str,
}

const TAGS: Link = Link { table: "post_tag", column: "tag_id", term: "tag" };
const AUTHORS: Link = Link { table: "post_author", column: "author_id", term: "author" };

/// The tags and the authors of a post, in the editor's order.
pub(super) async fn of(db: &DatabaseTransaction, post: Uuid) -> Result<(Vec<Uuid>, Vec<Uuid>), DbErr> {
    Ok((TAGS.of(db, post).await?, AUTHORS.of(db, post).await?))
}

/// Writes the links of a post, unless they are as they were.
pub(super) async fn write(db: &DatabaseTransaction, post: &Stored, before: Option<&Stored>) -> Result<(), DbErr> {
    let live_at = live_at(&post.row);
    let moved = before.is_none_or(|before| self::live_at(&before.row) != live_at);
    if moved || before.is_some_and(|before| before.draft.tags != post.draft.tags) {
        TAGS.write(db, &post.row, live_at, &post.draft.tags).await?;
    }
    if moved || before.is_some_and(|before| before.draft.authors != post.draft.authors) {
        AUTHORS.write(db, &post.row, live_at, &post.draft.authors).await?;
    }
    Ok(())
}

fn live_at(row: &post::Model) -> Option<i64> {
    row.published_at.filter(|_| row.status == Status::Published)
}

/// A draft without the tags and authors that were deleted since it was saved.
pub(super) async fn existing(db: &DatabaseTransaction, mut draft: Draft) -> Result<Draft, DbErr> {
    for (link, ids) in [(TAGS, &mut draft.tags), (AUTHORS, &mut draft.authors)] {
        let found = link.existing(db, ids).await?;
        ids.retain(|id| found.contains(id));
    }
    Ok(draft)
}

/// Refuses authors that do not exist.
pub(super) async fn check_authors(db: &DatabaseTransaction, authors: &[Uuid]) -> Result<(), StoreError> {
    let found = AUTHORS.existing(db, authors).await?;
    match authors.iter().find(|id| !found.contains(id)) {
        Some(id) => Err(StoreError::invalid("authors", format!("There is no author {id}."))),
        None => Ok(()),
    }
}

/// The slugs of the first tag and the first author.
pub(super) async fn primary_slugs(
    db: &DatabaseTransaction,
    draft: &Draft,
) -> Result<(Option<String>, Option<String>), DbErr> {
    Ok((TAGS.slug(db, draft.tags.first()).await?, AUTHORS.slug(db, draft.authors.first()).await?))
}

pub(super) async fn path_taken(db: &DatabaseTransaction, path: &str, owner: Uuid) -> Result<bool, DbErr> {
    let holder = post::Entity::find()
        .filter(post::Column::Path.eq(path))
        .filter(post::Column::TrashedAt.eq(0))
        .filter(post::Column::Id.ne(owner));
    Ok(holder.one(db).await?.is_some())
}

/// Keeps how many posts that readers can see carry a term. It is public while there is one: tells what became so, and
/// what ceased to be.
pub(super) async fn count_terms(txn: &mut Txn, kind: Kind, news: &News) -> Result<(), StoreError> {
    if kind != Kind::Post {
        return Ok(());
    }
    let ids = |terms: fn(&Terms) -> &BTreeSet<Uuid>| -> (Vec<Uuid>, Vec<Uuid>) {
        (terms(&news.joined).iter().copied().collect(), terms(&news.left).iter().copied().collect())
    };
    let (joined, left) = ids(|terms| &terms.tags);
    for (id, slug) in TAGS.count(txn.db(), &joined, &left).await? {
        txn.tag(CacheTag::tag(id));
        txn.tag(CacheTag::slug("tag", &slug));
        txn.born(Entity::Tag(id));
        if joined.contains(&id) {
            let path = txn.permalinks.tag(id, &slug);
            super::freed(txn, &path).await?;
        }
    }
    let (joined, left) = ids(|terms| &terms.authors);
    for (id, slug) in AUTHORS.count(txn.db(), &joined, &left).await? {
        txn.tag(CacheTag::author(id));
        txn.tag(CacheTag::slug("author", &slug));
        txn.born(Entity::Author(id));
        if joined.contains(&id) {
            let path = txn.permalinks.author(id, &slug);
            super::freed(txn, &path).await?;
        }
    }
    Ok(())
}

/// Counts anew how many posts that readers can see carry this tag.
pub async fn recount(txn: &Txn, tag: Uuid) -> Result<(), DbErr> {
    let count = Query::select()
        .expr(Expr::col("post_id").count())
        .from(TAGS.table)
        .and_where(Expr::col(TAGS.column).eq(tag))
        .and_where(Expr::col("kind").eq(Kind::Post))
        .and_where(Expr::col("live_at").is_not_null())
        .to_owned();
    let update = Query::update()
        .table(TAGS.term)
        .value("posts", Expr::SubQuery(None, Box::new(count.into())))
        .and_where(Expr::col("id").eq(tag))
        .to_owned();
    txn.db().execute(&update).await?;
    Ok(())
}

impl Link {
    async fn of(self, db: &DatabaseTransaction, post: Uuid) -> Result<Vec<Uuid>, DbErr> {
        let query = Query::select()
            .column(self.column)
            .from(self.table)
            .and_where(Expr::col("post_id").eq(post))
            .order_by("position", Order::Asc)
            .to_owned();
        db.query_all(&query).await?.iter().map(|row| row.try_get_by_index(0)).collect()
    }

    async fn write(
        self,
        db: &DatabaseTransaction,
        post: &post::Model,
        live_at: Option<i64>,
        terms: &[Uuid],
    ) -> Result<(), DbErr> {
        let old = Query::delete().from_table(self.table).and_where(Expr::col("post_id").eq(post.id)).to_owned();
        db.execute(&old).await?;
        if terms.is_empty() {
            return Ok(());
        }
        let mut rows = Query::insert();
        rows.into_table(self.table).columns(["post_id", self.column, "position", "kind", "live_at"]);
        for (position, term) in (0_i32..).zip(terms) {
            rows.values_panic([post.id.into(), (*term).into(), position.into(), post.kind.into(), live_at.into()]);
        }
        db.execute(&rows).await?;
        Ok(())
    }

    async fn existing(self, db: &DatabaseTransaction, ids: &[Uuid]) -> Result<BTreeSet<Uuid>, DbErr> {
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let query = Query::select()
            .column("id")
            .from(self.term)
            .and_where(Expr::col("id").is_in(ids.iter().copied()))
            .to_owned();
        db.query_all(&query).await?.iter().map(|row| row.try_get_by_index(0)).collect()
    }

    async fn slug(self, db: &DatabaseTransaction, id: Option<&Uuid>) -> Result<Option<String>, DbErr> {
        let Some(id) = id else { return Ok(None) };
        let query = Query::select().column("slug").from(self.term).and_where(Expr::col("id").eq(*id)).to_owned();
        db.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()
    }

    /// Counts a post that joined some terms and left others: those of which it is now the only one, and those nobody has.
    async fn count(
        self,
        db: &DatabaseTransaction,
        joined: &[Uuid],
        left: &[Uuid],
    ) -> Result<Vec<(Uuid, String)>, DbErr> {
        let mut found = Vec::new();
        for (terms, by, threshold) in [(joined, 1, 1), (left, -1, 0)] {
            if terms.is_empty() {
                continue;
            }
            let these = Expr::col("id").is_in(terms.iter().copied());
            let update = Query::update()
                .table(self.term)
                .value("posts", Expr::col("posts").add(by))
                .and_where(these.clone())
                .to_owned();
            db.execute(&update).await?;
            let at_threshold = Query::select()
                .columns(["id", "slug"])
                .from(self.term)
                .and_where(these.and(Expr::col("posts").eq(threshold)))
                .to_owned();
            for row in db.query_all(&at_threshold).await? {
                found.push(row.try_get_many_by_index()?);
            }
        }
        Ok(found)
    }
}
