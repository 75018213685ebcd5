//! Lists: which posts a filter lets through, in which order, on which page.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    AskError, Tags, cards,
    post::whole,
    scope::{Scope, Sort},
    site,
};
use crate::{
    content::{
        read::{Answer, Dated, Fields, Filter, Limit, Order, PageNumber, Window},
        span::{Position, Span},
        tag::CacheTag,
    },
    model::post::{self, Kind},
};

pub(super) async fn window<C: ConnectionTrait>(
    db: &C,
    window: &Window,
    tags: &mut Tags,
    span: &mut Span,
) -> Result<Answer, AskError> {
    let kind = window.filter.kind.as_str();
    match (window.page, window.order) {
        (PageNumber::FromFirst(_), Order::Title) => tags.insert(CacheTag::titles(kind)),
        (PageNumber::FromFirst(_), Order::RecentlyUpdated) => tags.insert(CacheTag::updates(kind)),
        _ => false,
    };
    let limit = length(db, window.limit, tags).await?;
    let ids = match Scope::of(db, &window.filter, tags).await? {
        Some(scope) => members(db, &scope, window, limit, span).await?,
        None => Vec::new(),
    };
    Ok(match window.fields {
        Fields::Card => Answer::Cards(cards::of(db, &ids, tags).await?.into_iter().map(Arc::new).collect()),
        Fields::Dates => Answer::Dates(dates(db, &ids, tags).await?),
        Fields::Full => Answer::Posts(whole(db, &ids, tags).await?),
    })
}

pub(super) async fn total<C: ConnectionTrait>(db: &C, filter: &Filter, tags: &mut Tags) -> Result<u64, DbErr> {
    let scope = Scope::of(db, filter, tags).await?;
    count(db, scope.as_ref()).await
}

pub(super) async fn around<C: ConnectionTrait>(
    db: &C,
    window: &Window,
    tags: &mut Tags,
    span: &mut Span,
) -> Result<Answer, AskError> {
    let limit = length(db, window.limit, tags).await?;
    // A tag that does not exist is answered as one that nobody carries: that it is made is told to nobody.
    let scope = Scope::of(db, &window.filter, tags).await?;
    let scope = scope.as_ref();
    let (prev, next) = match window.page {
        PageNumber::FromFirst(page) => {
            let page = page.max(1);
            let more = nth(db, scope, Sort::Newest, u64::from(page) * limit).await?;
            span.oldest = more; // What is older cannot move it from its place.
            ((page > 1).then(|| page - 1), more.map(|_| page + 1))
        }
        PageNumber::FromOldest(Some(page)) => {
            let page = page.max(1);
            // A newer page exists when two full ones lie above the older pages: fewer posts make one newest page.
            let newer = nth(db, scope, Sort::Oldest, (u64::from(page) + 1) * limit - 1).await?;
            span.newest = newer;
            (newer.map(|_| page + 1), (page > 1).then(|| page - 1))
        }
        PageNumber::FromOldest(None) => {
            let newest = u32::try_from(count(db, scope).await? / limit).unwrap_or(u32::MAX);
            (None, (newest > 1).then(|| newest - 1))
        }
    };
    Ok(Answer::Around { prev, next })
}

/// Posts on a page, at least one.
async fn length<C: ConnectionTrait>(db: &C, limit: Limit, tags: &mut Tags) -> Result<u64, AskError> {
    let posts = match limit {
        Limit::Posts(posts) => posts.into(),
        Limit::Site => site::setting(db, "posts_per_page", tags).await?.and_then(|posts| posts.as_u64()).unwrap_or(1),
    };
    Ok(posts.max(1))
}

