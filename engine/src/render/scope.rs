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
    ask::{Found, ask, search},
    change::Revision,
    read::{Answered, Fingerprint, Post, Read, Term},
    seen::Watch,
    snapshot::Snapshot,
    span::Span,
    tag::CacheTag,
};

use crate::outbound::Outbound;

use super::{
    answers::Answers,
    dates::Dates,
    inner::Inner,
    preview::Draft,
    question::{Question, Recorded},
    renderer::Workshop,
    stage::Stage,
    time,
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
    asked: HashMap<Read, Asked>,
    told: HashMap<Question, Recorded>,
    order: Vec<Noted>,
    inner: Arc<Inner>,
    /// Inner entries that were made before this change are too old.
    pub inner_since: Revision,
    outbound: Outbound,
    /// Fragments that are being made, the outermost first.
    frames: Vec<(Vec<Noted>, Frame)>,
    /// What is printed in the site's time zone.
    dates: Dates,
    /// A fragment that was used is only known to be good up to this revision.
    good_to: Option<Revision>,
}

/// An answer, and what the template sees of it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub answered: Arc<Answered>,
    pub sight: Sight,
}

/// What is seen of one answer. A fragment depends on what is looked at inside it, even if the page asked for it outside.
#[derive(Clone, Debug)]
pub struct Sight {
    watch: Watch,
    /// None where nothing may hang on the answer.
    read: Option<Arc<Read>>,
}

impl Sight {
    fn of(read: &Read) -> Self {
        Self { watch: Watch::default(), read: Some(Arc::new(read.clone())) }
    }

    /// Of what is made for one reader and kept by nobody.
    pub fn aside() -> Self {
        Self { watch: Watch::default(), read: None }
    }

    /// The template looked at these fields.
    pub fn saw(&self, names: &[&str]) {
        CURRENT.with(|current| match current.try_borrow_mut().as_deref_mut() {
            Ok(Some(scope)) => scope.saw(self, names),
            // Nothing is noted outside of a render, and whoever holds the scope tells it itself.
            _ => self.watch.saw(names),
        });
    }
}

/// One thing that is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Noted {
    Asked(Read),
    Told(Question),
}

/// What a fragment read, and how long it is good.
#[derive(Debug, Default)]
pub struct Frame {
    pub reads: Vec<Recorded>,
    pub dates: Dates,
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
    /// Over the theme that renders.
    pub theme: Fingerprint,
    /// What was made before this change is too old.
    pub since: Revision,
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
    Post(Arc<Post>, Sight),
    Tag(Arc<Term>, Sight),
    Author(Arc<Term>, Sight),
}

