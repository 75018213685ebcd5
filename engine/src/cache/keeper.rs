//! The CacheKeeper actor: feeds events to the state machine and performs its effects; the only writer of `Pages`.

mod message;
mod switch;

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use actix::{Actor, ActorFutureExt, Addr, AsyncContext, Context, Recipient, WrapFuture};
use tokio::sync::oneshot;

use crate::{
    content::{change::Revision, tag::CacheTag},
    render::{
        RenderError,
        key::PageKey,
        renderer::{Render, Rendered, Renderer, Verified, Verify, Workshop},
    },
};

use self::message::Loaded;
pub use self::message::{
    At, Attend, Drain, Expired, Fetch, Inspect, Look, Refresh, Report, Restore, Settle, Stale, Storable, Sweep, Warm,
};
pub use self::switch::{Abandon, Prepare, Ready, Reload, Replace, Switch, SwitchState, Switching};

use super::{
    event::{Event as Told, Events},
    page::{Document, Page},
    pages::{Live, Pages},
    shelf::Shelf,
    state::{Answer, Decision, Effect, Event, Limits, Made, Millis, State, Waiter, entry::Facts},
};

pub type Payload = Arc<Document>;

/// The pages of one theme.
#[derive(Debug)]
struct Side {
    state: State<Payload>,
    live: Arc<Live>,
    /// So that what was begun for a side that is gone is told from what is awaited.
    number: u64,
    /// One body for all pages that were not found, as long as it stays the same.
    not_found: Option<Payload>,
}

#[derive(Debug)]
pub struct CacheKeeper {
    /// What readers see.
    side: Side,
    /// What they are to see.
    next: Option<switch::Next>,
    switch: Option<Switch>,
    numbers: u64,
    limits: Limits,
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
    workshop: Arc<Workshop>,
    draining: bool,
}

impl CacheKeeper {
    pub fn new(
        limits: Limits,
        revision: Revision,
        pages: Arc<Pages>,
        renderer: Addr<Renderer>,
        shelf: Option<Shelf>,
        events: Events,
        workshop: Arc<Workshop>,
    ) -> Self {
        let side = Side { state: State::new(limits, revision), live: pages.load_full(), number: 0, not_found: None };
        Self {
            side,
            next: None,
            switch: None,
            numbers: 0,
            limits,
            pages,
            renderer,
            shelf,
            scheduler: None,
            early: Vec::new(),
            waiters: HashMap::new(),
            last_waiter: 0,
            settling: HashMap::new(),
            events,
            workshop,
            draining: false,
        }
    }

    /// The side of this number, if it is still there.
    fn side(&mut self, number: u64) -> Option<&mut Side> {
        if self.side.number == number {
            return Some(&mut self.side);
        }
        self.next.as_mut().map(switch::Next::side).filter(|side| side.number == number)
    }

    fn handle_event(&mut self, number: u64, event: Event<Payload>, ctx: &mut Context<Self>) {
        let Some(side) = self.side(number) else { return };
        let live = side.live.clone();
        let effects = side.state.handle(event, now(), &mut |key| live.take_visited(key));
        for effect in effects {
            self.perform(number, effect, ctx);
        }
    }

    /// An event of the pages that readers see.
    fn handle_own(&mut self, event: Event<Payload>, ctx: &mut Context<Self>) {
        self.handle_event(self.side.number, event, ctx);
    }

    /// An event of the site, for every side.
    fn handle_all(&mut self, event: &Event<Payload>, ctx: &mut Context<Self>) {
        let numbers = [Some(self.side.number), self.next.as_mut().map(|next| next.side().number)];
        for number in numbers.into_iter().flatten() {
            self.handle_event(number, event.clone(), ctx);
        }
    }

