//! The keeper's decisions: an event comes in, effects go out. No clock and no I/O; time is part of each call.
//!
//! Invariants, tested with properties:
//! - A page is never fresh if a tag of what it read changed since its render began, unless the read was asked again and gave the same.
//! - At most one render of a page is under way; every waiting reader is answered.
//! - Bodies in memory stay within the budget; pages for what was not found stay within theirs.
//! - What was withdrawn is never given out again.
//! - At rest, no page is stale or expired that somebody visited since it was made.

mod change;
pub mod entry;
mod finish;
pub mod inspect;
mod keep;
mod pool;
mod succeed;
pub mod trace;

use std::collections::VecDeque;

use foldhash::{HashMap, HashSet};

use crate::{
    content::{
        change::{Change, Entity, Revision},
        tag::CacheTag,
    },
    render::{
        key::PageKey,
        question::{Confirmed, Question, Recorded},
    },
};

use super::{
    lanes::{Lane, Lanes},
    page::Mark,
    reads::Reads,
    sieve::Sieve,
};

use self::{
    entry::{Body, Cause, Entry, Facts, NEVER, Work},
    pool::Pool,
    trace::Traces,
};

/// Milliseconds since the epoch.
pub type Millis = i64;

/// Names a reader that waits.
pub type Waiter = u64;

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of bodies in memory.
    pub bytes: usize,
    /// Renders under way at once.
    pub renders: usize,
    /// Pages kept for what was not found.
    pub not_found: usize,
    /// Whether bodies that leave memory can be had back from a shelf.
    pub shelf: bool,
}

#[derive(Clone, Debug)]
pub enum Event<P> {
    /// A reader found no page that may be served at once.
    Fetch {
        key: PageKey,
        waiter: Waiter,
    },
    /// A reader was given a stale page.
    Stale {
        key: PageKey,
    },
    /// A program asks for the page to be made now; readers keep the old one meanwhile.
    Refresh {
        key: PageKey,
        waiter: Waiter,
        only_if_generated: bool,
    },
    Changed(Change),
    /// The questions of [`Effect::Verify`] were asked anew.
    Verified {
        asked_at: Revision,
        revision: Revision,
        answers: Vec<(Question, Option<Confirmed>)>,
        born: Vec<PageKey>,
    },
    /// They could not be asked.
    VerifyFailed {
        questions: Vec<Question>,
        revision: Revision,
    },
    Rendered {
        key: PageKey,
        page: Made<P>,
    },
    RenderFailed {
        key: PageKey,
        error: String,
        /// It crashed too often: not again before [`Event::Released`].
        held: bool,
    },
    /// A page that was held may be tried again.
    Released {
        key: PageKey,
    },
    /// The moment of [`Effect::Wake`] has come.
    Due {
        key: PageKey,
    },
    /// Make these when nothing else is to be done.
    Prerender {
        keys: Vec<PageKey>,
    },
    /// A page of the shelf, found at start.
    Restored {
        key: PageKey,
        page: Made<()>,
        /// Today's theme would make it as it is.
        agrees: bool,
    },
    /// From time to time, for the shelf's sake.
    Sweep,
    /// The body asked for with [`Effect::Load`]; `None`: it was broken or gone.
    Loaded {
        key: PageKey,
        payload: Option<P>,
    },
}

/// A page as a render, or the shelf, gives it.
#[derive(Clone, Debug)]
pub struct Made<P> {
    pub payload: P,
    pub facts: Facts,
    pub reads: Vec<Recorded>,
    /// What the route and the template added, the page's own path and route among them.
    pub tags: Vec<CacheTag>,
    /// Never stored: answered to those who wait and forgotten.
    pub dynamic: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect<P> {
    Render {
        key: PageKey,
        /// Of the page's inner entries, those made before this change are made anew.
        inner_since: Revision,
    },
    Verify {
        questions: Vec<Question>,
        born: Vec<Entity>,
        asked_at: Revision,
    },
    /// Readers find this page from now on, in this state.
    Publish {
        key: PageKey,
        payload: P,
        mark: Mark,
        facts: Facts,
    },
    /// The published pages are in this state from now on.
    Mark {
        keys: Vec<PageKey>,
        mark: Mark,
    },
    /// Readers find no page here from now on.
    Withdraw {
        key: PageKey,
    },
    Answer {
        waiter: Waiter,
        answer: Answer<P>,
    },
    Wake {
        key: PageKey,
        at: Millis,
    },
    Shelve {
        key: PageKey,
        page: Box<Shelved<P>>,
    },
    Unshelve {
        key: PageKey,
    },
    Load {
        key: PageKey,
    },
    /// What is shelved with these facts is as good as of this revision; its reads are these by now.
    Confirm {
        key: PageKey,
        facts: Facts,
        reads: Vec<Recorded>,
        revision: Revision,
    },
    /// Somebody came to these since the last sweep.
    Visited {
        keys: Vec<PageKey>,
    },
    /// Nothing that this change touched is waiting any more.
    Settled {
        revision: Revision,
    },
    /// For the log and for whoever watches.
    Tell(Note),
}

/// What the shelf has to keep of a page so that it can be restored.
#[derive(Clone, Debug)]
pub struct Shelved<P> {
    pub payload: P,
    pub facts: Facts,
    pub reads: Vec<Recorded>,
    pub tags: Vec<CacheTag>,
}

impl<P> PartialEq for Shelved<P> {
    fn eq(&self, other: &Self) -> bool {
        self.facts == other.facts
    }
}

/// What a waiting reader gets.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<P> {
    /// Was there after all.
    Found(P),
    /// Made for this reader and whoever waited with it.
    Made(P),
    /// Every reader has a page of its own here, and this one was for another.
    Alone,
    /// The last good page, because making a new one failed.
    Degraded(P),
    /// There is nothing to give, and why.
    Failed(String),
    /// Nothing was to be done.
    Absent,
}

