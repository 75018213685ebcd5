//! ContentStore: the actor that is the only writer. One command at a time, each announced before it is answered.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use actix::{
    Actor, ActorContext, AsyncContext, AtomicResponse, Context, Handler, Message, Recipient, System, fut::wrap_future,
};
use arc_swap::ArcSwap;
use futures_util::FutureExt;

use super::{
    change::{Change, Changed, Revision},
    command::{
        self, Applied, Command, Rehearsed, Who,
        post::{self, Due, Turned},
    },
    database::Database,
    error::StoreError,
    outbox,
    permalink::Permalinks,
    prune::{Pruned, prune},
    read::Read,
    time::Time,
};

/// How many changes are read from the outbox at once.
const PAGE: u64 = 100;

/// Changes the site and tells the page cache.
pub struct Apply<C> {
    pub command: C,
    pub actor: Who,
}

impl<C: Command> Message for Apply<C> {
    type Result = Result<Applied<C::Output>, StoreError>;
}

/// Tries a command and takes it back: what it would announce, and what pages would read.
pub struct Rehearse<C> {
    pub command: C,
    pub actor: Who,
    pub reads: Vec<Read>,
}

impl<C: Command> Message for Rehearse<C> {
    type Result = Result<Rehearsed<C::Output>, StoreError>;
}

/// Announces what was committed by another process, or before a crash.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct CatchUp;

/// Publishes, and takes back, the posts whose time has come.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "CarriedOut")]
pub struct CarryOut {
    /// Milliseconds since the epoch.
    pub now: i64,
}

/// What was due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarriedOut {
    pub turned: Vec<Turned>,
    /// When something is due next, as far as anybody has planned.
    pub next: Option<i64>,
}

/// Drops what the logs need not keep for ever.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "Pruned")]
pub struct Prune {
    /// Milliseconds since the epoch.
    pub now: i64,
}

/// Ends the store once it has answered all that came before.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Drain;

pub struct ContentStore {
    desk: Desk,
    draining: bool,
}

impl ContentStore {
    /// `announced` is the revision up to which the page cache knows all changes.
    pub fn new(
        db: Database,
        permalinks: Arc<ArcSwap<Permalinks>>,
        cache: Recipient<Changed>,
        announced: Revision,
    ) -> Self {
        let announced = Arc::new(AtomicI64::new(announced));
        Self { desk: Desk { db, permalinks, cache, announced }, draining: false }
    }
}

impl Actor for ContentStore {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.notify(CatchUp);
    }

    /// Without its writer the engine is no use: the process ends, and whoever watches it starts another.
    fn stopped(&mut self, _: &mut Self::Context) {
        if !self.draining {
            tracing::error!("the content store stopped; ending the process");
            System::current().stop_with_code(1);
        }
    }
}

impl<C: Command> Handler<Apply<C>> for ContentStore {
    // The mailbox waits until the answer is ready: commands are carried out and announced in order.
    type Result = AtomicResponse<Self, Result<Applied<C::Output>, StoreError>>;

    fn handle(&mut self, Apply { command, actor }: Apply<C>, _: &mut Self::Context) -> Self::Result {
        let desk = self.desk.clone();
        in_turn(async move { caught(desk.apply(command, actor, Time::now().0)).await })
    }
}

impl<C: Command> Handler<Rehearse<C>> for ContentStore {
    type Result = AtomicResponse<Self, Result<Rehearsed<C::Output>, StoreError>>;

    fn handle(&mut self, Rehearse { command, actor, reads }: Rehearse<C>, _: &mut Self::Context) -> Self::Result {
        let desk = self.desk.clone();
        in_turn(async move {
            let permalinks = desk.permalinks.load_full();
            caught(command::rehearse(&desk.db, permalinks, actor, Time::now().0, command, &reads)).await
        })
    }
}

impl Handler<CatchUp> for ContentStore {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, _: CatchUp, _: &mut Self::Context) -> Self::Result {
        let desk = self.desk.clone();
        in_turn(async move {
            if let Err(error) = caught(desk.catch_up()).await {
                tracing::warn!(%error, "changes wait to be announced");
            }
        })
    }
}

