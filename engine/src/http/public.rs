//! Readers' pages. A hit never leaves the worker it arrived on: no lock, no mailbox, no await.

use std::{rc::Rc, sync::Arc, time::Duration};

use actix_web::{
    HttpResponse,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
};
use tokio::sync::Semaphore;

use crate::{
    cache::{
        keeper::{Fetch, Stale, Storable, now},
        page::{Mark, Page},
        state::Answer,
    },
    render::{key::PageKey, renderer::Render},
};

use super::{
    answer::{self, Life, Served},
    desk::Desk,
    dev::Dev,
    path::{Canonical, canonical},
    preview, theme_preview,
};

/// How long a reader waits for a render before the last good page is given, or the wait is given up.
const PATIENCE: Duration = Duration::from_secs(8);

/// Renders for single requests (dynamic routes) under way at once, for all workers together.
pub const DYNAMIC: usize = 64;

/// What every worker holds to answer readers.
#[derive(Debug)]
pub struct Public {
    pub desk: Desk,
    /// Bounds the renders of dynamic pages.
    pub dynamic: Arc<Semaphore>,
    /// Pages are stored; if not, each request renders.
    pub stored: bool,
    /// Somebody is making the theme.
    pub dev: Option<Arc<Dev>>,
}

/// What the stored page says of a request.
enum Looked {
    Answer(HttpResponse),
    AnswerStale(HttpResponse),
    /// It may not be given, and why.
    Wait(&'static str),
}

pub async fn serve(public: Rc<Public>, request: ServiceRequest) -> Result<ServiceResponse, actix_web::Error> {
    let response = public.respond(&request).await;
    Ok(request.into_response(response))
}

impl Public {
    async fn respond(&self, request: &ServiceRequest) -> HttpResponse {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut response = answer::plain(StatusCode::METHOD_NOT_ALLOWED, "Pages are read with GET or HEAD.\n");
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let path = match canonical(request.path()) {
            Canonical::Path(path) => path,
            Canonical::Moved(to) => return moved(&to),
            Canonical::Nothing => return answer::plain(StatusCode::NOT_FOUND, "There is no page at this address.\n"),
        };
        let response = self.at(&path, request).await;
        self.desk.tally.note(&path, response.status());
        response
    }

    async fn at(&self, path: &str, request: &ServiceRequest) -> HttpResponse {
        let query = request.query_string();
        if query.is_empty() {
            return self.answer(path, request.headers()).await;
        }
        let key = self.key(path, query);
        let answer = self.answer(key.as_str(), request.headers());
        match preview::asked(query) {
            Some(asked) => self.preview(asked, answer).await,
            None => match theme_preview::show(&self.desk, &self.dynamic, &key, query, now()).await {
                Some(preview) => preview,
                None => answer.await,
            },
        }
    }

    /// The preview that a link opens. What opens none changes nothing, but where there is nothing it says so.
    async fn preview(&self, asked: preview::Asked<'_>, usual: impl Future<Output = HttpResponse>) -> HttpResponse {
        if let Some(preview) = preview::show(&self.desk, &self.dynamic, asked, now()).await {
            return preview;
        }
        let usual = usual.await;
        if usual.status() == StatusCode::NOT_FOUND { preview::over() } else { usual }
    }

    async fn answer(&self, key: &str, headers: &HeaderMap) -> HttpResponse {
        let live = self.desk.pages.live();
        let looked = live.read(key, |page| look(key, page, &live.stage.policy, headers));
        drop(live);
        let looked = looked.unwrap_or(Looked::Wait("it is not in memory"));
        match looked {
            Looked::Answer(response) => {
                self.desk.pages.count_hit();
                response
            }
            Looked::AnswerStale(response) => {
                self.desk.pages.count_hit();
                // A full mailbox loses it; the next reader says it again.
                let _ = self.desk.keeper.try_send(Stale(PageKey::of_path(key)));
                response
            }
            Looked::Wait(reason) => {
                tracing::debug!(target: "cache", page = %key, reason, "miss");
                self.desk.pages.count_miss();
                self.wait(PageKey::of_path(key), headers).await
            }
        }
    }

    /// No page may be given at once.
    async fn wait(&self, key: PageKey, headers: &HeaderMap) -> HttpResponse {
        if !self.stored || self.is_dynamic(&key) {
            return self.render_once(key, headers).await;
        }
        let fetched = tokio::time::timeout(PATIENCE, self.desk.keeper.send(Fetch(key.clone()))).await;
        let (document, served) = match fetched {
            Ok(Ok(Answer::Found(document))) => {
                // It is published now, and its mark and age say what it is worth.
                let live = self.desk.pages.live();
                match live.read(key.as_str(), |page| look(key.as_str(), page, &live.stage.policy, headers)) {
                    Some(Looked::Answer(response) | Looked::AnswerStale(response)) => return response,
                    Some(Looked::Wait(_)) | None => (document, Served::Hit),
                }
            }
            Ok(Ok(Answer::Alone)) => return self.render_once(key, headers).await,
            Ok(Ok(Answer::Made(document))) if document.dynamic => (document, Served::Bypass),
            Ok(Ok(Answer::Made(document))) => (document, Served::Miss),
            Ok(Ok(Answer::Degraded(document))) => (document, Served::Degraded),
            Ok(Ok(Answer::Failed(_) | Answer::Absent)) => return failed(),
            Ok(Err(_)) => return unavailable(),
            Err(_) => match self.desk.pages.get(key.as_str()) {
                Some(page) => (page.document.clone(), Served::Degraded),
                None => return unavailable(),
            },
        };
        let live = self.desk.pages.live();
        let life = live.read(key.as_str(), life_of).unwrap_or_else(brief);
        answer::page(&document, &live.stage.policy, headers, served, life)
    }

