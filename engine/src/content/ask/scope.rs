//! A list's filter as SQL that one index answers in order.

use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Expr, ExprTrait, Order as Direction, Query, SelectStatement},
};
use uuid::Uuid;

use super::Tags;
use crate::{
    content::{
        read::{Filter, Order},
        tag::CacheTag,
    },
    model::post::{Kind, Status},
};

/// A filter whose slugs have been looked up.
pub(super) struct Scope {
    kind: Kind,
    tag: Option<Uuid>,
    author: Option<Uuid>,
    featured: Option<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Newest,
    Oldest,
    Title,
    Updated,
}

impl Sort {
    pub(super) fn of(order: Order) -> Self {
        match order {
            Order::NewestFirst => Self::Newest,
            Order::OldestFirst => Self::Oldest,
            Order::Title => Self::Title,
            Order::RecentlyUpdated => Self::Updated,
        }
    }
}

impl Scope {
    /// `None` when it names a tag or an author that does not exist. Records the narrowest tag whose emission can change
    /// which posts belong to the list.
    pub(super) async fn of<C: ConnectionTrait>(
        db: &C,
        filter: &Filter,
        tags: &mut Tags,
    ) -> Result<Option<Self>, DbErr> {
        let (mut tag, mut author) = (None, None);
        if let Some(slug) = &filter.tag {
            tags.insert(CacheTag::slug("tag", slug));
            tag = id_of(db, "tag", slug).await?;
            if tag.is_none() {
                return Ok(None);
            }
        }
        if let Some(slug) = &filter.author {
            tags.insert(CacheTag::slug("author", slug));
            author = id_of(db, "author", slug).await?;
            if author.is_none() {
                return Ok(None);
            }
        }
        tags.insert(match (tag, author) {
            (Some(id), _) => CacheTag::posts_of_tag(id),
            (None, Some(id)) => CacheTag::posts_of_author(id),
            (None, None) => CacheTag::posts(filter.kind.as_str()),
        });
        Ok(Some(Self { kind: filter.kind, tag, author, featured: filter.featured }))
    }

    /// How many posts the list has. Those of a term are counted already.
    pub(super) fn count(&self) -> SelectStatement {
        let term = match (self.tag, self.author) {
            (Some(tag), None) => Some(("tag", tag)),
            (None, Some(author)) => Some(("author", author)),
            _ => None,
        };
        if let Some((table, id)) = term.filter(|_| self.kind == Kind::Post && self.featured.is_none()) {
            return Query::select().column("posts").from(table).and_where(Expr::col("id").eq(id)).to_owned();
        }
        let (mut query, id, _) = self.select(Sort::Newest);
        query.expr(Expr::col(id).count()).to_owned()
    }

    /// The ids of the list's posts in order, ties broken by id, and their dates (0 where the order is another).
    pub(super) fn positions(&self, sort: Sort) -> SelectStatement {
        let (mut query, id, key) = self.select(sort);
        let direction = match sort {
            Sort::Newest | Sort::Updated => Direction::Desc,
            Sort::Oldest | Sort::Title => Direction::Asc,
        };
        query.column(id);
        match sort {
            Sort::Newest | Sort::Oldest => query.column(key),
            Sort::Title | Sort::Updated => query.expr(Expr::val(0_i64)),
        };
        query.order_by(key, direction.clone()).order_by(id, direction).to_owned()
    }

    /// Everything but what is selected, with the columns of the post's id and of the key it sorts by. A term's list
    /// starts from the table of links, whose index holds it in order of date, and looks at posts only when it must.
    fn select(&self, sort: Sort) -> (SelectStatement, (&'static str, &'static str), (&'static str, &'static str)) {
        let mut query = Query::select();
        let by_date = matches!(sort, Sort::Newest | Sort::Oldest);
        let key = match sort {
            Sort::Newest | Sort::Oldest => ("post", "published_at"),
            Sort::Title => ("post", "title_key"),
            Sort::Updated => ("post", "updated_at"),
        };
        let (table, column, term) = match (self.tag, self.author) {
            (Some(tag), _) => ("post_tag", "tag_id", tag),
            (None, Some(author)) => ("post_author", "author_id", author),
            (None, None) => {
                query
                    .from("post")
                    .and_where(Expr::col(("post", "status")).eq(Status::Published))
                    .and_where(Expr::col(("post", "kind")).eq(self.kind))
                    .and_where_option(self.featured.map(|yes| Expr::col(("post", "featured")).eq(yes)));
                return (query, ("post", "id"), key);
            }
        };
        let id = (table, "post_id");
        query
            .from(table)
            .and_where(Expr::col((table, column)).eq(term))
            .and_where(Expr::col((table, "kind")).eq(self.kind))
            .and_where(Expr::col((table, "live_at")).is_not_null());
        if let (Some(_), Some(author)) = (self.tag, self.author) {
            query
                .inner_join("post_author", Expr::col(("post_author", "post_id")).equals(id))
                .and_where(Expr::col(("post_author", "author_id")).eq(author));
        }
        if self.featured.is_some() || !by_date {
            query
                .inner_join("post", Expr::col(("post", "id")).equals(id))
                .and_where_option(self.featured.map(|yes| Expr::col(("post", "featured")).eq(yes)));
        }
        (query, id, if by_date { (table, "live_at") } else { key })
    }
}

async fn id_of<C: ConnectionTrait>(db: &C, table: &'static str, slug: &str) -> Result<Option<Uuid>, DbErr> {
    let query =
        Query::select().column((table, "id")).from(table).and_where(Expr::col((table, "slug")).eq(slug)).to_owned();
    db.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()
}
