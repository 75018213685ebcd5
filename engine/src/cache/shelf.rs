//! The shelf: pages and inner entries outside of memory, so that a restart begins with what was made before.
//!
//! A page is a small record and a body; the body lies under the hash of its bytes, once for all pages that have it. It is
//! written before the record that names it. Whatever is not whole, of this site and of this format is a miss.

mod folder;
mod ledger;
mod place;
mod record;
mod redis;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use uuid::Uuid;

use crate::{
    content::change::Revision,
    render::{
        inner::{Keeping, Kept},
        key::PageKey,
        question::Recorded,
    },
};

use self::{
    folder::Folder,
    ledger::{Item, Ledger, Moment},
    place::{Kind, Place, PlaceError},
    record::{Name, PageRecord},
    redis::Redis,
};
use super::{
    page::Document,
    state::{Made, Shelved, entry::Facts},
};

/// Names the format of all records together.
const FORMAT: u32 = 2;

/// How many jobs may wait; beyond that, pages stay in memory only and are made again after a restart.
const MOST_JOBS: usize = 10_000;

#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    #[error("the cache folder {} cannot be used: {problem}; set PERENNIAL_CACHE_URL to another place or to memory:", folder.display())]
    Folder { folder: PathBuf, problem: io::Error },
    #[error("PERENNIAL_CACHE_URL is not usable: {0}")]
    Redis(::redis::RedisError),
    #[error("Redis does not answer: {0}")]
    Silent(PlaceError),
    #[error("the shelf's thread cannot be started: {0}")]
    Thread(io::Error),
}

/// Whose pages they are: nobody else's are ever read.
#[derive(Clone, Debug)]
pub struct Owner<'o> {
    pub site: Uuid,
    /// Pages hold absolute URLs.
    pub url: &'o str,
}

impl Owner<'_> {
    fn name(&self) -> String {
        let owner = Name::of(&format!("{} {}", self.site, self.url)).to_string();
        format!("v{FORMAT}-{}", owner.get(..16).unwrap_or(&owner))
    }
}

enum Job {
    Put(PageKey, Box<Shelved<Arc<Document>>>),
    Remove(PageKey),
    /// The page that was shelved with these facts is known to be good at this revision.
    Confirm(PageKey, Box<Facts>, Vec<Recorded>, Revision),
    Visited(Vec<PageKey>),
    LostBody(Name),
    Inner(Keeping),
    /// Everything before it is done.
    Answer(mpsc::Sender<()>),
}

/// Writing is one thread's work, in order; nobody waits for it.
#[derive(Clone, Debug)]
pub struct Shelf {
    place: Arc<Place>,
    jobs: mpsc::Sender<Job>,
    waiting: Arc<AtomicUsize>,
    troubled: Arc<AtomicBool>,
}

/// What lay on a shelf when it was opened.
#[derive(Debug, Default)]
pub struct Contents {
    pub pages: Vec<(PageKey, Made<()>)>,
    pub inner: Vec<Kept>,
}

impl Shelf {
    /// In a folder, within `quota` bytes. Pages that are known to be good at a revision that is not `current` are removed.
    /// Blocks, like the one below.
    pub fn in_folder(
        root: &Path,
        owner: &Owner<'_>,
        quota: u64,
        current: impl Fn(Revision) -> bool,
    ) -> Result<(Self, Contents), ShelfError> {
        let failed = |problem| ShelfError::Folder { folder: root.to_owned(), problem };
        let folder = Folder::open(root, &owner.name()).map_err(failed)?;
        Self::open(Place::Folder(folder), quota, current)
    }

    /// In Redis, which sees to its size itself. When it does not answer, nothing was found, and it is asked again later.
    pub fn in_redis(
        url: &str,
        owner: &Owner<'_>,
        current: impl Fn(Revision) -> bool,
    ) -> Result<(Self, Contents), ShelfError> {
        let redis = Redis::open(url, &owner.name()).map_err(ShelfError::Redis)?;
        Self::open(Place::Redis(Box::new(redis)), u64::MAX, current)
    }

    /// Whether the Redis at this address answers. Blocks.
    pub fn try_redis(url: &str) -> Result<(), ShelfError> {
        let redis = Redis::open(url, "").map_err(ShelfError::Redis)?;
        redis.ping().map_err(ShelfError::Silent)
    }

    fn open(place: Place, quota: u64, current: impl Fn(Revision) -> bool) -> Result<(Self, Contents), ShelfError> {
        let place = Arc::new(place);
        let troubled = Arc::new(AtomicBool::new(false));
        let mut clerk = Clerk { place: place.clone(), ledger: Ledger::default(), quota, troubled: troubled.clone() };
        let contents = clerk.take_stock(current);
        let (jobs, queue) = mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let waiting_here = waiting.clone();
        let work = move || {
            for job in queue {
                waiting_here.fetch_sub(1, Ordering::Relaxed);
                clerk.carry_out(job);
            }
        };
        thread::Builder::new().name("shelf".into()).spawn(work).map_err(ShelfError::Thread)?;
        Ok((Self { place, jobs, waiting, troubled }, contents))
    }