/// How a template ended itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    NotFound,
    /// What was here is gone for good.
    Gone,
    Redirect {
        to: String,
        status: u16,
    },
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
            asked: HashMap::new(),
            told: HashMap::new(),
            order: Vec::new(),
            inner: workshop.inner.clone(),
            inner_since: 0,
            outbound: workshop.outbound.clone(),
            frames: Vec::new(),
            good_to: None,
            dates: Dates::default(),
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

    /// Asks content, once per render and once per revision for what many pages share. Whoever uses a field of the posts,
    /// tags and authors in the answer says so to the sight of it.
    pub fn ask(&mut self, read: Read) -> Result<Asked, Error> {
        if let Some(answered) = self.draft.as_ref().and_then(|draft| draft.answer(&read)) {
            return Ok(Asked { answered, sight: Sight::of(&read) });
        }
        self.note(&Noted::Asked(read.clone()));
        if let Some(asked) = self.asked.get(&read) {
            return Ok(asked.clone());
        }
        let asked = Asked { answered: self.answer(&read)?, sight: Sight::of(&read) };
        self.order.push(Noted::Asked(read.clone()));
        self.asked.insert(read, asked.clone());
        Ok(asked)
    }

    /// An answer inside the snapshot, recorded by nobody.
    fn answer(&self, read: &Read) -> Result<Arc<Answered>, Error> {
        if Instant::now() > self.deadline {
            return Err(Error::new(ErrorKind::InvalidOperation, "the page took too long"));
        }
        let revision = self.snapshot.revision;
        if let Some(answered) = self.shared.get(revision, read) {
            return Ok(answered);
        }
        let answered = self.runtime.block_on(ask(&self.snapshot.txn, read)).map_err(|error| {
            Error::new(ErrorKind::InvalidOperation, "the content could not be read").with_source(error)
        })?;
        let answered = Arc::new(answered);
        self.shared.put(revision, read, &answered);
        Ok(answered)
    }

    /// Looks for words in what is published. The page is made for this reader alone: no words of readers fill the cache.
    pub fn search(&mut self, text: &str, page: u32, limit: u32) -> Result<Found, Error> {
        if self.is_inside_fragment() {
            let problem = "search() may not stand inside cached(): what readers look for would be stored";
            return Err(Error::new(ErrorKind::InvalidOperation, problem));
        }
        self.shorten(0);
        self.runtime.block_on(search(&self.snapshot.txn, text, page, limit)).map_err(|error| {
            Error::new(ErrorKind::InvalidOperation, "the content could not be searched").with_source(error)
        })
    }

    /// A time printed in the site's zone: the page depends on the text.
    pub fn local(&mut self, time: &str, pattern: &str) -> Result<Result<String, jiff::Error>, Error> {
        for dates in self.frames.iter_mut().map(|(_, frame)| &mut frame.dates).chain([&mut self.dates]) {
            dates.insert(time, pattern);
        }
        Ok(time::format(time, pattern, Dates::zone_in(&self.answer(&Dates::zone())?.answer)))
    }

    /// These fields are looked at.
    pub fn saw(&mut self, sight: &Sight, names: &[&str]) {
        sight.watch.saw(names);
        if let Some(read) = sight.read.as_deref().filter(|_| self.is_inside_fragment()) {
            self.note(&Noted::Asked(read.clone()));
        }
    }

    /// Records that the page depends on a part of the theme.
    pub fn uses(&mut self, question: Question) {
        let fingerprint = self.stage.fingerprint(&question).unwrap_or(Fingerprint::of(b"absent"));
        let tags = Arc::new(BTreeSet::from([CacheTag::theme()]));
        self.tell(Recorded { question, fingerprint, tags, span: Span::default() });
    }

    fn tell(&mut self, recorded: Recorded) {
        let noted = Noted::Told(recorded.question.clone());
        self.note(&noted);
        if !self.told.contains_key(&recorded.question) {
            self.order.push(noted);
            self.told.insert(recorded.question.clone(), recorded);
        }
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
            theme: self.stage.fingerprint_of_all(),
            since: self.inner_since,
        }
    }

    pub fn is_inside_fragment(&self) -> bool {
        !self.frames.is_empty()
    }

    /// Records an inner read.
    pub fn record_inner(&mut self, question: Question, fingerprint: Fingerprint, tags: BTreeSet<CacheTag>) {
        self.tell(Recorded { question, fingerprint, tags: Arc::new(tags), span: Span::default() });
    }

    /// Makes what a fragment read part of what the page read.
    pub fn join(&mut self, reads: &[Recorded]) {
        for recorded in reads {
            self.tell(recorded.clone());
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
        let (noted, frame) = self.frames.pop().unwrap_or_default();
        let reads = noted.iter().filter_map(|noted| self.recorded(noted)).chain(self.recorded_dates(&frame.dates));
        Frame { reads: reads.collect(), ..frame }
    }

    /// A fragment that is being made depends on what is noted, even if the page had asked it before.
    fn note(&mut self, noted: &Noted) {
        for (before, _) in &mut self.frames {
            if !before.contains(noted) {
                before.push(noted.clone());
            }
        }
    }

    /// What is recorded of it, as much of it as was seen so far.
    fn recorded(&self, noted: &Noted) -> Option<Recorded> {
        match noted {
            Noted::Told(question) => self.told.get(question).cloned(),
            Noted::Asked(read) => self.asked.get(read).map(|Asked { answered, sight }| {
                let seen = sight.watch.seen();
                Recorded {
                    question: Question::Content(read.clone(), seen),
                    fingerprint: self.stage.seen(read, answered, seen),
                    tags: answered.tags.clone(),
                    span: answered.span,
                }
            }),
        }
    }

    /// Every name whose change can change what the render has met so far.
    pub fn all_tags(&self) -> BTreeSet<CacheTag> {
        let asked = self.asked.values().flat_map(|asked| asked.answered.tags.iter());
        let told = self.told.values().flat_map(|recorded| recorded.tags.iter());
        let mut tags: BTreeSet<_> = asked.chain(told).chain(&self.tags).cloned().collect();
        tags.extend(self.told.keys().filter_map(|question| match question {
            Question::Route(name) => Some(CacheTag::route(name)),
            _ => None,
        }));
        tags
    }

    /// The template that was begun last.
    pub fn template(&self) -> Option<&str> {
        self.order.iter().rev().find_map(|noted| match noted {
            Noted::Told(Question::Template(name)) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Everything asked, in order.
    pub fn into_recorded(self) -> Vec<Recorded> {
        let reads = self.order.iter().filter_map(|noted| self.recorded(noted));
        reads.chain(self.recorded_dates(&self.dates)).collect()
    }

    fn recorded_dates(&self, dates: &Dates) -> Option<Recorded> {
        let answered = self.answer(&Dates::zone()).ok().filter(|_| !dates.is_empty())?;
        Some(Recorded {
            question: Question::Dates(dates.clone()),
            fingerprint: dates.fingerprint(Dates::zone_in(&answered.answer)),
            tags: answered.tags.clone(),
            span: Span::default(),
        })
    }

    pub fn deadline(&self) -> Instant {
        self.deadline
    }
}
