//! A whole engine in this process, beside a renderer that shares nothing with it but the database.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix::{Actor, Addr};
use arc_swap::ArcSwap;
use bytes::Bytes;
use perennial::{
    cache::{
        event::Event,
        keeper::{CacheKeeper, Fetch, Inspect, Settle, Warm},
        page::{Document, Mark},
        pages::Pages,
        state::{Answer, Limits, State},
    },
    content::{
        command::{Applied, Command, Who},
        database::Database,
        error::StoreError,
        read::Read,
        store::{Apply, CarryOut, ContentStore},
        tag::CacheTag,
    },
    outbound::{Allowed, Outbound},
    render::{
        answers::Answers,
        key::PageKey,
        question::Question,
        renderer::{Paths, Render, Renderer, Workshop},
        stage::Stage,
    },
    theme::{Theme, files::Files},
};
use tokio::{runtime::Handle, sync::broadcast};

pub struct Engine {
    store: Addr<ContentStore>,
    keeper: Addr<CacheKeeper>,
    pages: Arc<Pages>,
    /// Makes pages as an engine does that has never seen the site before.
    cold: Addr<Renderer>,
    database: Database,
    stage: Arc<Stage>,
    allowed: Allowed,
    renders: Arc<AtomicUsize>,
    in_vain: Arc<Mutex<BTreeMap<String, usize>>>,
    changed: Arc<Mutex<BTreeSet<CacheTag>>>,
    _folder: tempfile::TempDir,
}

/// A page that came out as it was, but somebody had asked for it by name.
const DEMANDED: &str = "revalidated; same bytes";

/// Status, place to go on to, body.
pub type Given = (u16, Option<String>, Bytes);