    /// In a few words, for whoever looks after the site.
    pub fn health(&self) -> &'static str {
        match &*self.place {
            Place::Redis(redis) if redis.is_away() => "does not answer",
            Place::Folder(_) if self.troubled.load(Ordering::Relaxed) => "cannot be written",
            _ => "ok",
        }
    }

    pub(super) fn put(&self, key: PageKey, page: Box<Shelved<Arc<Document>>>) {
        // What waits holds its page in memory.
        if self.waiting.load(Ordering::Relaxed) < MOST_JOBS {
            self.send(Job::Put(key, page));
        }
    }

    pub(super) fn remove(&self, key: PageKey) {
        self.send(Job::Remove(key));
    }

    pub(super) fn confirm(&self, key: PageKey, facts: Facts, reads: Vec<Recorded>, revision: Revision) {
        self.send(Job::Confirm(key, Box::new(facts), reads, revision));
    }

    pub(super) fn visited(&self, keys: Vec<PageKey>) {
        self.send(Job::Visited(keys));
    }

    pub fn keep(&self, keeping: Keeping) {
        self.send(Job::Inner(keeping));
    }

    fn send(&self, job: Job) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _ = self.jobs.send(job); // The thread ends only with the last handle.
    }

    /// Waits until everything that was put here is written, or gives up after `patience`. Blocks.
    pub fn settle(&self, patience: Duration) {
        let (done, answer) = mpsc::channel();
        self.send(Job::Answer(done));
        if answer.recv_timeout(patience).is_err() {
            tracing::warn!("not every page could be shelved in time; the others are made again after the start");
        }
    }

    /// The page as it was shelved with these facts, or `None` when what lies there is another, broken or gone. Blocks.
    pub(super) fn load(&self, key: &PageKey, expected: &Facts) -> Option<Document> {
        let record = self.place.read(Kind::Page, Name::of(key.as_str())).ok().flatten()?;
        let record = PageRecord::read(&record).or_else(|| broken(key))?;
        if record.key != *key || record.facts.hash != expected.hash {
            return None;
        }
        let hash = &record.facts.hash;
        let name = Name::of_body(hash);
        let body = self.place.read(Kind::Body, name).ok()?;
        let body = body.and_then(|bytes| record::read_body(bytes, hash).or_else(|| broken(key)));
        if body.is_none() {
            self.send(Job::LostBody(name));
        }
        self.visited(vec![key.clone()]);
        record.document(body?)
    }
}

fn broken<T>(key: &PageKey) -> Option<T> {
    tracing::warn!(page = %key, "a shelved page was broken and is made again");
    None
}

/// Whoever writes.
struct Clerk {
    place: Arc<Place>,
    /// Of a folder; Redis sees to its size itself.
    ledger: Ledger,
    quota: u64,
    /// The last write failed.
    troubled: Arc<AtomicBool>,
}

impl Clerk {
    /// Reads what is there. What is not current, not whole or belongs to nothing is removed.
    fn take_stock(&mut self, current: impl Fn(Revision) -> bool) -> Contents {
        let place = self.place.clone();
        let bodies: std::collections::HashMap<_, _> = match &*place {
            Place::Folder(folder) => folder.bodies().collect(),
            Place::Redis(_) => Default::default(),
        };
        let has_body = |name: Name| matches!(&*place, Place::Redis(_)) || bodies.contains_key(&name);
        let mut contents = Contents::default();
        let (mut outdated, mut broken) = (0, 0);
        let read = place.each(Kind::Page, |found| {
            let size = found.bytes.len();
            let record = PageRecord::read(&found.bytes).filter(|record| Name::of(record.key.as_str()) == found.name);
            let Some(record) = record.filter(|record| has_body(Name::of_body(&record.facts.hash))) else {
                broken += 1;
                tracing::warn!(name = %found.name, "a shelved page was broken and is removed");
                return self.remove((Kind::Page, found.name));
            };
            let name = Name::of_body(&record.facts.hash);
            let (key, made) = record.into_made();
            if !current(made.facts.revision) {
                outdated += 1;
                return self.remove((Kind::Page, found.name));
            }
            let body = bodies.get(&name).map(|bytes| (name, *bytes));
            self.ledger.put((Kind::Page, found.name), size, body, found.visited);
            contents.pages.push((key, made));
        });
        let read = read.and_then(|()| {
            place.each(Kind::Inner, |found| {
                match record::read_inner(&found.bytes).filter(|kept| Name::of(&kept.name) == found.name) {
                    Some(kept) => {
                        self.ledger.put((Kind::Inner, found.name), found.bytes.len(), None, found.visited);
                        contents.inner.push(kept);
                    }
                    None => self.remove((Kind::Inner, found.name)),
                }
            })
        });
        if let Err(error) = read {
            tracing::warn!(%error, "the shelf could not be read; its pages are made again");
        }
        for name in bodies.keys() {
            if !self.ledger.has_body(*name) {
                self.say(place.remove(Kind::Body, *name));
            }
        }
        let (pages, inner) = (contents.pages.len(), contents.inner.len());
        tracing::info!(pages, inner, outdated, broken, "the shelf was read");
        contents
    }

