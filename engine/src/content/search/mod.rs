//! Search: an index of the words of all posts, with published ones apart. It is written in the transaction that writes the post.
//!
//! Words are folded and split here ([`words`]), for what is written and for what is asked, so that every database finds
//! the same. Each keeps its index in its own way ([`sqlite`], [`postgres`]).

mod postgres;
pub mod snippet;
mod sqlite;
mod words;

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query as Sql, SelectStatement},
};
use uuid::Uuid;

use super::database::{Database, begin_write};
use crate::model::post::{self, Status};

pub use self::words::Query;

/// Of more matches than this the newest are ranked: what a search costs does not grow with the site for ever.
pub const MOST: u64 = 10_000;

/// How many posts go into the index in one transaction when it has to be made.
const BATCH: u64 = 500;

/// What of a post can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'p> {
    pub post: Uuid,
    /// Whether readers may find it.
    live: bool,
    title: &'p str,
    slug: &'p str,
    excerpt: &'p str,
    text: &'p str,
}

/// Folded words of one entry, one space between two of them.
#[derive(Debug, PartialEq, Eq)]
struct Folded {
    title: String,
    slug: String,
    body: String,
}

impl<'p> Entry<'p> {
    pub fn of(row: &'p post::Model) -> Self {
        Self {
            post: row.id,
            live: row.status == Status::Published,
            title: &row.title,
            slug: &row.slug,
            excerpt: row.excerpt.as_deref().unwrap_or_default(),
            text: &row.plain,
        }
    }

    fn folded(&self) -> Folded {
        let mut body = words::folded(self.excerpt);
        body.push(' ');
        body.push_str(&words::folded(self.text));
        Folded { title: words::folded(self.title), slug: words::folded(self.slug), body }
    }
}

/// Puts a post into the index in place of what it was there before.
pub async fn write<C: ConnectionTrait>(db: &C, entry: &Entry<'_>) -> Result<(), DbErr> {
    match db.get_database_backend() {
        DbBackend::Postgres => postgres::write(db, entry).await,
        _ => sqlite::write(db, entry).await,
    }
}

/// Posts that readers may find, the best first, and how many there are of them, counted up to [`MOST`].
pub async fn ranked<C: ConnectionTrait>(
    db: &C,
    query: &Query,
    offset: u64,
    limit: u64,
) -> Result<(Vec<Uuid>, u64), DbErr> {
    if query.is_empty() || offset >= MOST {
        return Ok((Vec::new(), 0));
    }
    let rows = match db.get_database_backend() {
        DbBackend::Postgres => db.query_all_raw(postgres::ranked(query, offset, limit)).await?,
        _ => db.query_all_raw(sqlite::ranked(query, offset, limit)).await?,
    };
    let mut total = 0_i64;
    let mut ids = Vec::with_capacity(rows.len());
    for row in rows {
        // Words without a post are those of an index that is about to be made anew.
        let (Some(id), all) = row.try_get_many_by_index::<(Option<Uuid>, i64)>()? else { continue };
        total = all;
        ids.push(id);
    }
    Ok((ids, total.unsigned_abs()))
}

/// The ids of all posts with these words, whatever their status; of none where there is no word to look for.
pub fn found(backend: DbBackend, query: &Query) -> SelectStatement {
    match backend {
        DbBackend::Postgres => postgres::found(query),
        _ => sqlite::found(query),
    }
}

/// Puts into the index what is not there: everything, in a database from before there was one.
pub async fn complete(db: &Database) -> Result<usize, DbErr> {
    let entries =
        db.readers.query_one(&Sql::select().column("post_id").from("search_entry").limit(1).to_owned()).await?;
    if entries.is_none() && db.writer.get_database_backend() == DbBackend::Sqlite {
        sqlite::clear(&db.writer).await?;
    }
    let mut done = 0;
    loop {
        let rows = missing(&db.readers).await?;
        if rows.is_empty() {
            return Ok(done);
        }
        let txn = begin_write(&db.writer).await?;
        for row in &rows {
            write(&txn, &Entry::of(row)).await?;
        }
        txn.commit().await?;
        done += rows.len();
        if done % 10_000 == 0 {
            tracing::info!("{done} posts are in the search index");
        }
    }
}

async fn missing<C: ConnectionTrait>(db: &C) -> Result<Vec<post::Model>, DbErr> {
    let there = Sql::select()
        .column(("search_entry", "post_id"))
        .from("search_entry")
        .and_where(Expr::col(("search_entry", "post_id")).equals(("post", "id")))
        .to_owned();
    post::Entity::find().filter(Expr::not_exists(there)).order_by_asc(post::Column::Id).limit(BATCH).all(db).await
}
