//! Redirects, how often they were used, and the paths at which readers found nothing.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{LibraryError, ListQuery, PageOf, has_words, page};
use crate::{
    content::{
        ask::rules,
        rule::{GONE, MOST_STEPS},
        time::Time,
    },
    model::{
        missing,
        redirect::{self, Matching, Origin},
        redirect_hit,
    },
};

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RedirectDoc {
    /// A path, `/folder/*`, or a pattern such as `/{year}/{slug}/`.
    pub from: String,
    /// Empty with status 410.
    pub to: String,
    pub status: u16,
    pub kind: Origin,
    pub matching: Matching,
    /// How often readers were led on. Counted with a delay of seconds.
    pub hits: i64,
    pub last_hit: Option<Time>,
}

/// A path at which readers found nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MissingDoc {
    pub path: String,
    pub hits: i64,
    pub first_seen: Time,
    pub last_seen: Time,
}

/// A redirect that a path falls under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// The redirect's own path or pattern.
    pub from: String,
    /// Where it leads this path; empty where it says that it is gone.
    pub to: String,
    pub status: u16,
    pub matching: Matching,
}

impl RedirectDoc {
    /// Leads one path somewhere.
    pub fn is_of_one_path(&self) -> bool {
        self.matching == Matching::Exact && self.status != GONE
    }
}

/// By the path that is left.
pub async fn redirects<C: ConnectionTrait>(db: &C, query: &ListQuery) -> Result<PageOf<RedirectDoc>, LibraryError> {
    let words = |column: redirect::Column| has_words(column.into_expr(), query.q.as_deref());
    let found = words(redirect::Column::FromPath).zip(words(redirect::Column::ToPath));
    let mut all = redirect::Entity::find();
    if let Some((from, to)) = found {
        all = all.filter(from.or(to));
    }
    let total = all.clone().count(db).await?;
    if let Some(from) = &query.cursor {
        all = all.filter(redirect::Column::FromPath.gt(from));
    }
    let rows = all.order_by_asc(redirect::Column::FromPath).limit(query.limit() + 1).all(db).await?;
    let named = rows.iter().map(|row| row.from_path.as_str());
    let hits = redirect_hit::Entity::find().filter(redirect_hit::Column::FromPath.is_in(named)).all(db).await?;
    let hits: HashMap<String, (i64, i64)> =
        hits.into_iter().map(|row| (row.from_path, (row.hits, row.last_at))).collect();
    Ok(page(
        rows,
        query.limit(),
        total,
        |row| row.from_path.clone(),
        |row| {
            let used = hits.get(&row.from_path);
            RedirectDoc {
                status: status(&row),
                kind: row.kind,
                matching: row.matching,
                hits: used.map_or(0, |(hits, _)| *hits),
                last_hit: used.map(|(_, at)| Time(*at)),
                from: row.from_path,
                to: row.to_path,
            }
        },
    ))
}

/// Those that were asked for most often first.
pub async fn missing<C: ConnectionTrait>(db: &C, query: &ListQuery) -> Result<PageOf<MissingDoc>, LibraryError> {
    let mut all = missing::Entity::find();
    if let Some(found) = has_words(missing::Column::Path.into_expr(), query.q.as_deref()) {
        all = all.filter(found);
    }
    let total = all.clone().count(db).await?;
    if let Some(cursor) = &query.cursor {
        let (hits, path) = cursor.split_once('~').ok_or(LibraryError::BadCursor)?;
        let hits: i64 = hits.parse().map_err(|_| LibraryError::BadCursor)?;
        let row = Expr::tuple([missing::Column::Hits.into_expr(), missing::Column::Path.into_expr()]);
        all = all.filter(row.lt(Expr::tuple([Expr::value(hits), Expr::value(path)])));
    }
    let rows = all
        .order_by_desc(missing::Column::Hits)
        .order_by_desc(missing::Column::Path)
        .limit(query.limit() + 1)
        .all(db)
        .await?;
    Ok(page(
        rows,
        query.limit(),
        total,
        |row| format!("{}~{}", row.hits, row.path),
        |row| MissingDoc {
            path: row.path,
            hits: row.hits,
            first_seen: Time(row.first_at),
            last_seen: Time(row.last_at),
        },
    ))
}

/// The redirects that one follows from a path, in their order, if nothing else is there.
pub async fn followed<C: ConnectionTrait>(db: &C, path: &str) -> Result<Vec<Step>, LibraryError> {
    let rules = rules(db).await?;
    let (mut at, mut steps) = (path.to_owned(), Vec::new());
    while steps.len() < MOST_STEPS && at.starts_with('/') {
        let exact = redirect::Entity::find_by_id(at.as_str()).one(db).await?;
        let exact = exact.filter(|row| row.matching == Matching::Exact);
        let step = match (exact, rules.lead(&at)) {
            (Some(row), _) => {
                Step { status: status(&row), from: row.from_path, to: row.to_path, matching: row.matching }
            }
            (None, Some(led)) => Step {
                from: led.rule.from.clone(),
                to: led.to(str::to_owned),
                status: led.rule.status,
                matching: crate::content::rule::matching(&led.rule.from),
            },
            (None, None) => break,
        };
        at.clone_from(&step.to);
        steps.push(step);
    }
    Ok(steps)
}

fn status(row: &redirect::Model) -> u16 {
    u16::try_from(row.status).unwrap_or(308)
}
