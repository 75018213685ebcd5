//! One render's reads: asks each question once, inside one snapshot, and records what came back.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Instant,
};

use minijinja::{Error, ErrorKind};
use tokio::runtime::Handle;

use crate::content::{
    ask::ask,
    change::Revision,
    read::{Answered, Fingerprint, Post, Read, Term},
    snapshot::Snapshot,
    tag::CacheTag,
};

use super::{
    answers::Answers,
    question::{Question, Recorded},
    stage::Stage,
};

/// The most tags a template may add to one page.
pub const MOST_TAGS: usize = 128;

/// What one render sees, and what it has asked so far.
#[derive(Debug)]
pub struct Scope {
    pub stage: Arc<Stage>,
    /// The only source of absolute URLs, without a trailing slash.
    pub site_url: Arc<str>,
    /// The decoded path of the page.
    pub path: String,
    /// A number no other render has.
    pub id: u64,
    pub subject: Subject,
    /// Set by `not_found()`, `redirect()` and `fail()`, which end the template.
    pub ending: Option<Ending>,
    /// The shortest period met so far, in seconds.
    pub period: Option<u64>,
    /// Tags that the route and the template added.
    pub tags: BTreeSet<CacheTag>,
    /// What went wrong without failing the page.
    pub warnings: Vec<String>,
    deadline: Instant,
    snapshot: Snapshot,
    runtime: Handle,
    shared: Arc<Answers>,
    recorded: HashMap<Question, (Recorded, Option<Arc<Answered>>)>,
    order: Vec<Question>,
}

/// What the page is about; `head()` describes it.
#[derive(Clone, Debug, Default)]
pub enum Subject {
    #[default]
    Other,
    Post(Arc<Post>),
    Tag(Arc<Term>),
    Author(Arc<Term>),
}

/// How a template ended itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    NotFound,
    Redirect { to: String, status: u16 },
    Fail(String),
}

thread_local! {
    /// A template runs on one thread from start to end, and its functions, also inside imported macros, find their render here.
    static CURRENT: RefCell<Option<Scope>> = const { RefCell::new(None) };
}

/// Runs `work` with the scope of the render on this thread.
pub fn with<T>(work: impl FnOnce(&mut Scope) -> Result<T, Error>) -> Result<T, Error> {
    CURRENT.with_borrow_mut(|current| match current {
        Some(scope) => work(scope),
        None => Err(Error::new(ErrorKind::InvalidOperation, "this function only works while a page is rendered")),
    })
}

impl Scope {
    pub fn new(
        stage: Arc<Stage>,
        site_url: Arc<str>,
        path: String,
        id: u64,
        snapshot: Snapshot,
        runtime: Handle,
        shared: Arc<Answers>,
        deadline: Instant,
    ) -> Self {
        Self {
            stage,
            site_url,
            path,
            id,
            subject: Subject::default(),
            ending: None,
            period: None,
            tags: BTreeSet::new(),
            warnings: Vec::new(),
            deadline,
            snapshot,
            runtime,
            shared,
            recorded: HashMap::new(),
            order: Vec::new(),
        }
    }

    /// Makes this the thread's current scope while `work` runs, and takes it back.
    pub fn enter<T>(self, work: impl FnOnce() -> T) -> (Option<Self>, T) {
        CURRENT.set(Some(self));
        let result = work();
        (CURRENT.take(), result)
    }

    /// Forgets the scope of a render that panicked.
    pub fn abandon() {
        CURRENT.take();
    }

    /// The site's revision that every read of this render sees.
    pub fn revision(&self) -> Revision {
        self.snapshot.revision
    }

    /// Asks content, once per render and once per revision for what many pages share, and records the answer.
    pub fn ask(&mut self, read: Read) -> Result<Arc<Answered>, Error> {
        let question = Question::Content(read.clone());
        if let Some((_, Some(answered))) = self.recorded.get(&question) {
            return Ok(answered.clone());
        }
        if Instant::now() > self.deadline {
            return Err(Error::new(ErrorKind::InvalidOperation, "the page took too long"));
        }
        let revision = self.snapshot.revision;
        let answered = match self.shared.get(revision, &read) {
            Some(answered) => answered,
            None => {
                let answered = self.runtime.block_on(ask(&self.snapshot.txn, &read)).map_err(|error| {
                    Error::new(ErrorKind::InvalidOperation, "the content could not be read").with_source(error)
                })?;
                let answered = Arc::new(answered);
                self.shared.put(revision, &read, &answered);
                answered
            }
        };
        let recorded = Recorded {
            question: question.clone(),
            fingerprint: answered.fingerprint,
            tags: Arc::new(answered.tags.clone()),
        };
        self.order.push(question.clone());
        self.recorded.insert(question, (recorded, Some(answered.clone())));
        Ok(answered)
    }

    /// Records that the page depends on a part of the theme.
    pub fn uses(&mut self, question: Question) {
        if self.recorded.contains_key(&question) {
            return;
        }
        let fingerprint = self.stage.fingerprint(&question).unwrap_or(Fingerprint::of(b"absent"));
        let recorded =
            Recorded { question: question.clone(), fingerprint, tags: Arc::new(BTreeSet::from([CacheTag::theme()])) };
        self.order.push(question.clone());
        self.recorded.insert(question, (recorded, None));
    }

    /// Adds a tag of the template's own; beyond [`MOST_TAGS`], and what is no tag, is left out with a warning.
    pub fn add_tag(&mut self, word: &str) {
        match CacheTag::word(word) {
            Some(tag) if self.tags.len() < MOST_TAGS || self.tags.contains(&tag) => {
                self.tags.insert(tag);
            }
            Some(_) => {
                self.warnings.push(format!("the tag {word:?} was left out: a page carries at most {MOST_TAGS} tags"))
            }
            None => self.warnings.push(format!("the tag {word:?} was left out: a tag has 1 to 256 characters")),
        }
    }

    /// The page's period becomes at most this many seconds; the shortest one met wins.
    pub fn shorten(&mut self, seconds: u64) {
        self.period = Some(self.period.map_or(seconds, |period| period.min(seconds)));
    }

    /// Everything asked, in order.
    pub fn into_recorded(mut self) -> Vec<Recorded> {
        let order = std::mem::take(&mut self.order);
        order.iter().filter_map(|question| self.recorded.remove(question)).map(|(recorded, _)| recorded).collect()
    }

    pub fn deadline(&self) -> Instant {
        self.deadline
    }
}
