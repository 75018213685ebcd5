//! The list of posts: filtered, searched, sorted, page by page.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    LibraryError, PageOf, cursor, limit,
    overlay::Overlay,
    page,
    post::{PostSummary, Row},
    read_cursor,
};
use crate::{
    content::{permalink::Permalinks, read::Kind, search},
    model::post::{self, Status},
};

/// Which posts to show. The trash is shown when it is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PostQuery {
    pub status: Option<Status>,
    pub kind: Option<Kind>,
    /// The slug of a tag.
    pub tag: Option<String>,
    /// The slug of an author.
    pub author: Option<String>,
    pub featured: Option<bool>,
    /// Words to look for in title, slug and text; the last one may be the beginning of a word.
    pub q: Option<String>,
    pub sort: PostSort,
    /// 50 when it is left out, at most 1,000.
    pub limit: Option<u64>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
    /// Only what somebody had a hand in.
    #[serde(skip)]
    pub by: Option<Hand>,
}

/// Whoever made a post, or is one of its authors.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    pub user: Option<Uuid>,
    /// The user's profile.
    pub author: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum PostSort {
    #[default]
    #[serde(rename = "-updated_at")]
    UpdatedLast,
    #[serde(rename = "updated_at")]
    UpdatedFirst,
    /// What is not published yet comes before the newest.
    #[serde(rename = "-published_at")]
    PublishedLast,
    #[serde(rename = "published_at")]
    PublishedFirst,
    #[serde(rename = "title")]
    Title,
    #[serde(rename = "-title")]
    TitleBackwards,
}

/// One page of posts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PostPage {
    pub items: Vec<PostSummary>,
    /// What to ask for as `cursor` to go on; absent on the last page.
    pub next: Option<String>,
    /// How many there are on all pages.
    pub total: u64,
    /// How many there are of each status, whatever status is asked for.
    pub counts: StatusCounts,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatusCounts {
    pub draft: u64,
    pub in_review: u64,
    pub scheduled: u64,
    pub published: u64,
    pub trashed: u64,
}

