//! Why a page is what it is: its state, its tags, and every question it asked.

use std::collections::BTreeMap;

use actix_web::{
    get,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::pages::{CachePage, State};
use crate::{
    http::{
        api::engine::inspect,
        auth::{Caller, permit::Can},
        desk::Desk,
        input::Params,
        path::{Canonical, canonical},
        problem::{ApiError, Outcome},
    },
    render::key::PageKey,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExplainQuery {
    /// Such as `/hello/`, with the query keys that are part of the page.
    path: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct Explanation {
    #[serde(flatten)]
    page: CachePage,
    /// Of its identity encoding.
    etag: Option<String>,
    /// Everything that makes it a candidate for being made again.
    tags: Vec<String>,
    /// In the order in which it asked.
    reads: Vec<ExplainedRead>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExplainedRead {
    /// Such as `post`, `posts`, `menu`, `template`.
    kind: &'static str,
    /// As a template would write it.
    query: String,
    tags: Vec<String>,
}

#[utoipa::path(tag = "cache", params(ExplainQuery), responses((status = 200, body = Explanation)))]
#[get("/cache/explain")]
pub async fn explain_page(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<ExplainQuery>,
) -> Outcome<Json<Explanation>> {
    caller.may(Can::WatchCache)?;
    let key = key(&query.path).ok_or(ApiError::NoRoute)?;
    let asked = key.clone();
    let (info, tags, reads, now) =
        inspect(&desk, move |state, now| (state.page(&asked, now), state.tags_of(&asked), state.reads_of(&asked), now))
            .await?;
    let (page, etag) = match info {
        Some(info) => {
            let etag = info.facts.as_ref().map(|facts| format!("\"{}\"", facts.hash));
            let page = CachePage::of(&info, &desk.pages, now);
            let route = page.route.clone().or_else(|| unstored(&desk, &key).ok()?.route);
            (CachePage { route, ..page }, etag)
        }
        None => (unstored(&desk, &key)?, None),
    };
    Ok(Json(Explanation {
        page,
        etag,
        tags: tags.iter().map(ToString::to_string).collect(),
        reads: reads
            .iter()
            .map(|(question, tags)| ExplainedRead {
                kind: question.kind(),
                query: question.to_string(),
                tags: tags.iter().map(ToString::to_string).collect(),
            })
            .collect(),
    }))
}

/// A page that only a route knows.
fn unstored(desk: &Desk, key: &PageKey) -> Outcome<CachePage> {
    let stage = desk.pages.stage();
    let (route, _) = stage.theme.routes.matching(key.path()).next().ok_or(ApiError::NoRoute)?;
    let dynamic = route.is_dynamic() || desk.pages.live().is_dynamic(key);
    Ok(CachePage {
        path: key.to_string(),
        route: Some(route.name.clone()),
        state: if dynamic { State::Dynamic } else { State::Absent },
        status: None,
        revision: None,
        age: None,
        life_left: None,
        renders: 0,
        render_ms: None,
        last_cause: String::new(),
        last_error: None,
        bytes: BTreeMap::new(),
    })
}

/// The page's key, however its path is spelled.
fn key(path: &str) -> Option<PageKey> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let Canonical::Path(path) = canonical(path) else { return None };
    Some(PageKey::with_query(&path, PageKey::of_path(&format!("?{query}")).query()))
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn a_path_is_understood_however_it_is_spelled() {
        let of = |path: &str| key(path).map(|key| key.to_string());
        assert_eq!(of("/caf%C3%A9/").as_deref(), Some("/café/"));
        assert_eq!(of("/search?q=a%20b&page=2").as_deref(), Some("/search?page=2&q=a%20b"));
        assert_eq!(of("hello"), None);
    }
}