    fn carry_out(&mut self, job: Job) {
        match job {
            Job::Put(key, page) => {
                let done = self.put(&key, &page);
                self.say(done);
            }
            Job::Remove(key) => self.remove((Kind::Page, Name::of(key.as_str()))),
            Job::Confirm(key, facts, reads, revision) => {
                let done = self.confirm(&key, &facts, reads, revision);
                self.say(done);
            }
            Job::Visited(keys) => keys.iter().for_each(|key| self.visit((Kind::Page, Name::of(key.as_str())))),
            Job::LostBody(name) => self.ledger.lost_body(name),
            Job::Inner(Keeping::Keep { name, entry, expired }) => {
                if let Some(kept) = Kept::of(&name, &entry, expired) {
                    let done = self.keep(&kept);
                    self.say(done);
                }
            }
            Job::Inner(Keeping::Forget(name)) => self.remove((Kind::Inner, Name::of(&name))),
            Job::Answer(done) => {
                // Whoever asked may have given up.
                let _ = done.send(());
            }
        }
        self.make_room();
    }

    fn put(&mut self, key: &PageKey, page: &Shelved<Arc<Document>>) -> Result<(), PlaceError> {
        let record = PageRecord::of(key, page).write().map_err(io::Error::from)?;
        let name = Name::of_body(&page.facts.hash);
        let mut size = page.facts.bytes;
        if !self.ledger.has_body(name) {
            let body = record::write_body(&page.payload.body);
            size = body.len();
            self.place.write(Kind::Body, name, &body, page.facts.revision)?;
        }
        let item = (Kind::Page, Name::of(key.as_str()));
        let written = self.write(item, &record, Some((name, size)), page.facts.revision);
        if written.is_err() && !self.ledger.has_body(name) {
            let _ = self.place.remove(Kind::Body, name); // No record names it.
        }
        written
    }

    fn keep(&mut self, kept: &Kept) -> Result<(), PlaceError> {
        let record = record::write_inner(kept).map_err(io::Error::from)?;
        self.write((Kind::Inner, Name::of(&kept.name)), &record, None, kept.revision)
    }

    fn confirm(
        &mut self,
        key: &PageKey,
        facts: &Facts,
        reads: Vec<Recorded>,
        revision: Revision,
    ) -> Result<(), PlaceError> {
        let name = Name::of(key.as_str());
        let record = self.place.read(Kind::Page, name)?.and_then(|bytes| PageRecord::read(&bytes));
        let same = |record: &PageRecord| record.facts.hash == facts.hash && record.facts.made_at == facts.made_at;
        let Some(mut record) = record.filter(same) else { return Ok(()) };
        record.confirm(reads, revision);
        let text = record.write().map_err(io::Error::from)?;
        self.place.write(Kind::Page, name, &text, revision)
    }

    fn write(
        &mut self,
        (kind, name): Item,
        record: &[u8],
        body: Option<(Name, usize)>,
        revision: Revision,
    ) -> Result<(), PlaceError> {
        self.place.write(kind, name, record, revision)?;
        if self.troubled.swap(false, Ordering::Relaxed) {
            tracing::info!("the shelf can be written again");
        }
        if let Place::Folder(_) = &*self.place
            && let Some(orphan) = self.ledger.put((kind, name), record.len(), body, now())
        {
            self.place.remove(Kind::Body, orphan)?;
        }
        Ok(())
    }

    fn remove(&mut self, item: Item) {
        let orphan = self.ledger.remove(&item);
        self.say(self.place.remove(item.0, item.1));
        if let Some(name) = orphan {
            self.say(self.place.remove(Kind::Body, name));
        }
    }

    fn visit(&mut self, item: Item) {
        let now = now();
        if self.ledger.visit(&item, now)
            && let Place::Folder(folder) = &*self.place
        {
            self.say(folder.touch(item.0, item.1, now).map_err(PlaceError::from));
        }
    }

    fn make_room(&mut self) {
        while let Some(item) = self.ledger.beyond(self.quota) {
            tracing::debug!(target: "cache", name = %item.1, reason = "the shelf is full and nobody came for longest", "evict");
            self.remove(item);
        }
    }

    /// Of Redis, the connection has told it.
    fn say(&self, done: Result<(), PlaceError>) {
        if let Err(PlaceError::Folder(error)) = done
            && !self.troubled.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(%error, "the shelf cannot be written; pages stay in memory and are made again after a restart");
        }
    }
}

fn now() -> Moment {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