/// One decision, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub key: PageKey,
    pub decision: Decision,
    pub reason: String,
    pub revision: Revision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Expired,
    Render,
    Stored,
    /// Verified: fresh again without a render.
    Cutoff,
    Failed,
    Removed,
    Evicted,
}

impl Decision {
    /// How the log calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Expired => "expire",
            Self::Render => "render",
            Self::Stored => "store",
            Self::Cutoff => "cutoff",
            Self::Failed => "fail",
            Self::Removed => "remove",
            Self::Evicted => "evict",
        }
    }
}

/// Everything the keeper knows of pages.
#[derive(Debug)]
pub struct State<P> {
    limits: Limits,
    /// The newest change applied.
    revision: Revision,
    entries: HashMap<PageKey, Entry<P>>,
    reads: Reads,
    /// Tags that routes and templates added, to pages.
    added: HashMap<CacheTag, HashSet<PageKey>>,
    lanes: Lanes,
    rendering: usize,
    /// The newest change applied when the verification under way was sent.
    verifying: Option<Revision>,
    born: Vec<Entity>,
    /// Changes since the oldest render under way began, to compare its result with.
    recent: VecDeque<Change>,
    in_memory: Sieve,
    bytes: usize,
    not_found: Pool,
    /// Pages that were never made, because making them fails.
    failed: Pool,
    traces: Traces,
    effects: Vec<Effect<P>>,
}

/// Reads a page's visited bit and clears it.
pub type TakeVisited<'v> = &'v mut dyn FnMut(&PageKey) -> bool;

impl<P: Clone> State<P> {
    /// `revision`: the newest change that every restored page is compared with.
    pub fn new(limits: Limits, revision: Revision) -> Self {
        Self {
            limits,
            revision,
            entries: HashMap::default(),
            reads: Reads::default(),
            added: HashMap::default(),
            lanes: Lanes::default(),
            rendering: 0,
            verifying: None,
            born: Vec::new(),
            recent: VecDeque::new(),
            in_memory: Sieve::default(),
            bytes: 0,
            not_found: Pool::default(),
            failed: Pool::default(),
            traces: Traces::default(),
            effects: Vec::new(),
        }
    }

    pub fn handle(&mut self, event: Event<P>, now: Millis, visited: TakeVisited<'_>) -> Vec<Effect<P>> {
        match event {
            Event::Fetch { key, waiter } => self.fetch(key, waiter, now),
            Event::Stale { key } => self.refresh_stale(&key, now),
            Event::Refresh { key, waiter, only_if_generated } => self.refresh(key, waiter, only_if_generated),
            Event::Changed(change) => self.changed(&change),
            Event::Verified { asked_at, revision, answers, born } => {
                self.verified(asked_at, revision, &answers, born, now, visited);
            }
            Event::VerifyFailed { questions, revision } => self.verify_failed(&questions, revision, now, visited),
            Event::Rendered { key, page } => self.rendered(key, page, now, visited),
            Event::RenderFailed { key, error, held } => self.render_failed(key, error, held, now),
            Event::Released { key } => self.released(&key),
            Event::Due { key } => self.due(&key, now, visited),
            Event::Prerender { keys } => self.prerender(keys),
            Event::Restored { key, page, agrees } => self.restored(key, page, agrees),
            Event::Loaded { key, payload } => self.loaded(key, payload, now),
            Event::Sweep => self.sweep(visited),
        }
        self.conclude(visited)
    }

    /// What follows from whatever happened.
    fn conclude(&mut self, visited: TakeVisited<'_>) -> Vec<Effect<P>> {
        self.evict(visited);
        self.start_verification();
        self.start_renders();
        self.settle_traces();
        std::mem::take(&mut self.effects)
    }

