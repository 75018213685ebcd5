//! Demands for new pages, from programs and from the admin.

use actix_web::{
    HttpResponse,
    http::header::{HeaderName, HeaderValue},
    post,
    web::Data,
};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::plan::{Plan, Wish, plan};
use crate::{
    cache::{keeper::Refresh, state::Answer},
    content::{
        change::{Demand, Mode, Revision},
        command::revalidate::Revalidate,
        error::StoreError,
    },
    http::{
        api::engine::{apply, inspect},
        auth::{Caller, permit::Can},
        desk::Desk,
        input::Body,
        problem::Outcome,
    },
    render::key::PageKey,
};

/// How many tags, and how many paths, one request may name, and a dry run's answer.
const MOST: usize = 1_000;

/// Which pages, and what happens to them. At least one tag or path.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevalidateRequest {
    #[serde(default)]
    tags: Vec<String>,
    /// Concrete paths, and patterns of routes as the theme writes them.
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default, rename = "type")]
    reach: Reach,
    #[serde(default)]
    mode: RevalidateMode,
    /// With mode `refresh`: leave alone what is not stored.
    #[serde(default)]
    only_if_generated: bool,
    /// Change nothing; say which pages it would be.
    #[serde(default)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Reach {
    #[default]
    Page,
    /// Everything below the paths too.
    Subtree,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RevalidateMode {
    /// The next reader waits for the new page.
    #[default]
    Expire,
    /// The next reader gets the old page while the new one is made.
    Stale,
    /// Made at once; readers keep the old page meanwhile.
    Refresh,
}

#[derive(Debug, Serialize, ToSchema)]
struct Revalidated {
    revalidated: bool,
    #[schema(value_type = i64)]
    revision: Revision,
    /// How many stored pages are concerned.
    pages: usize,
    /// Of a dry run: the first 1,000 of them, by path.
    #[serde(skip_serializing_if = "Option::is_none")]
    paths: Option<Vec<String>>,
    /// What was left out, and why.
    warnings: Vec<String>,
    /// With mode `refresh`.
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<Refreshed>>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Refreshed {
    path: String,
    state: RefreshState,
    /// Why it failed. Readers keep the last good page.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RefreshState {
    Fresh,
    Failed,
    NotGenerated,
}

#[utoipa::path(
    tag = "cache",
    request_body = RevalidateRequest,
    responses((status = 200, body = Revalidated))
)]
#[post("/revalidate")]
pub async fn revalidate(
    desk: Data<Desk>,
    caller: Caller,
    Body(asked): Body<RevalidateRequest>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::Revalidate)?;
    if asked.tags.is_empty() && asked.paths.is_empty() {
        return Err(StoreError::invalid("paths", "Name at least one path or tag.").into());
    }
    for (field, named) in [("tags", &asked.tags), ("paths", &asked.paths)] {
        if named.len() > MOST {
            return Err(
                StoreError::invalid(field, format!("Name at most {MOST}; send the rest in other requests.")).into()
            );
        }
    }
    let wish = Wish { tags: &asked.tags, paths: &asked.paths, subtree: asked.reach == Reach::Subtree };
    let plan = plan(&wish, &desk.pages.stage().theme.routes);
    if asked.dry_run {
        let whole = asked.mode == RevalidateMode::Refresh && !asked.only_if_generated;
        return foretell(&desk, plan, whole).await;
    }
    let mode = match asked.mode {
        RevalidateMode::Refresh => return refresh(&desk, plan, asked.only_if_generated).await,
        RevalidateMode::Expire => Mode::Expire,
        RevalidateMode::Stale => Mode::Stale,
    };
    let Plan { tags, subtrees, warnings, .. } = plan;
    let (revision, pages) = if tags.is_empty() && subtrees.is_empty() {
        (inspect(&desk, |state, _| state.revision()).await?, 0)
    } else {
        let command = Revalidate { tags, demand: Demand { mode, subtrees } };
        let revision = apply(&desk, who, command).await?.change.map_or(0, |change| change.revision);
        (revision, inspect(&desk, move |state, _| state.meant_by(revision)).await?)
    };
    let answer = Revalidated { revalidated: true, revision, pages, paths: None, warnings, results: None };
    Ok(HttpResponse::Ok().json(answer))
}

/// Which pages it would be, and nothing else. `whole`: those that are not stored, too.
async fn foretell(desk: &Desk, plan: Plan, whole: bool) -> Outcome<HttpResponse> {
    let mut keys = concerned(desk, &plan).await?;
    if whole {
        add_named(&mut keys, &plan);
    }
    keys.sort_unstable();
    let pages = keys.len();
    let paths = Some(keys.iter().take(MOST).map(ToString::to_string).collect());
    let revision = inspect(desk, |state, _| state.revision()).await?;
    let answer = Revalidated { revalidated: false, revision, pages, paths, warnings: plan.warnings, results: None };
    Ok(HttpResponse::Ok().json(answer))
}

async fn concerned(desk: &Desk, plan: &Plan) -> Outcome<Vec<PageKey>> {
    let (tags, subtrees) = (plan.tags.clone(), plan.subtrees.clone());
    inspect(desk, move |state, _| state.demanded_by(&tags, &subtrees)).await
}

/// Adds the pages that were named themselves and are not stored.
fn add_named(keys: &mut Vec<PageKey>, plan: &Plan) {
    for path in &plan.paths {
        if !keys.iter().any(|key| key.path() == path) {
            keys.push(PageKey::of_path(path));
        }
    }
}

async fn refresh(desk: &Desk, plan: Plan, only_if_generated: bool) -> Outcome<HttpResponse> {
    let mut keys = concerned(desk, &plan).await?;
    let pages = keys.len();
    add_named(&mut keys, &plan);
    let refreshed = join_all(keys.into_iter().map(async |key| {
        let answer = desk.keeper.send(Refresh { key: key.clone(), only_if_generated }).await;
        let (state, error) = match answer {
            Ok(Answer::Absent) => (RefreshState::NotGenerated, None),
            Ok(Answer::Failed(error)) => (RefreshState::Failed, Some(error)),
            Ok(Answer::Degraded(_)) => (RefreshState::Failed, Some("The last good page was kept.".into())),
            Ok(Answer::Found(_) | Answer::Made(_) | Answer::Alone) => (RefreshState::Fresh, None),
            Err(_) => (RefreshState::Failed, Some("The server is shutting down.".into())),
        };
        Refreshed { path: key.to_string(), state, error }
    }));
    let results = Some(refreshed.await);
    let revision = inspect(desk, |state, _| state.revision()).await?;
    let answer = Revalidated { revalidated: true, revision, pages, paths: None, warnings: plan.warnings, results };
    let header = (HeaderName::from_static("x-perennial-cache"), HeaderValue::from_static("REVALIDATED"));
    Ok(HttpResponse::Ok().insert_header(header).json(answer))
}
