//! The end of a render: what its result is worth after what happened meanwhile.

use std::collections::BTreeSet;

use crate::{
    cache::{lanes::Lane, page::Mark},
    content::change::{Change, Mode, Revision},
    render::{key::PageKey, question::Recorded, retry},
};

use super::{
    Answer, Decision, Effect, Made, Millis, Shelved, State, TakeVisited, Waiter,
    entry::{Body, Cause, Facts, NEVER, Work},
};

/// Pages that were never made and fail; what is known of others is forgotten.
const FAILED: usize = 1_000;

/// What pages for what was not found may take of the memory for bodies: one part of so many.
const NOT_FOUND_PART: usize = 8;

/// What the changes since a render began mean for its result.
#[derive(Debug, Default)]
struct Outdated {
    /// The first change that concerns the page and that its snapshot does not show.
    first: Option<Revision>,
    /// Reads that have to be asked again.
    suspect: Vec<(usize, Revision)>,
    demanded: Option<Mode>,
    withdrawn: bool,
}

impl Outdated {
    fn by<'c>(
        recent: impl Iterator<Item = &'c Change>,
        revision: Revision,
        key: &PageKey,
        page: &[Recorded],
        tags: &BTreeSet<crate::content::tag::CacheTag>,
    ) -> Self {
        let mut outdated = Self::default();
        for change in recent.filter(|change| change.revision > revision) {
            let touches = |recorded: &Recorded| change.touches(&recorded.tags, &recorded.span);
            let concerned = match &change.demand {
                Some(demand) => {
                    let meant = page.iter().any(touches)
                        || !tags.is_disjoint(&change.tags)
                        || demand.subtrees.iter().any(|root| key.is_below(root));
                    if meant {
                        outdated.demanded = Some(demand.mode);
                    }
                    meant
                }
                None => {
                    let reads = page.iter().enumerate().filter(|(_, recorded)| touches(recorded));
                    let before = outdated.suspect.len();
                    outdated.suspect.extend(reads.map(|(index, _)| (index, change.revision)));
                    outdated.withdrawn |= page.iter().any(|recorded| !recorded.tags.is_disjoint(&change.gone));
                    outdated.suspect.len() > before
                }
            };
            if concerned {
                outdated.first = outdated.first.or(Some(change.revision));
            }
        }
        outdated
    }
}

impl<P: Clone> State<P> {
    pub(super) fn rendered(&mut self, key: PageKey, page: Made<P>, now: Millis, visited: TakeVisited<'_>) {
        let tags: BTreeSet<_> = page.tags.iter().cloned().collect();
        let outdated = Outdated::by(self.recent.iter(), page.facts.revision, &key, &page.reads, &tags);
        self.render_ended();
        visited(&key);
        let entry = self.entries.entry(key.clone()).or_default();
        entry.work = Work::Idle;
        entry.renders += 1;
        let again = std::mem::take(&mut entry.again);
        if page.dynamic {
            return self.answer_dynamic(&key, page.payload);
        }
        let newer = entry.facts.as_ref().is_some_and(|facts| facts.revision > page.facts.revision);
        if newer && outdated.first.is_some() && !entry.dirty && entry.may_serve(now) {
            // Verified at a later revision meanwhile: what is stored is better than what was made.
            self.traces.unaffected(&key);
            self.answer(&key, &page.payload, outdated.first);
            self.serve_waiters(&key, now);
        } else {
            self.store(&key, &page, &outdated);
            self.answer(&key, &page.payload, outdated.first);
        }
        if again || (outdated.demanded.is_some() && self.is_awaited(&key)) {
            self.enqueue(&key, Lane::Waiting);
        }
    }

