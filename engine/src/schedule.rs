//! The Scheduler actor: cron ticks become messages, and deadlines of pages are told when they pass.

pub mod deliver;
pub mod ping;

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use actix::{Actor, ActorFutureExt, Addr, AsyncContext, Context, Handler, Message, Recipient, SpawnHandle, WrapFuture};
use sea_orm::ActiveEnum;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use crate::{
    cache::{
        event::{Event, Events},
        keeper::{At, Expired, Sweep, now},
        state::Millis,
    },
    content::store::{CarriedOut, CarryOut, CatchUp, Prune},
    render::key::PageKey,
};

/// At most this many passed deadlines are told at once.
const BATCH: usize = 1_000;

/// After this long without a tick the scheduler looks by itself: cron is silent for as long as a clock was set back.
const WATCH: Millis = 5_000;

/// Due times of content are rows in the database: a tick only looks at them, and learns when it should look next. Due
/// times of pages are an ordered set here.
pub struct Scheduler {
    keeper: Recipient<Expired>,
    catch_up: Recipient<CatchUp>,
    carry_out: Recipient<CarryOut>,
    sweep: Recipient<Sweep>,
    prune: Recipient<Prune>,
    events: Events,
    cron: Option<JobScheduler>,
    /// The next look at what is due.
    look: Option<SpawnHandle>,
    deadlines: BTreeSet<(Millis, PageKey)>,
    deadline_of: HashMap<PageKey, Millis>,
    alarm: Option<(Millis, SpawnHandle)>,
    draining: bool,
}

/// Begin nothing more; the process is about to end.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Drain;

/// A second has passed.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
struct Tick;

impl Scheduler {
    pub fn new(
        keeper: Recipient<Expired>,
        catch_up: Recipient<CatchUp>,
        carry_out: Recipient<CarryOut>,
        sweep: Recipient<Sweep>,
        prune: Recipient<Prune>,
        events: Events,
    ) -> Self {
        Self {
            keeper,
            catch_up,
            carry_out,
            sweep,
            prune,
            events,
            cron: None,
            look: None,
            deadlines: BTreeSet::new(),
            deadline_of: HashMap::new(),
            alarm: None,
            draining: false,
        }
    }

    /// UTC cron jobs; each does nothing but send messages.
    async fn ticks(
        scheduler: Addr<Self>,
        sweep: Recipient<Sweep>,
        prune: Recipient<Prune>,
    ) -> Result<JobScheduler, JobSchedulerError> {
        let cron = JobScheduler::new().await?;
        cron.add(Job::new("* * * * * *", move |_, _| scheduler.do_send(Tick))?).await?;
        let sweeping = move |_, _| {
            sweep.do_send(Sweep);
            prune.do_send(Prune { now: now() });
        };
        cron.add(Job::new("30 */10 * * * *", sweeping)?).await?;
        cron.start().await?;
        Ok(cron)
    }

    /// Has everything done that is due, and looks again when the next thing is.
    fn look(&mut self, ctx: &mut Context<Self>) {
        if self.draining {
            return;
        }
        self.catch_up.do_send(CatchUp);
        let done = self.carry_out.send(CarryOut { now: now() }).into_actor(self);
        ctx.spawn(done.map(|done, scheduler, ctx| {
            let CarriedOut { turned, next } = done.unwrap_or_default();
            for post in turned {
                let status = post.status.to_value();
                let _ = scheduler.events.send(Event::Post { id: post.id, version: post.version, status }); // Nobody may be watching.
            }
            if let Some(former) = scheduler.look.take() {
                ctx.cancel_future(former);
            }
            let wait = next.map_or(WATCH, |next| (next - now()).clamp(0, WATCH));
            let wait = Duration::from_millis(wait.unsigned_abs());
            scheduler.look = Some(ctx.run_later(wait, |scheduler, ctx| scheduler.look(ctx)));
        }));
    }

    /// Sets the alarm to the next deadline, unless it is set to one as early.
    fn set_alarm(&mut self, ctx: &mut Context<Self>) {
        let Some((next, _)) = self.deadlines.first() else { return };
        let next = *next;
        if self.alarm.is_some_and(|(at, _)| at <= next) {
            return;
        }
        if let Some((_, alarm)) = self.alarm.take() {
            ctx.cancel_future(alarm);
        }
        let wait = Duration::from_millis(u64::try_from(next - now()).unwrap_or(0));
        self.alarm = Some((next, ctx.run_later(wait, |scheduler, ctx| scheduler.ring(ctx))));
    }

    fn ring(&mut self, ctx: &mut Context<Self>) {
        self.alarm = None;
        let now = now();
        let mut passed = Vec::new();
        while let Some((deadline, key)) = self.deadlines.pop_first() {
            if deadline > now || passed.len() == BATCH {
                self.deadlines.insert((deadline, key));
                break;
            }
            self.deadline_of.remove(&key);
            passed.push(key);
        }
        if !passed.is_empty() && !self.draining {
            self.keeper.do_send(Expired(passed));
        }
        self.set_alarm(ctx);
    }
}

impl Actor for Scheduler {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        let ticks = Self::ticks(ctx.address(), self.sweep.clone(), self.prune.clone());
        ctx.wait(ticks.into_actor(self).map(|cron, scheduler, ctx| match cron {
            Ok(cron) => {
                scheduler.cron = Some(cron);
                scheduler.look(ctx);
            }
            Err(error) => {
                tracing::error!(%error, "the scheduler could not start");
                actix::ActorContext::stop(ctx);
            }
        }));
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        if !self.draining {
            tracing::error!("the scheduler has stopped; the process ends so that it can be started again");
            actix::System::current().stop_with_code(1);
        }
    }
}

impl Handler<At> for Scheduler {
    type Result = ();

    /// A page has one deadline: the last one told.
    fn handle(&mut self, At { deadline, key }: At, ctx: &mut Self::Context) {
        if let Some(former) = self.deadline_of.insert(key.clone(), deadline) {
            self.deadlines.remove(&(former, key.clone()));
        }
        self.deadlines.insert((deadline, key));
        self.set_alarm(ctx);
    }
}

impl Handler<Tick> for Scheduler {
    type Result = ();

    fn handle(&mut self, _: Tick, ctx: &mut Self::Context) {
        self.look(ctx);
    }
}

impl Handler<Drain> for Scheduler {
    type Result = actix::ResponseActFuture<Self, ()>;

    fn handle(&mut self, _: Drain, _: &mut Self::Context) -> Self::Result {
        self.draining = true;
        let cron = self.cron.take();
        let end = async move {
            if let Some(mut cron) = cron {
                let _ = cron.shutdown().await; // The process ends anyway.
            }
        };
        Box::pin(end.into_actor(self))
    }
}
