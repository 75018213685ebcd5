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

use crate::outbound::Outbound;

use super::{
    answers::Answers,
    inner::Inner,
    preview::Draft,
    question::{Question, Recorded},
    renderer::Workshop,
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
    /// Set while a preview is made: the post that nobody else is shown.
    pub draft: Option<Draft>,
    deadline: Instant,
    snapshot: Snapshot,
    runtime: Handle,
    shared: Arc<Answers>,
    recorded: HashMap<Question, (Recorded, Option<Arc<Answered>>)>,
    order: Vec<Question>,
    inner: Arc<Inner>,
    outbound: Outbound,
    /// Fragments that are being made, the outermost first.
    frames: Vec<(Vec<Question>, Frame)>,
    /// A fragment that was used is only known to be good up to this revision.
    good_to: Option<Revision>,
}

/// What a fragment read, and how long it is good.
#[derive(Debug, Default)]
pub struct Frame {
    pub reads: Vec<Recorded>,
    pub period: Option<u64>,
    pub good_to: Option<Revision>,
}

/// What inner reads need of their render while the template runs on.
#[derive(Clone, Debug)]
pub struct Inward {
    pub inner: Arc<Inner>,
    pub outbound: Outbound,
    pub runtime: Handle,
    pub revision: Revision,
}

impl Inward {
    /// Milliseconds since the epoch.
    pub fn now(&self) -> i64 {
        crate::content::time::Time::now().0
    }
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
        workshop: &Workshop,
        stage: Arc<Stage>,
        path: String,
        id: u64,
        snapshot: Snapshot,
        deadline: Instant,
    ) -> Self {
        Self {
            stage,
            site_url: workshop.site_url.clone(),
            path,
            id,
            subject: Subject::default(),
            ending: None,
            period: None,
            tags: BTreeSet::new(),
            warnings: Vec::new(),
            draft: None,
            deadline,
            snapshot,
            runtime: workshop.runtime.clone(),
            shared: workshop.answers.clone(),
            recorded: HashMap::new(),
            order: Vec::new(),
            inner: workshop.inner.clone(),
            outbound: workshop.outbound.clone(),
            frames: Vec::new(),
            good_to: None,
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

    /// The revision of the render's snapshot.
    pub fn revision(&self) -> Revision {
        self.snapshot.revision
    }

    /// The revision up to which everything that the page shows is known to be good: its snapshot's, or less where a stored
    /// fragment was used of which less is known.
    pub fn good_revision(&self) -> Revision {
        self.good_to.map_or(self.snapshot.revision, |good_to| good_to.min(self.snapshot.revision))
    }

    /// Asks content, once per render and once per revision for what many pages share, and records the answer.
    pub fn ask(&mut self, read: Read) -> Result<Arc<Answered>, Error> {
        if let Some(answered) = self.draft.as_ref().and_then(|draft| draft.answer(&read)) {
            return Ok(answered);
        }
        let question = Question::Content(read.clone());
        self.note(&question);
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
        self.note(&question);
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
        let shorter = |period: Option<u64>| Some(period.map_or(seconds, |period| period.min(seconds)));
        self.period = shorter(self.period);
        for (_, frame) in &mut self.frames {
            frame.period = shorter(frame.period);
        }
    }

    pub fn inward(&self) -> Inward {
        Inward {
            inner: self.inner.clone(),
            outbound: self.outbound.clone(),
            runtime: self.runtime.clone(),
            revision: self.snapshot.revision,
        }
    }

    pub fn is_inside_fragment(&self) -> bool {
        !self.frames.is_empty()
    }

    /// Records an inner read.
    pub fn record_inner(&mut self, question: Question, fingerprint: Fingerprint, tags: BTreeSet<CacheTag>) {
        self.join(&[Recorded { question, fingerprint, tags: Arc::new(tags) }]);
    }

    /// Makes what a fragment read part of what the page read.
    pub fn join(&mut self, reads: &[Recorded]) {
        for recorded in reads {
            self.note(&recorded.question);
            if !self.recorded.contains_key(&recorded.question) {
                self.order.push(recorded.question.clone());
                self.recorded.insert(recorded.question.clone(), (recorded.clone(), None));
            }
        }
    }

    /// What is shown from here on is only known to be good up to this revision.
    pub fn is_good_to(&mut self, revision: Revision) {
        let least = |good_to: Option<Revision>| Some(good_to.map_or(revision, |good_to| good_to.min(revision)));
        self.good_to = least(self.good_to);
        for (_, frame) in &mut self.frames {
            frame.good_to = least(frame.good_to);
        }
    }

    pub fn open_frame(&mut self) {
        self.frames.push(Default::default());
    }

    pub fn close_frame(&mut self) -> Frame {
        let (questions, frame) = self.frames.pop().unwrap_or_default();
        let reads =
            questions.iter().filter_map(|question| self.recorded.get(question)).map(|(recorded, _)| recorded.clone());
        Frame { reads: reads.collect(), ..frame }
    }

    /// A fragment that is being made depends on the question, even if the page had asked it before.
    fn note(&mut self, question: &Question) {
        for (questions, _) in &mut self.frames {
            if !questions.contains(question) {
                questions.push(question.clone());
            }
        }
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