    fn store(&mut self, key: &PageKey, page: &Made<P>, outdated: &Outdated) {
        let reason = self.entries.get(key).map(|entry| entry.cause.to_string()).unwrap_or_default();
        let was_shelved = self.entries.get(key).and_then(|entry| entry.facts.as_ref()).is_some_and(Facts::is_shelved);
        self.release(key);
        let reads: Vec<_> = page.reads.iter().map(|recorded| self.reads.hold(key, recorded)).collect();
        for (index, revision) in &outdated.suspect {
            if let Some(id) = reads.get(*index) {
                self.reads.suspect(*id, *revision);
            }
        }
        for tag in &page.tags {
            self.added.entry(tag.clone()).or_default().insert(key.clone());
        }
        // A read may be shared with pages that a change touched while this one was made.
        let suspect = reads.iter().any(|read| self.reads.is_suspect(*read));
        let mark = match outdated.demanded {
            Some(Mode::Expire) => Mark::Expired,
            _ if suspect => Mark::Expired,
            Some(Mode::Stale) => Mark::Stale,
            None => Mark::Fresh,
        };
        let not_found = page.facts.is_apart().then(|| self.admit_not_found(key, page.facts.bytes));
        let Some(entry) = self.entries.get_mut(key) else { return };
        let unchanged = entry.facts.as_ref().is_some_and(|facts| facts.hash == page.facts.hash);
        entry.not_found = not_found;
        entry.body = Body::Memory(page.payload.clone());
        entry.facts = Some(page.facts.clone());
        entry.shelved = page.facts.revision;
        entry.mark = mark;
        entry.reads = reads;
        entry.tags = page.tags.clone();
        entry.dirty = outdated.demanded.is_some();
        entry.retry = None;
        entry.withdrawn = outdated.withdrawn;
        entry.visited = false;
        entry.last_error = None;
        self.bytes += page.facts.weight();
        if not_found.is_none() {
            self.in_memory.insert(key);
        } else {
            self.in_memory.remove(key);
        }
        let facts = page.facts.clone();
        self.effects.push(Effect::Publish { key: key.clone(), payload: page.payload.clone(), mark, facts });
        if page.facts.is_shelved() {
            let (payload, facts) = (page.payload.clone(), page.facts.clone());
            let page = Shelved { payload, facts, reads: page.reads.clone(), tags: page.tags.clone() };
            self.effects.push(Effect::Shelve { key: key.clone(), page: Box::new(page) });
        } else if was_shelved {
            self.effects.push(Effect::Unshelve { key: key.clone() });
        }
        // What was not found is made again when somebody comes, if ever.
        if let Some(at) = page.facts.fresh_until.filter(|_| not_found.is_none()) {
            self.effects.push(Effect::Wake { key: key.clone(), at });
        }
        if mark == Mark::Fresh {
            self.traces.fresh(key, page.facts.took_ms);
        }
        self.tell(key, Decision::Stored, if unchanged { format!("{reason}; same bytes") } else { reason });
    }