impl Engine {
    pub async fn start(theme: Files, allowed: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("site.db").display());
        let database = Database::open(&url, 6).await.unwrap();
        let stage = Arc::new(Stage::build(Theme::read(&theme).unwrap()).unwrap());
        let permalinks = Arc::new(ArcSwap::from_pointee(stage.theme.permalinks.clone()));
        let allowed = Allowed::parse(allowed).unwrap();
        let workshop = || workshop(&database, &allowed);
        let (events, watch) = broadcast::channel(100_000);
        let pages = Arc::new(Pages::new(stage.clone()));
        let limits = Limits { bytes: 1 << 30, renders: 4, not_found: 10_000, shelf: false };
        let own = workshop();
        let renderer = Renderer::start(2, own.clone());
        let keeper = CacheKeeper::new(limits, 0, pages.clone(), renderer, None, events, own).start();
        let store = ContentStore::new(database.clone(), permalinks, keeper.clone().recipient(), 0).start();
        let engine = Self {
            store,
            keeper,
            pages,
            cold: Renderer::start(2, workshop()),
            database: database.clone(),
            stage: stage.clone(),
            allowed: allowed.clone(),
            renders: Arc::default(),
            in_vain: Arc::default(),
            changed: Arc::default(),
            _folder: folder,
        };
        engine.count(watch);
        engine.keeper.send(Warm).await.unwrap();
        engine
    }

    fn count(&self, mut watch: broadcast::Receiver<Event>) {
        let (renders, in_vain) = (self.renders.clone(), self.in_vain.clone());
        let changed = self.changed.clone();
        tokio::spawn(async move {
            while let Ok(event) = watch.recv().await {
                if let Event::Change { tags, .. } = &event {
                    changed.lock().unwrap().extend(tags.iter().cloned());
                }
                if let Event::Page { state: "fresh", reason, ms: Some(_), .. } = event
                    && !reason.starts_with("first visit")
                    && reason != DEMANDED
                {
                    renders.fetch_add(1, Ordering::Relaxed);
                    if let Some(reason) = reason.strip_suffix("; same bytes") {
                        *in_vain.lock().unwrap().entry(reason.to_owned()).or_default() += 1;
                    }
                }
            }
        });
    }

    pub async fn apply<C: Command>(&self, command: C) -> Result<Applied<C::Output>, StoreError> {
        self.store.send(Apply { command, actor: Who::CommandLine }).await.unwrap()
    }

    /// Lets the clock go to this time: what is due then happens.
    pub async fn pass_to(&self, now: i64) {
        self.store.send(CarryOut { now }).await.unwrap();
    }

    pub fn theme(&self) -> &Theme {
        &self.stage.theme
    }

    pub async fn settle(&self) {
        let revision = self.keeper.send(Inspect(Box::new(|state, _| state.revision()))).await.unwrap();
        self.keeper.send(Settle { revision, patience: Duration::from_secs(20) }).await.unwrap();
        let settled = self.keeper.send(Inspect(Box::new(move |state, _| state.is_settled(revision)))).await.unwrap();
        assert!(settled, "the pages of revision {revision} never turned fresh");
    }

    /// As a reader gets it.
    pub async fn warm(&self, path: &str) -> Given {
        if let Some(page) = self.pages.get(path)
            && page.mark() == Mark::Fresh
        {
            page.visit();
            return given(&page.document);
        }
        match self.keeper.send(Fetch(PageKey::of_path(path))).await.unwrap() {
            Answer::Found(document) | Answer::Made(document) => given(&document),
            other => panic!("{path}: {other:?}"),
        }
    }

    /// Forgets all that the cold renderer knows.
    pub fn renew(&mut self) {
        self.cold = Renderer::start(2, workshop(&self.database, &self.allowed));
    }

    /// As an engine makes it that has never seen the site before.
    pub async fn cold(&self, path: &str) -> Given {
        let rendered = self.cold.send(Render::new(self.stage.clone(), PageKey::of_path(path))).await.unwrap().unwrap();
        (rendered.status, rendered.location, rendered.body.identity)
    }

    /// Every page that the site has now.
    pub async fn paths(&self) -> Vec<String> {
        self.cold.send(Paths(self.stage.clone())).await.unwrap().unwrap()
    }

    /// What was announced since the last time.
    pub fn take_changed(&self) -> BTreeSet<CacheTag> {
        std::mem::take(&mut self.changed.lock().unwrap())
    }

    /// Every stored page by its path: its tags, and the name of the post that it is the page of.
    pub async fn stored(&self) -> BTreeMap<String, (BTreeSet<CacheTag>, Option<CacheTag>)> {
        let look = |state: &State<_>, now| {
            let pages = state.pages(now).into_iter().filter(|page| page.facts.is_some());
            pages
                .map(|page| (page.key.to_string(), (state.tags_of(&page.key), own(&state.reads_of(&page.key)))))
                .collect()
        };
        self.keeper.send(Inspect(Box::new(look))).await.unwrap()
    }

    pub fn forget_counts(&self) {
        self.renders.store(0, Ordering::Relaxed);
        self.in_vain.lock().unwrap().clear();
    }

    /// Pages made again because of an edit, and those of them that came out as they were, by the question that differed.
    pub fn counts(&self) -> (usize, BTreeMap<String, usize>) {
        (self.renders.load(Ordering::Relaxed), self.in_vain.lock().unwrap().clone())
    }
}

fn workshop(database: &Database, allowed: &Allowed) -> Arc<Workshop> {
    Arc::new(Workshop {
        site_url: "http://site.example".into(),
        readers: database.readers.clone(),
        runtime: Handle::current(),
        answers: Arc::new(Answers::default()),
        inner: Arc::default(),
        outbound: Outbound::new(allowed.clone()).unwrap(),
        quarantine: Arc::default(),
        renders: Default::default(),
    })
}

fn own(reads: &[(Question, BTreeSet<CacheTag>)]) -> Option<CacheTag> {
    let (_, tags) = reads.iter().find(|(question, _)| matches!(question, Question::Content(Read::Post { .. }, _)))?;
    tags.iter().find(|tag| tag.as_str().starts_with("post:")).cloned()
}

fn given(document: &Document) -> Given {
    let location = document.location.as_ref().map(|value| value.to_str().unwrap().to_owned());
    (document.status, location, document.body.identity.clone())
}
