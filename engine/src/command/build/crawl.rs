//! The crawl: makes every page that is known, and every page that those lead to.

use std::{
    collections::{BTreeSet, HashSet, VecDeque},
    sync::Arc,
};

use actix::Addr;
use bytes::Bytes;
use futures_util::{StreamExt, stream::FuturesUnordered};

use super::links::links;
use crate::{
    render::{
        RenderError,
        key::PageKey,
        renderer::{Render, Rendered, Renderer},
        stage::Stage,
    },
    theme::route::NOT_FOUND,
};

/// What stands at a path.
#[derive(Debug)]
pub enum Page {
    File { content_type: String, body: Bytes },
    Redirect { to: String, status: u16 },
}

#[derive(Debug)]
pub struct Crawl {
    stage: Arc<Stage>,
    site_url: String,
    seen: HashSet<String>,
    open: VecDeque<String>,
    /// Paths and routes that only a server can answer.
    pub left_out: BTreeSet<String>,
    /// Paths at which nothing is, though a page links there.
    pub dead_links: BTreeSet<String>,
    /// Each with its reason.
    pub failed: BTreeSet<String>,
}

impl Crawl {
    pub fn new(stage: Arc<Stage>, site_url: &str) -> Self {
        let dynamic = stage.theme.routes.iter().filter(|route| route.is_dynamic() || !route.query.is_empty());
        let left_out = dynamic.map(|route| match route.is_dynamic() {
            true => route.path.to_string(),
            false => format!("{}?{}=…", route.path, route.query.join("=…&")),
        });
        Self {
            left_out: left_out.collect(),
            stage,
            site_url: site_url.to_owned(),
            seen: HashSet::new(),
            open: VecDeque::new(),
            dead_links: BTreeSet::new(),
            failed: BTreeSet::new(),
        }
    }

    /// A path to look at, if nobody did.
    pub fn open(&mut self, path: &str) {
        if self.seen.contains(path) {
            return;
        }
        self.seen.insert(path.to_owned());
        let first = self.stage.theme.routes.matching(path).next();
        if first.is_none_or(|(route, _)| !route.is_dynamic()) {
            self.open.push_back(path.to_owned());
        }
    }

    /// Goes on until nothing is left to look at. `at_once` renders are under way at most.
    pub async fn run(
        &mut self,
        renderer: &Addr<Renderer>,
        at_once: usize,
        mut write: impl FnMut(&str, Page) -> anyhow::Result<()>,
        mut progress: impl FnMut(usize, usize),
    ) -> anyhow::Result<()> {
        let stage = self.stage.clone();
        let render = |path: String| async {
            let render = Render::new(stage.clone(), PageKey::of_path(&path));
            let rendered = renderer.send(render).await;
            (path, rendered.unwrap_or(Err(RenderError::Stopping)))
        };
        let mut done = 0;
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < at_once
                && let Some(path) = self.open.pop_front()
            {
                under_way.push(render(path));
            }
            let Some((path, rendered)) = under_way.next().await else { return Ok(()) };
            match rendered {
                Ok(rendered) => self.take(&path, rendered, &mut write)?,
                Err(error) => {
                    self.failed.insert(format!("{path} ({error})"));
                }
            }
            done += 1;
            progress(done, done + under_way.len() + self.open.len());
        }
    }

    fn take(
        &mut self,
        path: &str,
        page: Rendered,
        write: &mut impl FnMut(&str, Page) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        if page.freshness.is_dynamic() {
            self.left_out.insert(path.to_owned());
            return Ok(());
        }
        if let Some(to) = page.location {
            let next = super::links::path(&to, &self.site_url);
            next.iter().for_each(|path| self.open(path));
            return write(path, Page::Redirect { to, status: page.status });
        }
        if matches!(page.status, 404 | 410) && path != NOT_FOUND {
            self.dead_links.insert(path.to_owned());
            return Ok(());
        }
        let body = page.body.identity;
        for link in links(&page.content_type, &String::from_utf8_lossy(&body), &self.site_url) {
            self.open(&link);
        }
        write(path, Page::File { content_type: page.content_type, body })
    }
}
