//! What the keeper is told and asked, and what each message makes it do.

use std::time::Duration;

use actix::{ActorFutureExt, AsyncContext, Handler, Message, MessageResult, Recipient, ResponseFuture, WrapFuture};
use tokio::sync::oneshot;

use crate::{
    cache::{
        event::Event as Told,
        state::{Answer, Event, Made, Millis, State, trace::Progress},
    },
    content::change::{Changed, Revision},
    render::{RenderError, key::PageKey, renderer::Paths},
};

use super::{CacheKeeper, Payload, now};

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

/// A page that was made for one reader alone turned out to be the same for all.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Storable(pub PageKey);

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

/// From time to time: tell the shelf what it needs for a restart.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Sweep;

/// No more is to be begun; the process is about to end.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Drain;

/// The shelf's answer to a page that was asked for.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Loaded {
    /// Of the side that asked.
    pub number: u64,
    pub key: PageKey,
    pub document: Option<Payload>,
}

impl Handler<Changed> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Changed(change): Changed, ctx: &mut Self::Context) {
        let _ =
            self.events.send(Told::Change { revision: change.revision, tags: change.tags.iter().cloned().collect() });
        // Before any page is made again: it may be made of inner entries.
        self.workshop.inner.expire(&change.tags, change.revision);
        let released = self.workshop.quarantine.changed(&change);
        self.handle_all(&Event::Changed(change), ctx);
        for key in released {
            self.handle_all(&Event::Released { key }, ctx);
        }
    }
}

impl Handler<Fetch> for CacheKeeper {
    type Result = ResponseFuture<Answer<Payload>>;

    fn handle(&mut self, Fetch(key): Fetch, ctx: &mut Self::Context) -> Self::Result {
        let (waiter, answer) = self.wait();
        self.handle_own(Event::Fetch { key, waiter }, ctx);
        Box::pin(async { answer.await.unwrap_or_else(|_| Answer::Failed(RenderError::Stopping.to_string())) })
    }
}

impl Handler<Refresh> for CacheKeeper {
    type Result = ResponseFuture<Answer<Payload>>;

    fn handle(&mut self, Refresh { key, only_if_generated }: Refresh, ctx: &mut Self::Context) -> Self::Result {
        self.workshop.quarantine.release(&key);
        let (waiter, answer) = self.wait();
        self.handle_own(Event::Refresh { key, waiter, only_if_generated }, ctx);
        Box::pin(async { answer.await.unwrap_or_else(|_| Answer::Failed(RenderError::Stopping.to_string())) })
    }
}

impl Handler<Stale> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Stale(key): Stale, ctx: &mut Self::Context) {
        self.handle_own(Event::Stale { key }, ctx);
    }
}

impl Handler<Storable> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Storable(key): Storable, _: &mut Self::Context) {
        self.side.live.set_dynamic(&key, false);
    }
}

impl Handler<Expired> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Expired(keys): Expired, ctx: &mut Self::Context) {
        for key in keys {
            self.handle_own(Event::Due { key }, ctx);
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

impl Handler<Loaded> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Loaded { number, key, document }: Loaded, ctx: &mut Self::Context) {
        self.handle_event(number, Event::Loaded { key, payload: document }, ctx);
    }
}

impl Handler<Restore> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Restore(pages): Restore, ctx: &mut Self::Context) {
        let stage = self.side.live.stage.clone();
        for (key, page) in pages {
            let agrees = stage.agrees(&key, &page.reads);
            self.handle_own(Event::Restored { key, page, agrees }, ctx);
        }
    }
}

impl Handler<Warm> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, _: Warm, ctx: &mut Self::Context) {
        let paths = self.renderer.send(Paths(self.side.live.stage.clone())).into_actor(self);
        ctx.spawn(paths.map(|paths, keeper, ctx| match paths.unwrap_or(Err(RenderError::Stopping)) {
            Ok(paths) => {
                let keys = paths.iter().map(|path| PageKey::of_path(path)).collect();
                keeper.handle_own(Event::Prerender { keys }, ctx);
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
        if self.side.state.is_settled(revision) {
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
        MessageResult(self.side.state.report(revision))
    }
}

impl<T: Send + 'static> Handler<Inspect<T>> for CacheKeeper {
    type Result = MessageResult<Inspect<T>>;

    fn handle(&mut self, Inspect(look): Inspect<T>, _: &mut Self::Context) -> Self::Result {
        MessageResult(look(&self.side.state, now()))
    }
}

impl Handler<Sweep> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, _: Sweep, ctx: &mut Self::Context) {
        self.handle_own(Event::Sweep, ctx);
        self.workshop.inner.confirm();
    }
}

impl Handler<Drain> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, _: Drain, _: &mut Self::Context) {
        self.draining = true;
    }
}