impl Handler<CarryOut> for ContentStore {
    type Result = AtomicResponse<Self, CarriedOut>;

    fn handle(&mut self, CarryOut { now }: CarryOut, _: &mut Self::Context) -> Self::Result {
        let desk = self.desk.clone();
        in_turn(async move {
            caught(desk.carry_out(now)).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "cannot look for what is due");
                CarriedOut::default()
            })
        })
    }
}

impl Handler<Prune> for ContentStore {
    type Result = AtomicResponse<Self, Pruned>;

    fn handle(&mut self, Prune { now }: Prune, _: &mut Self::Context) -> Self::Result {
        let desk = self.desk.clone();
        in_turn(async move {
            caught(async { Ok(prune(&desk.db, now).await?) }).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "old lines of the logs stay for now");
                Pruned::default()
            })
        })
    }
}

impl Handler<Drain> for ContentStore {
    type Result = ();

    fn handle(&mut self, _: Drain, ctx: &mut Self::Context) {
        self.draining = true;
        ctx.stop();
    }
}

/// What the futures of the store share. Only one of them runs at a time.
#[derive(Clone)]
struct Desk {
    db: Database,
    permalinks: Arc<ArcSwap<Permalinks>>,
    cache: Recipient<Changed>,
    announced: Arc<AtomicI64>,
}

impl Desk {
    async fn apply<C: Command>(&self, command: C, actor: Who, now: i64) -> Result<Applied<C::Output>, StoreError> {
        let applied = command::apply(&self.db, self.permalinks.load_full(), actor, now, command).await?;
        match &applied.change {
            // Another process committed in between: its changes go first.
            Some(change) if change.revision != self.announced.load(Ordering::Relaxed) + 1 => self.catch_up().await?,
            Some(change) => self.announce(change.clone()).await?,
            None => {}
        }
        Ok(applied)
    }

    async fn carry_out(&self, now: i64) -> Result<CarriedOut, StoreError> {
        let mut turned = Vec::new();
        for due in post::due(&self.db.readers, now).await? {
            turned.extend(self.turn(due, now).await);
        }
        Ok(CarriedOut { turned, next: post::next_due(&self.db.readers, now).await? })
    }

    /// One that cannot be turned stays as it is and does not hold up the others; one that somebody touched since it was
    /// found due, another instance perhaps, is looked at again at the next tick.
    async fn turn(&self, due: Due, now: i64) -> Option<Turned> {
        let id = due.id;
        match caught(self.apply(due, Who::System, now)).await {
            Ok(applied) => {
                if let Some(seconds) = due.late(now) {
                    tracing::warn!(%id, seconds, "done late: {:?}", due.turn);
                }
                Some(applied.output)
            }
            Err(StoreError::VersionMismatch { .. }) => None,
            Err(error) => {
                tracing::error!(%id, %error, "what is due cannot be done: {:?}", due.turn);
                None
            }
        }
    }

    async fn catch_up(&self) -> Result<(), StoreError> {
        loop {
            let missed = outbox::after(&self.db.readers, self.announced.load(Ordering::Relaxed), PAGE).await?;
            if missed.is_empty() {
                return Ok(());
            }
            for change in missed {
                self.announce(change).await?;
            }
        }
    }

    async fn announce(&self, change: Change) -> Result<(), StoreError> {
        let revision = change.revision;
        self.cache.send(Changed(change)).await.map_err(|_| StoreError::CacheGone)?;
        self.announced.store(revision, Ordering::Relaxed);
        Ok(())
    }
}

fn in_turn<T: 'static>(work: impl Future<Output = T> + 'static) -> AtomicResponse<ContentStore, T> {
    AtomicResponse::new(Box::pin(wrap_future(work)))
}

/// A panic in a command is an answer, not the end of the store: its transaction is taken back.
async fn caught<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or(Err(StoreError::Panicked))
}
