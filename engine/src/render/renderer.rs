//! The Renderer actor: a pool of threads, each making one page at a time inside one snapshot of the content.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use actix::{Actor, Addr, Handler, Message, SyncArbiter, SyncContext};
use bytes::Bytes;
use sea_orm::DatabaseConnection;
use tokio::runtime::Handle;

use crate::{
    content::{
        ask::{AskError, ask},
        change::{Entity, Revision},
        read::{Answer, Read},
        snapshot::Snapshot,
        span::Span,
        tag::CacheTag,
        time::Time,
    },
    outbound::Outbound,
    theme::route::Freshness,
};

use super::{
    RenderError,
    answers::Answers,
    dates::Dates,
    encode::Encoded,
    inner::Inner,
    key::PageKey,
    page, paths,
    quarantine::Quarantine,
    question::{Confirmed, Question, Recorded},
    scope::Scope,
    stage::Stage,
};

/// How long one render may take.
pub(super) const LONGEST: Duration = Duration::from_secs(5);

/// What all renderer threads share.
#[derive(Debug)]
pub struct Workshop {
    /// Without a trailing slash.
    pub site_url: Arc<str>,
    pub readers: DatabaseConnection,
    pub runtime: Handle,
    pub answers: Arc<Answers>,
    pub inner: Arc<Inner>,
    pub outbound: Outbound,
    pub quarantine: Arc<Quarantine>,
    pub renders: AtomicU64,
}

/// One thread of the pool. A panic in a render is that page's failure and costs no thread.
#[derive(Debug)]
pub struct Renderer(pub(super) Arc<Workshop>);

impl Renderer {
    /// Starts `threads` renderer threads behind one address. Their mailbox has no bound: whoever sends bounds what is in flight.
    pub fn start(threads: usize, workshop: Arc<Workshop>) -> Addr<Self> {
        SyncArbiter::start(threads, move || Self(workshop.clone()))
    }
}

impl Actor for Renderer {
    type Context = SyncContext<Self>;
}

/// Make the page for this key, with this stage.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<Rendered, RenderError>")]
pub struct Render {
    pub stage: Arc<Stage>,
    pub key: PageKey,
    /// Of the page's inner entries, those made before this change are made anew.
    pub inner_since: Revision,
}

impl Render {
    /// Of inner entries as they are.
    pub fn new(stage: Arc<Stage>, key: PageKey) -> Self {
        Self { stage, key, inner_since: 0 }
    }
}

/// A page with everything it read.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The content it shows is of this revision.
    pub revision: Revision,
    pub status: u16,
    pub content_type: String,
    pub location: Option<String>,
    pub body: Encoded,
    pub route: String,
    pub freshness: Freshness,
    pub reads: Vec<Recorded>,
    /// What the route and the template added.
    pub tags: BTreeSet<CacheTag>,
    pub took: Duration,
    pub warnings: Vec<String>,
}

impl Handler<Render> for Renderer {
    type Result = Result<Rendered, RenderError>;

    fn handle(&mut self, render: Render, _: &mut Self::Context) -> Self::Result {
        let _attempt = self.0.quarantine.attempt(&render.key)?;
        guarded(&self.0.runtime, || self.0.render(&render))
    }
}

/// Ask these questions anew, and find the pages of what was born.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<Verified, RenderError>")]
pub struct Verify {
    pub stage: Arc<Stage>,
    pub questions: Vec<Question>,
    pub born: Vec<Entity>,
}

#[derive(Clone, Debug)]
pub struct Verified {
    /// Every answer is of this revision.
    pub revision: Revision,
    /// In the order of the questions; `None` where the theme no longer has what was asked for.
    pub answers: Vec<Option<Confirmed>>,
    pub paths: Vec<String>,
}

impl Handler<Verify> for Renderer {
    type Result = Result<Verified, RenderError>;

    fn handle(&mut self, verify: Verify, _: &mut Self::Context) -> Self::Result {
        guarded(&self.0.runtime, || self.0.verify(&verify))
    }
}

/// Every path to prerender, in the order in which to make them.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<Vec<String>, RenderError>")]
pub struct Paths(pub Arc<Stage>);

impl Handler<Paths> for Renderer {
    type Result = Result<Vec<String>, RenderError>;

