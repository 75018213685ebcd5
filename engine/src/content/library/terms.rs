//! Tags and authors with how many posts carry them.

use sea_orm::{
    ConnectionTrait, QueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LibraryError, ListQuery, PageOf, count, has_words, lower, page};

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TagDoc {
    pub id: Uuid,
    pub name: String,
    pub slug: String,
    pub description: String,
    /// How many posts and pages carry it, the trash aside.
    pub posts: u64,
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthorDoc {
    pub id: Uuid,
    pub name: String,
    pub slug: String,
    pub bio: String,
    pub avatar: Option<String>,
    /// Who signs in under this profile, if anybody does.
    pub user_id: Option<Uuid>,
    /// How many posts and pages name it, the trash aside.
    pub posts: u64,
    pub version: i64,
}

/// A table of terms, and where their posts are.
#[derive(Clone, Copy)]
struct Table {
    name: &'static str,
    link: &'static str,
    column: &'static str,
    fields: &'static [&'static str],
}

const TAGS: Table = Table {
    name: "tag",
    link: "post_tag",
    column: "tag_id",
    fields: &["id", "name", "slug", "version", "description"],
};
const AUTHORS: Table = Table {
    name: "author",
    link: "post_author",
    column: "author_id",
    fields: &["id", "name", "slug", "version", "bio", "avatar", "user_id"],
};

pub async fn tags<C: ConnectionTrait>(db: &C, query: &ListQuery) -> Result<PageOf<TagDoc>, LibraryError> {
    TAGS.list(db, query, tag_doc, |tag| tag.slug.clone()).await
}

pub async fn tag<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<TagDoc>, LibraryError> {
    TAGS.one(db, id, tag_doc).await
}

pub async fn authors<C: ConnectionTrait>(db: &C, query: &ListQuery) -> Result<PageOf<AuthorDoc>, LibraryError> {
    AUTHORS.list(db, query, author_doc, |author| author.slug.clone()).await
}

pub async fn author<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<AuthorDoc>, LibraryError> {
    AUTHORS.one(db, id, author_doc).await
}

fn tag_doc(row: &QueryResult) -> Result<TagDoc, LibraryError> {
    let (id, name, slug, version, description, posts) =
        row.try_get_many_by_index::<(Uuid, String, String, i64, String, i64)>()?;
    Ok(TagDoc { id, name, slug, description, posts: posts.unsigned_abs(), version })
}

fn author_doc(row: &QueryResult) -> Result<AuthorDoc, LibraryError> {
    type Fields = (Uuid, String, String, i64, String, Option<String>, Option<Uuid>, i64);
    let (id, name, slug, version, bio, avatar, user_id, posts) = row.try_get_many_by_index::<Fields>()?;
    Ok(AuthorDoc { id, name, slug, bio, avatar, user_id, posts: posts.unsigned_abs(), version })
}

impl Table {
    /// By slug, which both databases order alike.
    async fn list<C: ConnectionTrait, T>(
        self,
        db: &C,
        query: &ListQuery,
        doc: fn(&QueryResult) -> Result<T, LibraryError>,
        slug: fn(&T) -> String,
    ) -> Result<PageOf<T>, LibraryError> {
        let found = has_words(lower(Expr::col((self.name, "name"))), query.q.as_deref());
        let all = Query::select().column((self.name, "id")).from(self.name).and_where_option(found.clone()).to_owned();
        let total = count(db, all).await?;
        let rows = self
            .rows()
            .and_where_option(found)
            .and_where_option(query.cursor.as_deref().map(|slug| Expr::col((self.name, "slug")).gt(slug)))
            .order_by((self.name, "slug"), Order::Asc)
            .limit(query.limit() + 1)
            .to_owned();
        let docs = db.query_all(&rows).await?.iter().map(doc).collect::<Result<Vec<_>, _>>()?;
        Ok(page(docs, query.limit(), total, slug, |doc| doc))
    }

    async fn one<C: ConnectionTrait, T>(
        self,
        db: &C,
        id: Uuid,
        doc: fn(&QueryResult) -> Result<T, LibraryError>,
    ) -> Result<Option<T>, LibraryError> {
        let row = self.rows().and_where(Expr::col((self.name, "id")).eq(id)).to_owned();
        db.query_one(&row).await?.as_ref().map(doc).transpose()
    }

    /// The fields, then the number of posts.
    fn rows(self) -> SelectStatement {
        let posts = Query::select()
            .expr(Expr::col((self.link, "post_id")).count())
            .from(self.link)
            .inner_join("post", Expr::col(("post", "id")).equals((self.link, "post_id")))
            .and_where(Expr::col((self.link, self.column)).equals((self.name, "id")))
            .and_where(Expr::col(("post", "trashed_at")).eq(0))
            .to_owned();
        Query::select()
            .columns(self.fields.iter().map(|field| (self.name, *field)))
            .expr(Expr::SubQuery(None, Box::new(posts.into())))
            .from(self.name)
            .to_owned()
    }
}
