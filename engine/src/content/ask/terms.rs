//! Tags and authors. One that no published post carries is not public.

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DbErr, QueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::Tags;
use crate::content::{
    read::{Term, TermCard},
    tag::CacheTag,
};

pub(super) async fn tag<C: ConnectionTrait>(db: &C, slug: &str, tags: &mut Tags) -> Result<Option<Arc<Term>>, DbErr> {
    tags.insert(CacheTag::slug("tag", slug));
    let Some(term) = one(db, all_tags(), "tag", slug).await? else { return Ok(None) };
    tags.extend([CacheTag::tag(term.card.id), CacheTag::posts_of_tag(term.card.id)]);
    Ok(public(term))
}

pub(super) async fn author<C: ConnectionTrait>(
    db: &C,
    slug: &str,
    tags: &mut Tags,
) -> Result<Option<Arc<Term>>, DbErr> {
    tags.insert(CacheTag::slug("author", slug));
    let Some(term) = one(db, all_authors(), "author", slug).await? else { return Ok(None) };
    tags.extend([CacheTag::author(term.card.id), CacheTag::posts_of_author(term.card.id)]);
    Ok(public(term))
}

pub(super) async fn tags<C: ConnectionTrait>(db: &C, tags: &mut Tags) -> Result<Vec<Arc<Term>>, DbErr> {
    tags.insert(CacheTag::tags());
    all(db, all_tags()).await
}

pub(super) async fn authors<C: ConnectionTrait>(db: &C, tags: &mut Tags) -> Result<Vec<Arc<Term>>, DbErr> {
    tags.insert(CacheTag::authors());
    all(db, all_authors()).await
}

async fn one<C: ConnectionTrait>(
    db: &C,
    mut terms: SelectStatement,
    table: &'static str,
    slug: &str,
) -> Result<Option<Term>, DbErr> {
    let query = terms.and_where(Expr::col((table, "slug")).eq(slug)).to_owned();
    db.query_one(&query).await?.map(|row| term(&row)).transpose()
}

async fn all<C: ConnectionTrait>(db: &C, terms: SelectStatement) -> Result<Vec<Arc<Term>>, DbErr> {
    let rows = db.query_all(&terms).await?;
    let terms = rows.iter().map(term).collect::<Result<Vec<_>, _>>()?;
    Ok(terms.into_iter().filter_map(public).collect())
}

fn public(term: Term) -> Option<Arc<Term>> {
    (term.count > 0).then(|| Arc::new(term))
}

fn all_tags() -> SelectStatement {
    let mut query = terms("tag");
    query.column(("tag", "description")).expr(Expr::value(None::<String>)).to_owned()
}

fn all_authors() -> SelectStatement {
    let mut query = terms("author");
    query.columns([("author", "bio"), ("author", "avatar")]).to_owned()
}

/// Terms by slug, which both databases order alike.
fn terms(table: &'static str) -> SelectStatement {
    Query::select()
        .columns([(table, "id"), (table, "name"), (table, "slug"), (table, "posts")])
        .from(table)
        .order_by((table, "slug"), Order::Asc)
        .to_owned()
}

fn term(row: &QueryResult) -> Result<Term, DbErr> {
    let (id, name, slug, count, description, image) =
        row.try_get_many_by_index::<(Uuid, String, String, i64, String, Option<String>)>()?;
    Ok(Term { card: TermCard { id, name, slug }, description, image, count: count.unsigned_abs() })
}
