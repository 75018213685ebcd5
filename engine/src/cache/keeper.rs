//! The CacheKeeper actor: feeds events to the state machine and performs its effects; the only writer of `Pages`.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use actix::{
    Actor, ActorFutureExt, Addr, AsyncContext, Context, Handler, Message, MessageResult, Recipient, ResponseFuture,
    WrapFuture,
};
use tokio::sync::oneshot;

use crate::{
    content::{
        change::{Changed, Revision},
        tag::CacheTag,
    },
    render::{
        RenderError,
        inner::Inner,
        key::PageKey,
        renderer::{Paths, Render, Rendered, Renderer, Verified, Verify},
    },
};

use super::{
    event::{Event as Told, Events},
    page::{Document, Page},
    pages::Pages,
    shelf::Shelf,
    state::{Answer, Decision, Effect, Event, Limits, Made, Millis, State, Waiter, entry::Facts, trace::Progress},
};

pub type Payload = Arc<Document>;

#[derive(Debug)]
pub struct CacheKeeper {
    state: State<Payload>,
    pages: Arc<Pages>,
    renderer: Addr<Renderer>,
    shelf: Option<Shelf>,
    scheduler: Option<Recipient<At>>,
    /// Deadlines from before the scheduler was there.
    early: Vec<At>,
    waiters: HashMap<Waiter, oneshot::Sender<Answer<Payload>>>,
    last_waiter: Waiter,
    settling: HashMap<Revision, Vec<oneshot::Sender<()>>>,
    events: Events,
    inner: Arc<Inner>,
    /// One body for all pages that were not found, as long as it stays the same.
    not_found: Option<Payload>,
    /// Log every decision.
    debug: bool,
    draining: bool,
}

/// Tell the keeper when this moment comes.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct At {
    pub deadline: Millis,
    pub key: PageKey,
}

/// Deadlines that have passed.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Expired(pub Vec<PageKey>);

/// Whom to tell deadlines.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Attend(pub Recipient<At>);

/// A reader's page is not there, or may not be given as it is.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Answer<Payload>")]
pub struct Fetch(pub PageKey);

/// A reader was given a stale page.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Stale(pub PageKey);

/// Make this page now, whatever is stored.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Answer<Payload>")]
pub struct Refresh {
    pub key: PageKey,
    pub only_if_generated: bool,
}

/// Pages found on the shelf at start. Comes before any change is announced.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Restore(pub Vec<(PageKey, Made<()>)>);

/// Make whatever the theme has and is not there yet.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Warm;

/// Wait until all that a change touched is fresh, but no longer than `patience`.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Settle {
    pub revision: Revision,
    pub patience: Duration,
}

/// What became of the pages that a change touched.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "Vec<(PageKey, Progress)>")]
pub struct Report(pub Revision);

/// Asks the keeper's state something; the answer comes when its mailbox gets there.
pub struct Inspect<T>(pub Look<T>);

pub type Look<T> = Box<dyn FnOnce(&State<Payload>, Millis) -> T + Send>;

impl<T: Send + 'static> Message for Inspect<T> {
    type Result = T;
}

/// No more is to be begun; the process is about to end.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Drain;

impl CacheKeeper {
    pub fn new(
        limits: Limits,
        revision: Revision,
        pages: Arc<Pages>,
        renderer: Addr<Renderer>,
        shelf: Option<Shelf>,
        events: Events,
        inner: Arc<Inner>,
    ) -> Self {
        Self {
            state: State::new(limits, revision),
            pages,
            renderer,
            shelf,
            scheduler: None,
            early: Vec::new(),
            waiters: HashMap::new(),
            last_waiter: 0,
            settling: HashMap::new(),
            events,
            inner,
            not_found: None,
            debug: false,
            draining: false,
        }
    }

    /// Logs every decision, or only what went wrong.
    pub fn telling(self, debug: bool) -> Self {
        Self { debug, ..self }
    }