pub async fn posts<C: ConnectionTrait>(
    db: &C,
    permalinks: &Permalinks,
    query: &PostQuery,
) -> Result<PostPage, LibraryError> {
    let counts = counts(db, query).await?;
    let total = match query.status {
        Some(status) => counts.of(status),
        None => counts.draft + counts.in_review + counts.scheduled + counts.published,
    };
    let (limit, order) = (limit(query.limit), query.order());
    let mut rows = post::Entity::find()
        .filter(query.condition(db.get_database_backend()))
        .filter(match query.status {
            Some(status) => post::Column::Status.eq(status),
            None => post::Column::Status.ne(Status::Trashed),
        })
        .order_by(query.key(), order.clone())
        .order_by(post::Column::Id, order.clone())
        .limit(limit + 1);
    if let Some(cursor) = &query.cursor {
        rows = rows.filter(query.beyond(cursor, order)?);
    }
    let rows: Vec<Row> = rows.into_partial_model().all(db).await?;
    let overlay = Overlay::of(db, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let PageOf { items, next, total } =
        page(rows, limit, total, |row| query.cursor_of(row), |row| row.summary(&overlay, permalinks));
    Ok(PostPage { items, next, total, counts })
}

impl PostQuery {
    /// All filters but the status.
    fn condition(&self, backend: DbBackend) -> Condition {
        let asked = self.q.as_deref().filter(|q| !q.trim().is_empty());
        let carries = |slug: &str, link, column, term| post::Column::Id.in_subquery(carriers(slug, link, column, term));
        Condition::all()
            .add_option(self.kind.map(|kind| post::Column::Kind.eq(kind)))
            .add_option(self.featured.map(|yes| post::Column::Featured.eq(yes)))
            .add_option(self.tag.as_deref().map(|slug| carries(slug, "post_tag", "tag_id", "tag")))
            .add_option(self.author.as_deref().map(|slug| carries(slug, "post_author", "author_id", "author")))
            .add_option(self.by.map(Hand::made))
            .add_option(asked.map(|q| post::Column::Id.in_subquery(search::found(backend, &search::Query::parse(q)))))
    }

    fn order(&self) -> Order {
        match self.sort {
            PostSort::UpdatedLast | PostSort::PublishedLast | PostSort::TitleBackwards => Order::Desc,
            PostSort::UpdatedFirst | PostSort::PublishedFirst | PostSort::Title => Order::Asc,
        }
    }

    fn key(&self) -> SimpleExpr {
        match self.sort {
            PostSort::UpdatedLast | PostSort::UpdatedFirst => post::Column::EditedAt.into_expr(),
            PostSort::Title | PostSort::TitleBackwards => post::Column::TitleKey.into_expr(),
            PostSort::PublishedLast | PostSort::PublishedFirst if self.status == Some(Status::Published) => {
                post::Column::PublishedAt.into_expr()
            }
            PostSort::PublishedLast | PostSort::PublishedFirst => {
                Func::coalesce([post::Column::PublishedAt.into_expr(), Expr::value(NOT_YET)]).into()
            }
        }
    }

    fn cursor_of(&self, row: &Row) -> String {
        match self.sort {
            PostSort::UpdatedLast | PostSort::UpdatedFirst => cursor(row.id, row.edited_at),
            PostSort::Title | PostSort::TitleBackwards => cursor(row.id, &row.title_key),
            PostSort::PublishedLast | PostSort::PublishedFirst => cursor(row.id, row.published_at.unwrap_or(NOT_YET)),
        }
    }

    fn beyond(&self, cursor: &str, order: Order) -> Result<SimpleExpr, LibraryError> {
        let (id, key) = read_cursor(cursor)?;
        let key = match self.sort {
            PostSort::Title | PostSort::TitleBackwards => Expr::value(key),
            _ => Expr::value(key.parse::<i64>().map_err(|_| LibraryError::BadCursor)?),
        };
        let here = Expr::tuple([key, Expr::value(id)]);
        let row = Expr::tuple([self.key(), post::Column::Id.into_expr()]);
        Ok(if order == Order::Desc { row.lt(here) } else { row.gt(here) })
    }
}

impl Hand {
    pub(super) fn made(self) -> Condition {
        let named = |author: Uuid| {
            let posts = Query::select()
                .column("post_id")
                .from("post_author")
                .and_where(Expr::col("author_id").eq(author))
                .to_owned();
            post::Column::Id.in_subquery(posts)
        };
        Condition::any()
            .add(Expr::value(false))
            .add_option(self.user.map(|user| post::Column::CreatedBy.eq(user)))
            .add_option(self.author.map(named))
    }
}

/// A moment after all others, for what is not published yet.
const NOT_YET: i64 = i64::MAX;

fn carriers(slug: &str, link: &'static str, column: &'static str, term: &'static str) -> SelectStatement {
    Query::select()
        .column((link, "post_id"))
        .from(link)
        .inner_join(term, Expr::col((term, "id")).equals((link, column)))
        .and_where(Expr::col((term, "slug")).eq(slug))
        .to_owned()
}

async fn counts<C: ConnectionTrait>(db: &C, query: &PostQuery) -> Result<StatusCounts, LibraryError> {
    let rows: Vec<(Status, i64)> = post::Entity::find()
        .select_only()
        .column(post::Column::Status)
        .column_as(post::Column::Id.count(), "count")
        .filter(query.condition(db.get_database_backend()))
        .group_by(post::Column::Status)
        .into_tuple()
        .all(db)
        .await?;
    let mut counts = StatusCounts::default();
    for (status, count) in rows {
        *counts.of_mut(status) = count.unsigned_abs();
    }
    Ok(counts)
}

impl StatusCounts {
    fn of(mut self, status: Status) -> u64 {
        *self.of_mut(status)
    }

    fn of_mut(&mut self, status: Status) -> &mut u64 {
        match status {
            Status::Draft => &mut self.draft,
            Status::InReview => &mut self.in_review,
            Status::Scheduled => &mut self.scheduled,
            Status::Published => &mut self.published,
            Status::Trashed => &mut self.trashed,
        }
    }
}