    /// Answers those whose wait this page ends: it shows every change that concerned it when they came.
    fn answer(&mut self, key: &PageKey, payload: &P, outdated_by: Option<Revision>) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        let served = |(_, since): &(Waiter, Revision)| outdated_by.is_none_or(|first| *since < first);
        let (done, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut entry.waiters).into_iter().partition(served);
        entry.waiters = waiting;
        let (refreshed, waiting) = std::mem::take(&mut entry.refreshers).into_iter().partition::<Vec<_>, _>(served);
        entry.refreshers = waiting;
        for (waiter, _) in done.into_iter().chain(refreshed) {
            self.effects.push(Effect::Answer { waiter, answer: Answer::Made(payload.clone()) });
        }
    }

    /// A page for one reader: whoever came first. The others are told to have one made for themselves.
    fn answer_dynamic(&mut self, key: &PageKey, payload: P) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        let waiters = std::mem::take(&mut entry.waiters).into_iter().chain(std::mem::take(&mut entry.refreshers));
        let answers = std::iter::once(Answer::Made(payload)).chain(std::iter::repeat_with(|| Answer::Alone));
        for ((waiter, _), answer) in waiters.zip(answers) {
            self.effects.push(Effect::Answer { waiter, answer });
        }
        self.traces.fresh(key, 0);
        self.forget(key);
    }

    pub(super) fn render_failed(&mut self, key: PageKey, error: String, held: bool, now: Millis) {
        self.render_ended();
        self.traces.failed(&key, &error);
        self.tell(&key, Decision::Failed, error.clone());
        let Some(entry) = self.entries.get_mut(&key) else { return };
        entry.work = Work::Idle;
        entry.again = false;
        entry.renders += 1;
        entry.last_error = Some(error.clone());
        let refreshers = std::mem::take(&mut entry.refreshers);
        let waiters = std::mem::take(&mut entry.waiters);
        for (waiter, _) in refreshers {
            self.effects.push(Effect::Answer { waiter, answer: Answer::Failed(error.clone()) });
        }
        let last_good = match &entry.body {
            Body::Memory(payload) if !entry.withdrawn => Some(payload.clone()),
            _ => None,
        };
        let on_shelf = matches!(entry.body, Body::Shelf) && !entry.withdrawn && !waiters.is_empty();
        if on_shelf {
            entry.waiters = waiters; // They are given the last good page when it is here.
        } else {
            for (waiter, _) in waiters {
                let answer = last_good.clone().map_or_else(|| Answer::Failed(error.clone()), Answer::Degraded);
                self.effects.push(Effect::Answer { waiter, answer });
            }
        }
        let Some(facts) = &entry.facts else {
            return self.keep_failed(&key); // Nothing to give: the next reader is the next try.
        };
        if entry.withdrawn {
            return self.forget(&key);
        }
        let retry = if held { NEVER } else { now + retry::wait(facts.period(), key.as_str(), now) };
        entry.retry = Some(retry);
        entry.cause = Cause::Retry;
        if entry.mark != Mark::Stale {
            entry.mark = Mark::Degraded;
            self.effects.push(Effect::Mark { keys: vec![key.clone()], mark: Mark::Degraded });
        }
        if on_shelf {
            self.load(&key);
        }
        if !held {
            self.effects.push(Effect::Wake { key, at: retry });
        }
    }

    /// A page that was held may be tried again: at once, if there is one that is not as it should be.
    pub(super) fn released(&mut self, key: &PageKey) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        if entry.retry != Some(NEVER) {
            return;
        }
        entry.retry = None;
        if entry.mark == Mark::Degraded || entry.mark == Mark::Stale {
            self.enqueue(key, Lane::Changed);
        }
    }

    fn render_ended(&mut self) {
        self.rendering -= 1;
        self.forget_recent();
    }

    /// Changes are remembered as long as something that began before them may come to its end.
    pub(super) fn forget_recent(&mut self) {
        if self.rendering == 0 && self.verifying.is_none() {
            self.recent.clear();
        }
    }

    fn is_awaited(&self, key: &PageKey) -> bool {
        self.entries.get(key).is_some_and(|entry| !entry.waiters.is_empty() || !entry.refreshers.is_empty())
    }

    /// Lets go of what the stored page holds, before another takes its place.
    fn release(&mut self, key: &PageKey) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        if let (Body::Memory(_), Some(facts)) = (&entry.body, &entry.facts) {
            self.bytes -= facts.weight();
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
    }

    /// Makes room among the pages for what was not found, oldest first.
    fn admit_not_found(&mut self, key: &PageKey, bytes: usize) -> u64 {
        let most_bytes = self.limits.bytes / NOT_FOUND_PART;
        while let Some(oldest) = self.not_found.make_room(bytes, self.limits.not_found, most_bytes) {
            self.forget(&oldest);
        }
        self.not_found.put(key, bytes)
    }

    /// A page that was never made: why not is remembered of some.
    fn keep_failed(&mut self, key: &PageKey) {
        if self.entries.get(key).is_none_or(|entry| entry.work != Work::Idle || entry.failed.is_some()) {
            return;
        }
        while let Some(oldest) = self.failed.make_room(0, FAILED, 0) {
            self.forget(&oldest);
        }
        let place = self.failed.put(key, 0);
        if let Some(entry) = self.entries.get_mut(key) {
            entry.failed = Some(place);
        }
    }
}