    /// A page that is made for one request and kept by nobody.
    async fn render_once(&self, key: PageKey, headers: &HeaderMap) -> HttpResponse {
        if let Some(broken) = self.dev.as_ref().and_then(|dev| dev.broken()) {
            return broken;
        }
        let Ok(_permit) = self.dynamic.try_acquire() else { return unavailable() };
        let stage = self.desk.pages.stage();
        match self.desk.renderer.send(Render::new(stage.clone(), key.clone())).await {
            Ok(Ok(rendered)) => {
                if !rendered.freshness.is_dynamic() && self.stored {
                    // A full mailbox loses it; the next reader says it again.
                    let _ = self.desk.keeper.try_send(Storable(key));
                }
                let rendered = match &self.dev {
                    Some(dev) => dev.with_script(rendered),
                    None => rendered,
                };
                let document = crate::cache::page::Document::new(
                    rendered.status,
                    &rendered.content_type,
                    rendered.location.as_deref(),
                    rendered.body,
                    now(),
                    true,
                );
                match document {
                    Some(document) => answer::page(&document, &stage.policy, headers, Served::Bypass, brief()),
                    None => failed(),
                }
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "a page could not be made");
                self.dev.as_ref().map_or_else(failed, |dev| dev.failed(key.path(), &error))
            }
            Err(_) => unavailable(),
        }
    }

    /// The key for a request with a query: only what the route declares is part of it; all of it on a dynamic route.
    fn key(&self, path: &str, query: &str) -> PageKey {
        let stage = self.desk.pages.stage();
        let declared = |name: &str| {
            stage
                .theme
                .routes
                .matching(path)
                .any(|(route, _)| route.is_dynamic() || route.query.iter().any(|own| own == name))
        };
        let decode =
            |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pairs =
            query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let pairs =
            pairs.map(|(name, value)| (decode(name), decode(value))).filter(|(name, _)| declared(name)).collect();
        PageKey::with_query(path, pairs)
    }

    /// Every reader needs a page of its own there.
    fn is_dynamic(&self, key: &PageKey) -> bool {
        let live = self.desk.pages.live();
        let first = live.stage.theme.routes.matching(key.path()).next();
        first.is_some_and(|(route, _)| route.is_dynamic()) || live.is_dynamic(key)
    }
}

fn look(key: &str, page: &Page, policy: &HeaderValue, headers: &HeaderMap) -> Looked {
    let life = life_of(page);
    let expired = life.now >= life.expires_at;
    let old = life.fresh_until.is_some_and(|until| until <= life.now);
    match page.mark() {
        Mark::Expired => Looked::Wait("it is expired"),
        _ if expired => Looked::Wait("its time is over"),
        Mark::Fresh if !old => {
            tracing::debug!(target: "cache", page = %key, reason = "it is fresh", "hit");
            page.visit();
            Looked::Answer(answer::page(&page.document, policy, headers, Served::Hit, life))
        }
        Mark::Degraded => {
            tracing::debug!(target: "cache", page = %key, reason = "making a new one failed", "stale");
            Looked::AnswerStale(answer::page(&page.document, policy, headers, Served::Degraded, life))
        }
        Mark::Fresh | Mark::Stale => {
            let reason = if old { "its time ran out" } else { "somebody demanded a new one" };
            tracing::debug!(target: "cache", page = %key, reason, "stale");
            page.visit();
            let until = life.fresh_until.map_or(life.now, |until| until.min(life.now));
            let life = Life { fresh_until: Some(until), ..life };
            Looked::AnswerStale(answer::page(&page.document, policy, headers, Served::Stale, life))
        }
    }
}

fn life_of(page: &Page) -> Life {
    Life { fresh_until: page.fresh_until, expires_at: page.expires_at, now: now() }
}

/// For a page that is not stored.
fn brief() -> Life {
    let now = now();
    Life { fresh_until: Some(now), expires_at: now, now }
}

fn moved(to: &str) -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "public, max-age=0, s-maxage=31536000"))
        .finish()
}

fn failed() -> HttpResponse {
    answer::plain(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made. The site's log says why.\n")
}

fn unavailable() -> HttpResponse {
    let mut response =
        answer::plain(StatusCode::SERVICE_UNAVAILABLE, "The site is busy. Please try again in a few seconds.\n");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
    response
}