    fn handle_event(&mut self, event: Event<Payload>, ctx: &mut Context<Self>) {
        let pages = self.pages.clone();
        let effects = self.state.handle(event, now(), &mut |key| pages.take_visited(key));
        for effect in effects {
            self.perform(effect, ctx);
        }
    }

    fn perform(&mut self, effect: Effect<Payload>, ctx: &mut Context<Self>) {
        match effect {
            Effect::Render { key } => self.render(key, ctx),
            Effect::Verify { questions, born, asked_at } => {
                let asked = questions.clone();
                let verify = self.renderer.send(Verify { questions, born }).into_actor(self);
                ctx.spawn(verify.map(move |answer, keeper, ctx| {
                    let event = match answer.unwrap_or(Err(RenderError::Stopping)) {
                        Ok(Verified { revision, answers, paths }) => Event::Verified {
                            asked_at,
                            revision,
                            answers: asked.into_iter().zip(answers).collect(),
                            born: paths.iter().map(|path| PageKey::of_path(path)).collect(),
                        },
                        Err(error) => {
                            tracing::warn!(%error, "pages could not be verified and are made again");
                            Event::VerifyFailed { questions: asked, revision: asked_at }
                        }
                    };
                    keeper.handle_event(event, ctx);
                }));
            }
            Effect::Publish { key, payload, mark, facts } => self.pages.publish(key, Page::new(payload, &facts, mark)),
            Effect::Mark { key, mark } => self.pages.mark(&key, mark),
            Effect::Withdraw { key } => self.pages.withdraw(&key),
            Effect::Answer { waiter, answer } => {
                if let Some(reader) = self.waiters.remove(&waiter) {
                    let _ = reader.send(answer); // A reader may have left.
                }
            }
            Effect::Wake { key, at } => {
                let at = At { deadline: at, key };
                match &self.scheduler {
                    Some(scheduler) => scheduler.do_send(at),
                    None => self.early.push(at),
                }
            }
            Effect::Shelve { key, page } => {
                if let Some(shelf) = &self.shelf {
                    shelf.put(key, page);
                }
            }
            Effect::Unshelve { key } => {
                if let Some(shelf) = &self.shelf {
                    shelf.remove(key);
                }
            }
            Effect::Load { key } => self.load(key, ctx),
            Effect::Settled { revision } => {
                for waiting in self.settling.remove(&revision).unwrap_or_default() {
                    let _ = waiting.send(());
                }
            }
            Effect::Tell(note) => {
                if self.debug {
                    tracing::info!(target: "cache", page = %note.key, decision = ?note.decision, reason = %note.reason, revision = note.revision);
                }
                let ms = (note.decision == Decision::Stored).then(|| self.state.page(&note.key, now())).flatten();
                let ms = ms.and_then(|page| page.facts).map(|facts| facts.took_ms);
                let _ = self.events.send(Told::of_note(&note, ms)); // Nobody may be watching.
            }
        }
    }

    fn render(&mut self, key: PageKey, ctx: &mut Context<Self>) {
        let render = self.renderer.send(Render(key.clone())).into_actor(self);
        ctx.spawn(render.map(move |answer, keeper, ctx| {
            let event = match answer.unwrap_or(Err(RenderError::Stopping)) {
                Ok(rendered) => {
                    for warning in &rendered.warnings {
                        tracing::warn!(page = %key, "{warning}");
                    }
                    match keeper.made(&key, rendered) {
                        Some(page) => Event::Rendered { key, page },
                        None => Event::RenderFailed {
                            key,
                            error: "the page's type or address cannot be sent as a header".into(),
                        },
                    }
                }
                Err(error) => {
                    let detail = if let RenderError::Template { detail, .. } = &error { detail.as_str() } else { "" };
                    tracing::error!(page = %key, %error, detail, "a page could not be made");
                    Event::RenderFailed { key, error: error.to_string() }
                }
            };
            keeper.handle_event(event, ctx);
        }));
    }

