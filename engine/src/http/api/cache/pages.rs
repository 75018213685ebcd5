//! What is stored: numbers, pages, tags.

use std::{cmp::Reverse, collections::BTreeMap, sync::atomic::Ordering};

use actix_web::{
    get,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    cache::{
        pages::Pages,
        state::{
            Millis,
            inspect::{PageInfo, PageState},
        },
    },
    content::{change::Revision, library::PageOf},
    http::{
        api::engine::inspect,
        auth::{Caller, permit::Can},
        desk::Desk,
        input::Params,
        problem::Outcome,
    },
};

/// How many items a list holds when nobody asks for another number, and at most.
const USUAL: usize = 50;
const MOST: usize = 1_000;

#[derive(Debug, Serialize, ToSchema)]
struct CacheSummary {
    #[schema(value_type = i64)]
    revision: Revision,
    pages: usize,
    fresh: usize,
    stale: usize,
    expired: usize,
    rendering: usize,
    failed: usize,
    /// Addresses at which nothing was found.
    not_found: usize,
    /// Since the server started, like the two below.
    hits: u64,
    misses: u64,
    renders: u64,
    /// Of bodies in memory.
    bytes: usize,
}

/// One page.
#[derive(Debug, Serialize, ToSchema)]
pub struct CachePage {
    /// With the query keys that are part of it.
    pub path: String,
    pub route: Option<String>,
    pub state: State,
    /// What readers are answered with.
    pub status: Option<u16>,
    /// Everything it shows is known to be as of this revision.
    #[schema(value_type = Option<i64>)]
    pub revision: Option<Revision>,
    /// Seconds since it was made.
    pub age: Option<i64>,
    /// Seconds until it is stale; null: until something it shows changes.
    pub life_left: Option<i64>,
    /// Since the server started.
    pub renders: u32,
    /// Of the last render.
    pub render_ms: Option<u32>,
    pub last_cause: String,
    /// Why it could not be made when that was last tried, with the template's file and line where it is the template's fault.
    pub last_error: Option<String>,
    /// Of each encoding in memory, or of all of them on the shelf.
    pub bytes: BTreeMap<&'static str, usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Fresh,
    Stale,
    Expired,
    Rendering,
    Failed,
    /// A route makes it, but it is not stored.
    Absent,
    /// Made for each reader, stored never.
    Dynamic,
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    state: Option<State>,
    /// Part of the path.
    q: Option<String>,
    /// 50 when it is left out, at most 1,000.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TagQuery {
    /// Part of the tag.
    q: Option<String>,
    /// 50 when it is left out, at most 1,000.
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CacheTagCount {
    tag: String,
    /// How many pages carry it.
    pages: usize,
}

#[utoipa::path(tag = "cache", responses((status = 200, body = CacheSummary)))]
#[get("/cache/summary")]
pub async fn get_cache_summary(desk: Data<Desk>, caller: Caller) -> Outcome<Json<CacheSummary>> {
    caller.may(Can::WatchCache)?;
    let summary = inspect(&desk, |state, now| state.summary(now)).await?;
    Ok(Json(CacheSummary {
        revision: summary.revision,
        pages: summary.pages,
        fresh: summary.fresh,
        stale: summary.stale,
        expired: summary.expired,
        rendering: summary.rendering,
        failed: summary.failed,
        not_found: summary.not_found,
        hits: desk.pages.hits.load(Ordering::Relaxed),
        misses: desk.pages.misses.load(Ordering::Relaxed),
        renders: summary.renders,
        bytes: summary.bytes,
    }))
}

/// By path.
#[utoipa::path(tag = "cache", params(PageQuery), responses((status = 200, body = PageOf<CachePage>)))]
#[get("/cache/pages")]
pub async fn list_cache_pages(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<PageQuery>,
) -> Outcome<Json<PageOf<CachePage>>> {
    caller.may(Can::WatchCache)?;
    let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
    let (pages, total, now) = inspect(&desk, move |state, now| {
        let mut pages = state.pages(now);
        pages.retain(|page| query.wants(page));
        let total = pages.len();
        pages.retain(|page| query.cursor.as_deref().is_none_or(|cursor| page.key.as_str() > cursor));
        pages.truncate(limit + 1);
        (pages, total, now)
    })
    .await?;
    let more = pages.len() > limit;
    let items: Vec<_> = pages.into_iter().take(limit).map(|page| CachePage::of(&page, &desk.pages, now)).collect();
    let next = items.last().filter(|_| more).map(|page| page.path.clone());
    Ok(Json(PageOf { items, next, total: u64::try_from(total).unwrap_or(u64::MAX) }))
}

/// Those on the most pages first.
#[utoipa::path(tag = "cache", params(TagQuery), responses((status = 200, body = PageOf<CacheTagCount>)))]
#[get("/cache/tags")]
pub async fn list_cache_tags(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<TagQuery>,
) -> Outcome<Json<PageOf<CacheTagCount>>> {
    caller.may(Can::WatchCache)?;
    let tags = inspect(&desk, |state, _| state.tags()).await?;
    let wanted = query.q.unwrap_or_default();
    let mut items: Vec<_> = tags
        .into_iter()
        .filter(|(tag, _)| tag.as_str().contains(&wanted))
        .map(|(tag, pages)| CacheTagCount { tag: tag.to_string(), pages })
        .collect();
    items.sort_by_key(|tag| Reverse(tag.pages));
    let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
    items.truncate(query.limit.unwrap_or(USUAL).clamp(1, MOST));
    Ok(Json(PageOf { items, next: None, total }))
}

impl PageQuery {
    fn wants(&self, page: &PageInfo) -> bool {
        self.state.is_none_or(|state| state == page.state.into())
            && self.q.as_deref().is_none_or(|q| page.key.as_str().contains(q))
    }
}

impl CachePage {
    pub fn of(info: &PageInfo, pages: &Pages, now: Millis) -> Self {
        let facts = info.facts.as_ref();
        Self {
            path: info.key.to_string(),
            route: facts.map(|facts| facts.route.clone()),
            state: info.state.into(),
            status: facts.map(|facts| facts.status),
            revision: facts.map(|facts| facts.revision),
            age: facts.map(|facts| (now - facts.made_at).max(0) / 1000),
            life_left: facts.and_then(|facts| facts.fresh_until).map(|until| (until - now).max(0) / 1000),
            renders: info.renders,
            render_ms: facts.map(|facts| facts.took_ms),
            last_cause: info.last_cause.clone(),
            last_error: info.last_error.clone(),
            bytes: match pages.get(info.key.as_str()) {
                Some(page) if info.in_memory => {
                    let body = &page.document.body;
                    let coded = [("gzip", &body.gzip), ("br", &body.br), ("zstd", &body.zstd)];
                    let coded = coded.into_iter().filter_map(|(name, body)| Some((name, body.as_ref()?.len())));
                    [("identity", body.identity.len())].into_iter().chain(coded).collect()
                }
                _ => facts.map(|facts| ("shelf", facts.bytes)).into_iter().collect(),
            },
        }
    }
}

impl From<PageState> for State {
    fn from(state: PageState) -> Self {
        match state {
            PageState::Fresh => Self::Fresh,
            PageState::Stale => Self::Stale,
            PageState::Expired => Self::Expired,
            PageState::Rendering => Self::Rendering,
            PageState::Failed => Self::Failed,
            PageState::Absent => Self::Absent,
        }
    }
}
