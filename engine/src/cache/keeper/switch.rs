//! The switch to another theme: its pages are made beside those that readers see, and take their place all at once.
//!
//! Both sides are told of every change, so what was made early in a long switch is no older than what was made last.

use std::{collections::HashSet, sync::Arc};

use actix::{ActorFutureExt, AsyncContext, Context, Handler, Message, MessageResult, WrapFuture};
use serde::Serialize;
use tokio::sync::oneshot;
use utoipa::ToSchema;

use crate::{
    cache::{
        event::Event as Told,
        pages::Live,
        state::{Effect, Event, Limits, State},
    },
    render::{RenderError, key::PageKey, renderer::Paths, stage::Stage},
};

use super::{CacheKeeper, Payload, Side, now};

/// Watchers are told of so many steps.
const STEPS: usize = 100;

/// How far a switch is, or how the last one ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Switch {
    pub theme: String,
    pub state: SwitchState,
    /// Pages that were made, and those there are to make.
    pub done: usize,
    pub total: usize,
    /// Why readers go on with the theme they had.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwitchState {
    Rendering,
    /// Readers see it.
    Done,
    Failed,
}

/// A theme whose pages are being made, or wait for [`Replace`].
#[derive(Debug)]
pub(super) struct Next {
    side: Side,
    /// Those that were never tried.
    open: HashSet<PageKey>,
    ready: Option<oneshot::Sender<Ready>>,
}

/// Why every page was made, or that a page cannot be made.
pub type Ready = Result<(), String>;

/// Make every page with this stage, beside those there are. Refused while another switch is under way.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Option<oneshot::Receiver<Ready>>")]
pub struct Prepare(pub Arc<Stage>);

/// Show readers what was prepared: the stage that they saw before.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "Option<Arc<Stage>>")]
pub struct Replace;

/// Let go of what was prepared, and say why.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Abandon(pub String);

/// Make pages with this stage from now on, where each is made for its request: nothing of what is stored is looked at.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Reload(pub Arc<Stage>);

/// The switch that is under way, or the last one.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "Option<Switch>")]
pub struct Switching;

impl CacheKeeper {
    /// Starts with the pages that the theme has by itself and those that readers have visited.
    fn begin(&mut self, number: u64, paths: Result<Vec<String>, RenderError>, ctx: &mut Context<Self>) {
        let visited = self
            .side
            .state
            .pages(now())
            .into_iter()
            .filter(|page| page.facts.as_ref().is_some_and(|facts| !facts.is_apart()));
        let visited: Vec<_> = visited.map(|page| page.key).collect();
        let Some(next) = self.next.as_mut().filter(|next| next.side.number == number) else { return };
        let mut keys: Vec<_> = match paths {
            Ok(paths) => paths.iter().map(|path| PageKey::of_path(path)).collect(),
            Err(error) => return self.abandon(format!("The pages to make could not be listed: {error}.")),
        };
        next.open = keys.iter().cloned().collect();
        keys.extend(visited.into_iter().filter(|key| next.open.insert(key.clone())));
        self.tell_switch(|switch| switch.total = keys.len());
        self.handle_event(number, Event::Prerender { keys }, ctx);
        self.tried(number, None);
    }

    /// A page of the next theme was made, or not; `error` says why not.
    pub(super) fn tried(&mut self, number: u64, tried: Option<(&PageKey, Option<&str>)>) {
        let Some(next) = self.next.as_mut().filter(|next| next.side.number == number) else { return };
        if let Some((key, error)) = tried {
            let known = next.open.remove(key);
            let fails_anyway = || self.side.state.page(key, now()).is_some_and(|page| page.last_error.is_some());
            if let Some(error) = error.filter(|_| known && !fails_anyway()) {
                return self.abandon(format!("{key} cannot be made with this theme: {error}."));
            }
        }
        let left = next.open.len();
        if left == 0
            && let Some(ready) = next.ready.take()
        {
            let _ = ready.send(Ok(())); // Whoever prepared it may have given up.
        }
        self.tell_switch(|switch| switch.done = switch.total - left);
    }