    /// A render's result with its lifetime, and the moment of the last change of its bytes.
    fn made(&mut self, key: &PageKey, rendered: Rendered) -> Option<Made<Payload>> {
        let now = now();
        let seconds = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX / 2_000).saturating_mul(1000);
        let before = self.state.page(key, now).and_then(|page| page.facts);
        // Readers ask with dates, which are whole seconds: the second version within one is told from the first by its milliseconds.
        let second = now / 1000 * 1000;
        let modified_at = match before {
            Some(facts) if facts.hash == rendered.body.hash => facts.modified_at,
            Some(facts) if facts.modified_at >= second => now.max(second + 1),
            _ => second,
        };
        let dynamic = rendered.freshness.is_dynamic();
        let mut facts = Facts {
            revision: rendered.revision,
            status: rendered.status,
            hash: rendered.body.hash.clone(),
            bytes: rendered.body.bytes() + OVERHEAD,
            made_at: now,
            modified_at,
            fresh_until: rendered.freshness.revalidate.map(|period| now.saturating_add(seconds(period))),
            expires_at: now.saturating_add(seconds(rendered.freshness.expire)),
            took_ms: u32::try_from(rendered.took.as_millis()).unwrap_or(u32::MAX),
            route: rendered.route,
        };
        let mut tags: Vec<_> = rendered.tags.into_iter().collect();
        tags.extend([CacheTag::path(key.path()), CacheTag::route(&facts.route)]);
        let document = Document::new(
            rendered.status,
            &rendered.content_type,
            rendered.location.as_deref(),
            rendered.body,
            modified_at,
            dynamic,
        )?;
        let payload = match &self.not_found {
            Some(known) if facts.is_not_found() && known.body.hash == facts.hash => known.clone(),
            _ => Arc::new(document),
        };
        if facts.is_not_found() {
            self.not_found = Some(payload.clone());
            facts.bytes = OVERHEAD;
        }
        Some(Made { payload, facts, reads: rendered.reads, tags, dynamic })
    }

    fn load(&mut self, key: PageKey, ctx: &mut Context<Self>) {
        let facts = self.state.page(&key, now()).and_then(|page| page.facts);
        let (Some(shelf), Some(facts)) = (self.shelf.clone(), facts) else {
            return ctx.notify(Loaded { key, document: None });
        };
        let wanted = key.clone();
        let load = tokio::task::spawn_blocking(move || shelf.load(&wanted, &facts)).into_actor(self);
        ctx.spawn(load.map(|document, _, ctx| {
            let document = document.ok().flatten().map(Arc::new);
            ctx.notify(Loaded { key, document });
        }));
    }

    fn wait(&mut self) -> (Waiter, oneshot::Receiver<Answer<Payload>>) {
        let (sender, receiver) = oneshot::channel();
        self.last_waiter += 1;
        self.waiters.insert(self.last_waiter, sender);
        (self.last_waiter, receiver)
    }
}

/// What a page costs in memory beside its bodies: headers, reads and tags. An estimate.
const OVERHEAD: usize = 2_048;

/// Milliseconds since the epoch.
pub fn now() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Actor for CacheKeeper {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(4096);
    }

    // Also runs when a handler panicked: a process without its keeper would serve pages that never change again.
    fn stopped(&mut self, _: &mut Self::Context) {
        if !self.draining {
            tracing::error!("the cache keeper has stopped; the process ends so that it can be started again");
            actix::System::current().stop_with_code(1);
        }
    }
}

impl Handler<Changed> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Changed(change): Changed, ctx: &mut Self::Context) {
        let _ =
            self.events.send(Told::Change { revision: change.revision, tags: change.tags.iter().cloned().collect() });
        // Before any page is made again: it may be made of inner entries.
        self.inner.expire(&change.tags, change.revision);
        if let Some(demand) = &change.demand {
            // A path means everything its pages were made of; a tag only what carries it.
            let is_path = |tag: &&CacheTag| ["path:", "route:"].iter().any(|kind| tag.as_str().starts_with(kind));
            let paths = change.tags.iter().filter(is_path).cloned().collect();
            let pages = self.state.demanded_by(&paths, &demand.subtrees);
            let questions = pages.iter().flat_map(|key| self.state.reads_of(key));
            let names: Vec<_> = questions.filter_map(|(question, _)| question.inner_name()).collect();
            self.inner.expire_named(names.iter().map(String::as_str));
        }
        self.handle_event(Event::Changed(change), ctx);
    }
}

