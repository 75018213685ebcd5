//! Where pages are kept: in memory, on the shelf only, or nowhere.

use crate::{
    cache::{lanes::Lane, page::Mark},
    content::change::Revision,
    render::key::PageKey,
};

use super::{
    Answer, Decision, Effect, Made, Millis, State, TakeVisited,
    entry::{Body, Cause, Entry, Facts, Work},
};

/// The shelf is told that a page is good when what it says of it is older than so many changes.
const LAG: Revision = if cfg!(test) { 2 } else { 1_000 };

impl<P: Clone> State<P> {
    pub(super) fn restored(&mut self, key: PageKey, page: Made<()>, agrees: bool) {
        if self.entries.get(&key).is_some_and(|entry| entry.facts.is_some()) {
            return; // A reader came first, and has a newer page than the shelf.
        }
        let reads = page.reads.iter().map(|recorded| self.reads.hold(&key, recorded)).collect();
        for tag in &page.tags {
            self.added.entry(tag.clone()).or_default().insert(key.clone());
        }
        if let Some(at) = page.facts.fresh_until {
            self.effects.push(Effect::Wake { key: key.clone(), at });
        }
        let shelved = page.facts.revision;
        let (facts, tags) = (Some(page.facts), page.tags);
        let mut entry = Entry { body: Body::Shelf, facts, shelved, reads, tags, ..Entry::default() };
        if !agrees {
            // It is only given when a page with today's theme cannot be made.
            entry.mark = Mark::Expired;
            entry.dirty = true;
            entry.cause = Cause::Theme;
        }
        self.entries.insert(key.clone(), entry);
        if !agrees {
            self.enqueue(&key, Lane::Warm);
        }
    }

    /// Asks the shelf for a body, once.
    pub(super) fn load(&mut self, key: &PageKey) {
        if let Some(entry) = self.entries.get_mut(key)
            && !std::mem::replace(&mut entry.loading, true)
        {
            self.effects.push(Effect::Load { key: key.clone() });
        }
    }

    pub(super) fn loaded(&mut self, key: PageKey, payload: Option<P>, now: Millis) {
        let Some(entry) = self.entries.get_mut(&key) else { return };
        entry.loading = false;
        let Some(payload) = payload else {
            if matches!(entry.body, Body::Shelf) {
                self.forget(&key);
                self.prerender(vec![key]);
            }
            return;
        };
        if !matches!(entry.body, Body::Shelf) {
            return;
        }
        let Some(facts) = entry.facts.clone() else { return };
        entry.body = Body::Memory(payload.clone());
        self.bytes += facts.weight();
        self.in_memory.insert(&key);
        let suspect = entry.reads.iter().any(|read| self.reads.is_suspect(*read));
        let last_good = entry.is_last_good(now);
        let serve = (entry.may_serve(now) && !suspect) || last_good;
        self.effects.push(Effect::Publish { key: key.clone(), payload: payload.clone(), mark: entry.mark, facts });
        if serve {
            for (waiter, _) in std::mem::take(&mut entry.waiters) {
                let answer = if last_good { Answer::Degraded(payload.clone()) } else { entry.given(payload.clone()) };
                self.effects.push(Effect::Answer { waiter, answer });
            }
        }
    }

    /// Tells the shelf who was visited, and of what it says an old revision: a restart would announce every change since.
    pub(super) fn sweep(&mut self, visited: TakeVisited<'_>) {
        let mut keys = Vec::new();
        for (key, entry) in self.entries.iter_mut().filter(|_| self.limits.shelf) {
            let Some(facts) = entry.facts.as_ref().filter(|facts| facts.is_shelved()) else { continue };
            if visited(key) {
                entry.visited = true;
                keys.push(key.clone());
            }
            let good = entry.mark == Mark::Fresh && !entry.dirty && !entry.withdrawn;
            let suspect = entry.reads.iter().any(|read| self.reads.is_suspect(*read));
            if good && !suspect && entry.shelved + LAG < self.revision {
                entry.shelved = self.revision;
                let (key, facts) = (key.clone(), facts.clone());
                let reads = entry.reads.iter().filter_map(|id| self.reads.record(*id)).collect();
                self.effects.push(Effect::Confirm { key, facts, reads, revision: self.revision });
            }
        }
        if !keys.is_empty() {
            self.effects.push(Effect::Visited { keys });
        }
    }

    /// Takes bodies out of memory until they are within the budget.
    pub(super) fn evict(&mut self, visited: TakeVisited<'_>) {
        while self.bytes > self.limits.bytes {
            let entries = &mut self.entries;
            let evicted = self.in_memory.evict(|key| {
                let own = entries.get_mut(key).is_some_and(|entry| std::mem::take(&mut entry.visited));
                visited(key) || own
            });
            let Some(key) = evicted else { break };
            self.tell(&key, Decision::Evicted, "memory is for pages that are visited".into());
            if self.limits.shelf {
                let Some(entry) = self.entries.get_mut(&key) else { continue };
                entry.body = Body::Shelf;
                self.bytes -= entry.facts.as_ref().map_or(0, Facts::weight);
                self.effects.push(Effect::Withdraw { key });
            } else {
                self.forget(&key);
            }
        }
    }

    /// Drops what is known of a page; what is under way for it, and who waits for it, stays.
    pub(super) fn forget(&mut self, key: &PageKey) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        let idle = entry.work == Work::Idle;
        let awaited = !entry.waiters.is_empty() || !entry.refreshers.is_empty();
        if idle {
            self.traces.unaffected(key); // What is not there is not old.
        }
        if let (Body::Memory(_), Some(facts)) = (&entry.body, &entry.facts) {
            self.bytes -= facts.weight();
            self.in_memory.remove(key);
        }
        for read in std::mem::take(&mut entry.reads) {
            self.reads.release(key, read);
        }
        for tag in std::mem::take(&mut entry.tags) {
            if let Some(pages) = self.added.get_mut(&tag) {
                pages.remove(key);
                if pages.is_empty() {
                    self.added.remove(&tag);
                }
            }
        }
        if let Some(place) = entry.not_found.take() {
            self.not_found.take(place);
        }
        if let Some(place) = entry.failed.take() {
            self.failed.take(place);
        }
        let shelved = entry.body.is_some() && self.limits.shelf && entry.facts.as_ref().is_some_and(Facts::is_shelved);
        entry.body = Body::None;
        entry.facts = None;
        entry.dirty = false;
        self.effects.push(Effect::Withdraw { key: key.clone() });
        if shelved {
            self.effects.push(Effect::Unshelve { key: key.clone() });
        }
        if idle && awaited {
            self.enqueue(key, Lane::Waiting);
        } else if idle {
            self.entries.remove(key);
        }
    }
}