    /// Readers go on with the theme they have.
    fn abandon(&mut self, reason: String) {
        let Some(next) = self.next.take() else { return };
        tracing::warn!(theme = next.side.live.stage.theme.id, reason, "the switch to another theme was given up");
        if let Some(ready) = next.ready {
            let _ = ready.send(Err(reason.clone()));
        }
        self.tell_switch(|switch| {
            switch.state = SwitchState::Failed;
            switch.error = Some(reason);
        });
    }

    fn replace(&mut self, ctx: &mut Context<Self>) -> Option<Arc<Stage>> {
        let next = self.next.take()?;
        let former = std::mem::replace(&mut self.side, next.side);
        let live = former.live;
        let redated = |page: &Payload, modified_at| Arc::new(page.redated(modified_at));
        let effects = self.side.state.succeed(former.state, now(), redated, &mut |key| live.take_visited(key));
        // Readers who wait are answered when all pages are in their places.
        let (published, others): (Vec<_>, Vec<_>) =
            effects.into_iter().partition(|effect| matches!(effect, Effect::Publish { .. }));
        let number = self.side.number;
        published.into_iter().for_each(|effect| self.perform(number, effect, ctx));
        self.pages.replace(self.side.live.clone());
        others.into_iter().for_each(|effect| self.perform(number, effect, ctx));
        let settled: Vec<_> =
            self.settling.keys().filter(|revision| self.side.state.is_settled(**revision)).copied().collect();
        for waiting in settled.iter().filter_map(|revision| self.settling.remove(revision)).flatten() {
            let _ = waiting.send(());
        }
        self.tell_switch(|switch| switch.state = SwitchState::Done);
        // What had no room beside the others.
        ctx.notify(super::Warm);
        Some(live.stage.clone())
    }

    fn tell_switch(&mut self, change: impl FnOnce(&mut Switch)) {
        let Some(switch) = &mut self.switch else { return };
        let before = switch.clone();
        change(switch);
        let step = (switch.total / STEPS).max(1);
        let told =
            before.state != switch.state || before.done / step != switch.done / step || switch.done == switch.total;
        if before != *switch && told {
            let _ = self.events.send(Told::Theme(switch.clone())); // Nobody may be watching.
        }
    }
}

impl Handler<Prepare> for CacheKeeper {
    type Result = MessageResult<Prepare>;

    fn handle(&mut self, Prepare(stage): Prepare, ctx: &mut Self::Context) -> Self::Result {
        if self.next.is_some() {
            return MessageResult(None);
        }
        let (sender, ready) = oneshot::channel();
        self.numbers += 1;
        let number = self.numbers;
        // Readers' pages come first, and what the shelf holds is the pages that readers see.
        let limits = Limits { renders: (self.limits.renders / 2).max(1), shelf: false, ..self.limits };
        let state: State<Payload> = State::new(limits, self.side.state.revision());
        let side = Side { state, live: Arc::new(Live::new(stage.clone())), number, not_found: None };
        self.next = Some(Next { side, open: HashSet::new(), ready: Some(sender) });
        self.switch = Some(Switch {
            theme: stage.theme.id.clone(),
            state: SwitchState::Rendering,
            done: 0,
            total: 0,
            error: None,
        });
        let paths = self.renderer.send(Paths(stage)).into_actor(self);
        ctx.spawn(paths.map(move |paths, keeper, ctx| {
            keeper.begin(number, paths.unwrap_or(Err(RenderError::Stopping)), ctx);
        }));
        MessageResult(Some(ready))
    }
}

impl Handler<Replace> for CacheKeeper {
    type Result = MessageResult<Replace>;

    fn handle(&mut self, _: Replace, ctx: &mut Self::Context) -> Self::Result {
        MessageResult(self.replace(ctx))
    }
}

impl Handler<Abandon> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Abandon(reason): Abandon, _: &mut Self::Context) {
        self.abandon(reason);
    }
}

impl Handler<Reload> for CacheKeeper {
    type Result = ();

    fn handle(&mut self, Reload(stage): Reload, _: &mut Self::Context) {
        self.side.live = Arc::new(Live::new(stage));
        self.pages.replace(self.side.live.clone());
    }
}

impl Handler<Switching> for CacheKeeper {
    type Result = MessageResult<Switching>;

    fn handle(&mut self, _: Switching, _: &mut Self::Context) -> Self::Result {
        MessageResult(self.switch.clone())
    }
}

impl Next {
    pub(super) fn side(&mut self) -> &mut Side {
        &mut self.side
    }
}