impl Handler<Fetch> for CacheKeeper {
    type Result = ResponseFuture<Answer<Payload>>;

    fn handle(&mut self, Fetch(key): Fetch, ctx: &mut Self::Context) -> Self::Result {
        let (waiter, answer) = self.wait();
        self.handle_event(Event::Fetch { key, waiter }, ctx);
        Box::pin(async { answer.await.unwrap_or_else(|_| Answer::Failed(RenderError::Stopping.to_string())) })
    }
}

impl Handler<Refresh> for CacheKeeper {
    type Result = ResponseFuture<Answer<Payload>>;

    fn handle(&mut self, Refresh { key, only_if_generated }: Refresh, ctx: &mut Self::Context) -> Self::Result {
        let (waiter, answer) = self.wait();
        self.handle_event(Event::Refresh { key, waiter, only_if_generated }, ctx);
        Box::pin(async { answer.await.unwrap_or_else(|_| Answer::Failed(RenderError::Stopping.to_string())) })
    }
}

impl Handler<Stale> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Stale(key): Stale, ctx: &mut Self::Context) {
        self.handle_event(Event::Stale { key }, ctx);
    }
}

impl Handler<Expired> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Expired(keys): Expired, ctx: &mut Self::Context) {
        for key in keys {
            self.handle_event(Event::Due { key }, ctx);
        }
    }
}

impl Handler<Attend> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Attend(scheduler): Attend, _: &mut Self::Context) {
        for at in self.early.drain(..) {
            scheduler.do_send(at);
        }
        self.scheduler = Some(scheduler);
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Loaded {
    key: PageKey,
    document: Option<Payload>,
}

impl Handler<Loaded> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Loaded { key, document }: Loaded, ctx: &mut Self::Context) {
        self.handle_event(Event::Loaded { key, payload: document }, ctx);
    }
}

impl Handler<Restore> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Restore(pages): Restore, ctx: &mut Self::Context) {
        for (key, page) in pages {
            self.handle_event(Event::Restored { key, page }, ctx);
        }
    }
}

impl Handler<Warm> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, _: Warm, ctx: &mut Self::Context) {
        let paths = self.renderer.send(Paths).into_actor(self);
        ctx.spawn(paths.map(|paths, keeper, ctx| match paths.unwrap_or(Err(RenderError::Stopping)) {
            Ok(paths) => {
                let keys = paths.iter().map(|path| PageKey::of_path(path)).collect();
                keeper.handle_event(Event::Prerender { keys }, ctx);
            }
            Err(error) => {
                tracing::error!(%error, "the pages to make ahead could not be listed; they are made when visited")
            }
        }));
    }
}

impl Handler<Settle> for CacheKeeper {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, Settle { revision, patience }: Settle, _: &mut Self::Context) -> Self::Result {
        if self.state.is_settled(revision) {
            return Box::pin(std::future::ready(()));
        }
        let (sender, settled) = oneshot::channel();
        self.settling.entry(revision).or_default().push(sender);
        Box::pin(async move {
            let _ = tokio::time::timeout(patience, settled).await; // What is not fresh by then is told by events.
        })
    }
}

impl Handler<Report> for CacheKeeper {
    type Result = MessageResult<Report>;

    fn handle(&mut self, Report(revision): Report, _: &mut Self::Context) -> Self::Result {
        MessageResult(self.state.report(revision))
    }
}

impl<T: Send + 'static> Handler<Inspect<T>> for CacheKeeper {
    type Result = MessageResult<Inspect<T>>;

    fn handle(&mut self, Inspect(look): Inspect<T>, _: &mut Self::Context) -> Self::Result {
        MessageResult(look(&self.state, now()))
    }
}

impl Handler<Drain> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, _: Drain, _: &mut Self::Context) {
        self.draining = true;
    }
}