    fn fetch(&mut self, key: PageKey, waiter: Waiter, now: Millis) {
        let since = self.revision;
        let entry = self.entries.entry(key.clone()).or_default();
        entry.visited = true;
        let suspect = entry.reads.iter().any(|read| self.reads.is_suspect(*read));
        if entry.may_serve(now) && !suspect {
            match &entry.body {
                Body::Memory(payload) => {
                    let answer = entry.given(payload.clone());
                    return self.effects.push(Effect::Answer { waiter, answer });
                }
                Body::Shelf => {
                    entry.waiters.push((waiter, since));
                    return self.load(&key);
                }
                Body::None => {}
            }
        }
        if entry.is_last_good(now)
            && let Body::Memory(payload) = &entry.body
        {
            let answer = Answer::Degraded(payload.clone());
            return self.effects.push(Effect::Answer { waiter, answer });
        }
        entry.waiters.push((waiter, since));
        if entry.is_last_good(now) && matches!(entry.body, Body::Shelf) {
            return self.load(&key);
        }
        if suspect && !entry.dirty {
            return; // The verification under way, or about to start, decides.
        }
        if entry.facts.is_none() {
            entry.cause = Cause::Visit;
        }
        self.enqueue(&key, Lane::Waiting);
    }

    fn refresh_stale(&mut self, key: &PageKey, now: Millis) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        let settled = !entry.reads.iter().any(|read| self.reads.is_suspect(*read));
        if entry.retry.is_none_or(|retry| retry <= now) && settled && (entry.dirty || entry.is_stale(now)) {
            if !entry.dirty {
                entry.cause = Cause::Age;
            }
            entry.visited = true;
            self.enqueue(key, Lane::Visited);
        }
    }

    fn refresh(&mut self, key: PageKey, waiter: Waiter, only_if_generated: bool) {
        let generated = self.entries.get(&key).is_some_and(|entry| entry.facts.is_some());
        if only_if_generated && !generated {
            return self.effects.push(Effect::Answer { waiter, answer: Answer::Absent });
        }
        let since = self.revision;
        let entry = self.entries.entry(key.clone()).or_default();
        entry.cause = Cause::Refresh;
        // A render that is under way may have read what the caller knows to be old.
        entry.again |= entry.work == Work::Rendering;
        entry.refreshers.push((waiter, since));
        self.enqueue(&key, Lane::Waiting);
    }

    fn due(&mut self, key: &PageKey, now: Millis, visited: TakeVisited<'_>) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        entry.visited |= visited(key);
        if let Some(retry) = entry.retry {
            if retry == NEVER {
                return;
            }
            if retry > now {
                return self.effects.push(Effect::Wake { key: key.clone(), at: retry });
            }
            entry.cause = Cause::Retry;
            return self.enqueue(key, Lane::Visited);
        }
        if !entry.is_stale(now) {
            if let Some(at) = entry.facts.as_ref().and_then(|facts| facts.fresh_until) {
                self.effects.push(Effect::Wake { key: key.clone(), at });
            }
            return;
        }
        if entry.visited && entry.mark == Mark::Fresh {
            entry.cause = Cause::Age;
            self.enqueue(key, Lane::Visited);
        }
    }

    fn prerender(&mut self, keys: Vec<PageKey>) {
        for key in keys {
            let entry = self.entries.entry(key.clone()).or_default();
            if entry.facts.is_none() {
                if entry.work == Work::Idle && entry.waiters.is_empty() {
                    entry.cause = Cause::Prerender;
                }
                self.enqueue(&key, Lane::Warm);
            }
        }
    }

    /// Puts a page into a lane, unless a render of it is under way: then that render's end decides.
    fn enqueue(&mut self, key: &PageKey, lane: Lane) {
        if let Some(entry) = self.entries.get_mut(key)
            && entry.work != Work::Rendering
        {
            entry.work = Work::Queued;
            self.lanes.push(key.clone(), lane);
        }
    }

    fn start_renders(&mut self) {
        while self.rendering < self.limits.renders {
            let Some(key) = self.lanes.pop() else { break };
            let Some(entry) = self.entries.get_mut(&key) else { continue };
            entry.work = Work::Rendering;
            self.rendering += 1;
            let inner_since = entry.inner_since;
            let reason = entry.cause.to_string();
            self.traces.rendering(&key);
            self.tell(&key, Decision::Render, reason);
            self.effects.push(Effect::Render { key, inner_since });
        }
    }

    fn tell(&mut self, key: &PageKey, decision: Decision, reason: String) {
        self.effects.push(Effect::Tell(Note { key: key.clone(), decision, reason, revision: self.revision }));
    }
}

#[cfg(test)]
mod tests;