    fn perform(&mut self, number: u64, effect: Effect<Payload>, ctx: &mut Context<Self>) {
        let is_next = number != self.side.number;
        let Some(side) = self.side(number) else { return };
        let live = side.live.clone();
        match effect {
            Effect::Render { key, inner_since } => {
                self.render(number, Render { stage: live.stage.clone(), key, inner_since }, ctx);
            }
            Effect::Verify { questions, born, asked_at } => {
                for question in &questions {
                    tracing::debug!(target: "cache", %question, revision = asked_at, reason = "it may have another answer now", "verify");
                }
                let asked = questions.clone();
                let verify = self.renderer.send(Verify { stage: live.stage.clone(), questions, born });
                ctx.spawn(verify.into_actor(self).map(move |answer, keeper, ctx| {
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
                    keeper.handle_event(number, event, ctx);
                }));
            }
            Effect::Publish { key, payload, mark, facts } => live.publish(key, Page::new(payload, &facts, mark)),
            Effect::Mark { keys, mark } => live.mark(&keys, mark),
            Effect::Withdraw { key } => live.withdraw(&key),
            // Nobody waits for the others, and nobody sees them; at the switch all of it is caught up on.
            _ if is_next => {}
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
            Effect::Confirm { key, facts, reads, revision } => {
                if let Some(shelf) = &self.shelf {
                    shelf.confirm(key, facts, reads, revision);
                }
            }
            Effect::Visited { keys } => {
                if let Some(shelf) = &self.shelf {
                    shelf.visited(keys);
                }
            }
            Effect::Settled { revision } => {
                for waiting in self.settling.remove(&revision).unwrap_or_default() {
                    let _ = waiting.send(());
                }
            }
            Effect::Tell(note) => {
                tracing::debug!(target: "cache", page = %note.key, revision = note.revision, reason = note.reason, "{}", note.decision.word());
                let ms = (note.decision == Decision::Stored).then(|| self.side.state.page(&note.key, now())).flatten();
                let ms = ms.and_then(|page| page.facts).map(|facts| facts.took_ms);
                let _ = self.events.send(Told::of_note(&note, ms)); // Nobody may be watching.
            }
        }
    }

    fn render(&mut self, number: u64, render: Render, ctx: &mut Context<Self>) {
        let key = render.key.clone();
        let render = self.renderer.send(render).into_actor(self);
        ctx.spawn(render.map(move |answer, keeper, ctx| {
            let event = match answer.unwrap_or(Err(RenderError::Stopping)) {
                Ok(rendered) => {
                    for warning in &rendered.warnings {
                        tracing::warn!(page = %key, "{warning}");
                    }
                    let Some(side) = keeper.side(number) else { return };
                    match side.made(&key, rendered) {
                        Some(page) => Event::Rendered { key, page },
                        None => Event::RenderFailed {
                            key,
                            error: "the page's type or address cannot be sent as a header".into(),
                            held: false,
                        },
                    }
                }
                Err(error) => {
                    let held = matches!(error, RenderError::Quarantined(_));
                    if !held {
                        let detail = if let RenderError::Template { detail, .. } = &error { detail } else { "" };
                        tracing::error!(page = %key, %error, detail, "a page could not be made");
                    }
                    Event::RenderFailed { key, error: error.to_string(), held }
                }
            };
            let tried = match &event {
                Event::Rendered { key, .. } => Some((key.clone(), None)),
                Event::RenderFailed { key, error, .. } => Some((key.clone(), Some(error.clone()))),
                _ => None,
            };
            keeper.handle_event(number, event, ctx);
            keeper.tried(number, tried.as_ref().map(|(key, error)| (key, error.as_deref())));
        }));
    }

    fn load(&mut self, key: PageKey, ctx: &mut Context<Self>) {
        let number = self.side.number;
        let facts = self.side.state.page(&key, now()).and_then(|page| page.facts);
        let (Some(shelf), Some(facts)) = (self.shelf.clone(), facts) else {
            return ctx.notify(Loaded { number, key, document: None });
        };
        let wanted = key.clone();
        let load = tokio::task::spawn_blocking(move || shelf.load(&wanted, &facts));
        let load = tokio::time::timeout(LOAD, load).into_actor(self);
        ctx.spawn(load.map(move |document, _, ctx| {
            let document = document.ok().and_then(Result::ok).flatten().map(Arc::new);
            ctx.notify(Loaded { number, key, document });
        }));
    }

    fn wait(&mut self) -> (Waiter, oneshot::Receiver<Answer<Payload>>) {
        let (sender, receiver) = oneshot::channel();
        self.last_waiter += 1;
        self.waiters.insert(self.last_waiter, sender);
        (self.last_waiter, receiver)
    }
}

impl Side {
    /// A render's result with its lifetime, and the moment of the last change of its bytes.
    fn made(&mut self, key: &PageKey, rendered: Rendered) -> Option<Made<Payload>> {
        let now = now();
        let seconds = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX / 2_000).saturating_mul(1000);
        let before = self.state.page(key, now).and_then(|page| page.facts);
        let modified_at = Facts::modified(before.as_ref(), &rendered.body.hash, now);
        let dynamic = rendered.freshness.is_dynamic();
        self.live.set_dynamic(key, dynamic);
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
            Some(known) if facts.status == 404 && known.body.hash == facts.hash => {
                facts.bytes = OVERHEAD;
                known.clone()
            }
            _ => Arc::new(document),
        };
        if facts.status == 404 {
            self.not_found = Some(payload.clone());
        }
        Some(Made { payload, facts, reads: rendered.reads, tags, dynamic })
    }
}

/// How long a shelf may take to give a page; making it anew takes about as long.
const LOAD: Duration = Duration::from_millis(500);

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