/// The ids of a window's posts, in the order they are shown.
async fn members<C: ConnectionTrait>(
    db: &C,
    scope: &Scope,
    window: &Window,
    limit: u64,
    span: &mut Span,
) -> Result<Vec<Uuid>, DbErr> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let before = |page: u32| u64::from(page.max(1) - 1) * limit;
    match window.page {
        PageNumber::FromFirst(page) => {
            let sort = Sort::of(window.order);
            let found = positions(db, scope, sort, before(page), limit).await?;
            // What comes or goes behind the last of a full window moves nothing in it.
            let last = found.last().filter(|_| found.len() == most).copied();
            match sort {
                Sort::Newest => span.oldest = last,
                Sort::Oldest => span.newest = last,
                Sort::Title | Sort::Updated => {}
            }
            Ok(found.iter().map(|position| position.id).collect())
        }
        PageNumber::FromOldest(None) => {
            let total = count(db, Some(scope)).await?;
            let size = if total < limit { total } else { limit + total % limit };
            let found = positions(db, scope, Sort::Newest, 0, size).await?;
            Ok(found.iter().map(|position| position.id).collect())
        }
        PageNumber::FromOldest(Some(page)) => {
            let mut found = positions(db, scope, Sort::Oldest, before(page), 2 * limit).await?;
            match found.len() {
                // Less than a page is left over: it belongs to the page before, if there is one.
                count if count < most && page > 1 => found.clear(),
                count if count >= most.saturating_mul(2) => {
                    span.newest = found.last().copied();
                    found.truncate(most);
                }
                _ => {}
            }
            Ok(found.iter().rev().map(|position| position.id).collect())
        }
    }
}

/// Posts of a list from one place on. By title or update, what they say of dates is without meaning.
async fn positions<C: ConnectionTrait>(
    db: &C,
    scope: &Scope,
    sort: Sort,
    offset: u64,
    limit: u64,
) -> Result<Vec<Position>, DbErr> {
    let mut query = scope.positions(sort);
    let rows = db.query_all(query.offset(offset).limit(limit)).await?;
    rows.iter()
        .map(|row| {
            let (id, published_at) = row.try_get_many_by_index()?;
            Ok(Position { published_at, id })
        })
        .collect()
}

async fn count<C: ConnectionTrait>(db: &C, scope: Option<&Scope>) -> Result<u64, DbErr> {
    let Some(scope) = scope else { return Ok(0) };
    let row = db.query_one(&scope.count()).await?;
    let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    Ok(count.unsigned_abs())
}

/// The post of a list that has this many before it.
async fn nth<C: ConnectionTrait>(
    db: &C,
    scope: Option<&Scope>,
    sort: Sort,
    offset: u64,
) -> Result<Option<Position>, DbErr> {
    let Some(scope) = scope else { return Ok(None) };
    Ok(positions(db, scope, sort, offset, 1).await?.pop())
}

#[derive(DerivePartialModel)]
#[sea_orm(entity = "post::Entity")]
struct Row {
    id: Uuid,
    kind: Kind,
    slug: String,
    path: Option<String>,
    published_at: Option<i64>,
    updated_at: i64,
    feature_image: Option<String>,
}

async fn dates<C: ConnectionTrait>(db: &C, ids: &[Uuid], tags: &mut Tags) -> Result<Vec<Dated>, DbErr> {
    let mut dates = Vec::with_capacity(ids.len());
    for ids in ids.chunks(cards::BATCH) {
        let rows: Vec<Row> = post::Entity::find()
            .filter(post::Column::Id.is_in(ids.iter().copied()))
            .into_partial_model()
            .all(db)
            .await?;
        let post_tags = cards::links(db, &cards::TAGS, ids).await?;
        let post_authors = cards::links(db, &cards::AUTHORS, ids).await?;
        let mut found: HashMap<Uuid, Dated> = HashMap::with_capacity(rows.len());
        for row in rows {
            let tag = post_tags.get(&row.id).and_then(|terms| terms.first());
            let author = post_authors.get(&row.id).and_then(|terms| terms.first());
            tags.insert(CacheTag::post(row.id));
            tags.extend(tag.map(|tag| CacheTag::tag(tag.id)));
            tags.extend(author.map(|author| CacheTag::author(author.id)));
            let dated = Dated {
                id: row.id,
                kind: row.kind,
                slug: row.slug,
                path: row.path,
                published_at: row.published_at.unwrap_or_default(),
                updated_at: row.updated_at,
                image: row.feature_image,
                primary_tag: tag.map(|tag| tag.slug.clone()),
                primary_author: author.map(|author| author.slug.clone()),
            };
            found.insert(dated.id, dated);
        }
        dates.extend(ids.iter().filter_map(|id| found.remove(id)));
    }
    Ok(dates)
}