    fn handle(&mut self, Paths(stage): Paths, _: &mut Self::Context) -> Self::Result {
        guarded(&self.0.runtime, || {
            let snapshot = self.0.snapshot()?;
            Ok(paths::all(&stage, |read| self.0.answer(&snapshot, read))?)
        })
    }
}

/// A panic that left a handler would end the thread for good, and actix never replaces it.
pub(super) fn guarded<T>(runtime: &Handle, work: impl FnOnce() -> Result<T, RenderError>) -> Result<T, RenderError> {
    let _inside = runtime.enter(); // A snapshot that is dropped gives its connection back in a task.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Scope::abandon();
        Err(RenderError::Panicked("engine".into()))
    })
}

impl Workshop {
    pub(super) fn snapshot(&self) -> Result<Snapshot, RenderError> {
        Ok(self.runtime.block_on(Snapshot::begin(&self.readers))?)
    }

    pub(super) fn render(&self, Render { stage, key, inner_since }: &Render) -> Result<Rendered, RenderError> {
        let begun = Instant::now();
        let id = self.renders.fetch_add(1, Ordering::Relaxed) + 1;
        let mut scope = Scope::new(self, stage.clone(), key.path().to_owned(), id, self.snapshot()?, begun + LONGEST);
        scope.inner_since = *inner_since;
        let (scope, made) = scope.enter(|| catch_unwind(AssertUnwindSafe(|| page::make(stage, key))));
        let Some(scope) = scope else { return Err(RenderError::Panicked("engine".into())) };
        let made = made.unwrap_or_else(|_| {
            let template = scope.template().unwrap_or("engine");
            Err(RenderError::Panicked(template.to_owned()))
        });
        let made = made.map_err(|error| {
            if error.is_crash() {
                self.quarantine.crashed(key, error, scope.all_tags(), scope.revision())
            } else {
                error
            }
        })?;
        self.quarantine.made(key);
        let period = scope.period;
        let revalidate = [made.freshness.revalidate, period].into_iter().flatten().min();
        Ok(Rendered {
            revision: scope.good_revision(),
            status: made.status,
            body: Encoded::of(Bytes::from(made.body), &made.content_type),
            content_type: made.content_type,
            location: made.location,
            route: made.route,
            freshness: Freshness { revalidate, ..made.freshness },
            tags: scope.tags.clone(),
            warnings: scope.warnings.clone(),
            reads: scope.into_recorded(),
            took: begun.elapsed(),
        })
    }

    fn verify(&self, verify: &Verify) -> Result<Verified, RenderError> {
        let stage = &verify.stage;
        let snapshot = self.snapshot()?;
        let mut answers = Vec::with_capacity(verify.questions.len());
        for question in &verify.questions {
            let alone = |fingerprint| Confirmed { fingerprint, tags: None, span: Span::default() };
            answers.push(match question {
                Question::Content(read, seen) => {
                    let answered = self.ask(&snapshot, read)?;
                    let fingerprint = stage.seen(read, &answered, *seen);
                    Some(Confirmed { fingerprint, tags: Some(answered.tags.clone()), span: answered.span })
                }
                Question::Dates(dates) => {
                    let answered = self.ask(&snapshot, &Dates::zone())?;
                    Some(alone(dates.fingerprint(Dates::zone_in(&answered.answer))))
                }
                other => match other.inner_name() {
                    Some(name) => self.inner.fingerprint(&name, stage.fingerprint_of_all(), Time::now().0).map(alone),
                    None => stage.fingerprint(other).map(alone),
                },
            });
        }
        let paths = paths::born(stage, &verify.born, |read| self.answer(&snapshot, read))?;
        Ok(Verified { revision: snapshot.revision, answers, paths })
    }

    fn answer(&self, snapshot: &Snapshot, read: Read) -> Result<Answer, AskError> {
        Ok(self.ask(snapshot, &read)?.answer.clone())
    }

    fn ask(&self, snapshot: &Snapshot, read: &Read) -> Result<Arc<crate::content::read::Answered>, AskError> {
        let revision = snapshot.revision;
        if let Some(answered) = self.answers.get(revision, read) {
            return Ok(answered);
        }
        let answered = Arc::new(self.runtime.block_on(ask(&snapshot.txn, read))?);
        self.answers.put(revision, read, &answered);
        Ok(answered)
    }
}
