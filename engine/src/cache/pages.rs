//! Pages: what readers see of the cache. Lock-free to read; only the keeper writes.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::{ArcSwap, Guard};

use crate::render::{key::PageKey, stage::Stage};

use super::page::{Mark, Page};

/// Beyond this many, which pages are dynamic is learnt anew.
const MOST_DYNAMIC: usize = 10_000;

/// The pages made with one stage. Another stage has its own, so that no reader sees a page of each.
#[derive(Debug)]
pub struct Live {
    pub stage: Arc<Stage>,
    pages: papaya::HashMap<PageKey, Arc<Page>, foldhash::fast::RandomState>,
    /// Pages whose template made them dynamic when they were last made.
    dynamic: papaya::HashMap<PageKey, (), foldhash::fast::RandomState>,
}

#[derive(Debug)]
pub struct Pages {
    live: ArcSwap<Live>,
    pub hits: AtomicU64,
    pub misses: AtomicU64,
}

impl Pages {
    pub fn new(stage: Arc<Stage>) -> Self {
        let (hits, misses) = Default::default();
        Self { live: ArcSwap::from_pointee(Live::new(stage)), hits, misses }
    }

    /// What readers see now. Whoever answers a request takes it once.
    pub fn live(&self) -> Guard<Arc<Live>> {
        self.live.load()
    }

    pub fn stage(&self) -> Arc<Stage> {
        self.live.load().stage.clone()
    }

    pub fn get(&self, key: &str) -> Option<Arc<Page>> {
        self.live.load().get(key)
    }

    pub fn count_hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub fn count_miss(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn load_full(&self) -> Arc<Live> {
        self.live.load_full()
    }

    /// From here on every reader sees these pages and this stage.
    pub(super) fn replace(&self, live: Arc<Live>) {
        self.live.store(live);
    }
}

impl Live {
    pub(super) fn new(stage: Arc<Stage>) -> Self {
        Self { stage, pages: papaya::HashMap::default(), dynamic: papaya::HashMap::default() }
    }

    /// Lends the page to `read`, without touching a reference count. Never hold what it gives across an await.
    pub fn read<T>(&self, key: &str, read: impl FnOnce(&Page) -> T) -> Option<T> {
        self.pages.pin().get(key).map(|page| read(page))
    }

    pub fn get(&self, key: &str) -> Option<Arc<Page>> {
        self.pages.pin().get(key).cloned()
    }

    /// Every reader needs a page of its own here, as far as is known.
    pub fn is_dynamic(&self, key: &PageKey) -> bool {
        self.dynamic.pin().contains_key(key)
    }

    pub(super) fn set_dynamic(&self, key: &PageKey, dynamic: bool) {
        let known = self.dynamic.pin();
        if !dynamic {
            known.remove(key);
        } else if !known.contains_key(key) {
            if known.len() >= MOST_DYNAMIC {
                known.clear();
            }
            known.insert(key.clone(), ());
        }
    }

    pub(super) fn publish(&self, key: PageKey, page: Page) {
        self.pages.pin().insert(key, Arc::new(page));
    }

    pub(super) fn mark(&self, keys: &[PageKey], mark: Mark) {
        let pages = self.pages.pin();
        keys.iter().filter_map(|key| pages.get(key)).for_each(|page| page.set_mark(mark));
    }

    pub(super) fn withdraw(&self, key: &PageKey) {
        self.pages.pin().remove(key);
    }

    pub(super) fn take_visited(&self, key: &PageKey) -> bool {
        self.pages.pin().get(key).is_some_and(|page| page.take_visited())
    }
}
