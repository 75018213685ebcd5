//! Changes: which pages may differ now, and what asking again says of them.

use std::collections::BTreeSet;

use foldhash::HashSet;

use crate::{
    cache::{lanes::Lane, page::Mark},
    content::{
        change::{Change, Demand, Mode, Revision},
        span::{Moves, Span},
        tag::CacheTag,
    },
    render::{
        key::PageKey,
        question::{Confirmed, Question},
    },
};

use super::{
    Decision, Effect, Millis, State, TakeVisited,
    entry::{Body, Cause, Entry, Facts, Work},
};

impl<P: Clone> State<P> {
    /// Marks every page that the change can concern, before anybody is told of the change.
    pub(super) fn changed(&mut self, change: &Change) {
        self.revision = self.revision.max(change.revision);
        if self.rendering > 0 || self.verifying.is_some() {
            self.recent.push_back(change.clone());
        }
        self.born.extend(&change.born);
        for key in &self.pages_reading(&change.gone) {
            if let Some(entry) = self.entries.get_mut(key) {
                entry.withdrawn = true;
            }
        }
        if let Some(demand) = &change.demand {
            let meant = self.demanded(change, demand);
            return self.traces.demanded(change.revision, meant);
        }
        let candidates = self.suspected(change);
        let differing: Vec<_> = candidates.iter().filter(|key| self.differs(key)).cloned().collect();
        self.traces.begin(change, candidates);
        for key in differing {
            // What is known to differ is not asked about: it waits for its render, and after a failure this may mend it.
            let reason = self.entries.get(&key).map_or("", |entry| entry.cause.reason());
            self.traces.affected(&key, reason);
            self.enqueue(&key, Lane::Changed);
        }
    }

    fn differs(&self, key: &PageKey) -> bool {
        self.entries.get(key).is_some_and(|entry| entry.dirty)
    }

    /// Content changed: the pages whose reads it can have changed wait for those to be asked again.
    fn suspected(&mut self, change: &Change) -> HashSet<PageKey> {
        let mut candidates = HashSet::default();
        for id in self.reads.touched(&change.tags, &change.moves) {
            let pages: Vec<_> = self.reads.pages(id).cloned().collect();
            let mut concerned = false;
            for key in pages {
                let older = self.older_than(&key, change.revision);
                concerned |= older;
                if older && candidates.insert(key.clone()) {
                    self.set_mark(&key, Mark::Expired);
                }
            }
            if concerned {
                self.reads.suspect(id, change.revision);
            }
        }
        candidates
    }

    /// Somebody demands new pages: no question is asked, and they are made when the next reader comes. How many those are.
    fn demanded(&mut self, change: &Change, demand: &Demand) -> usize {
        let mark = if demand.mode == Mode::Expire { Mark::Expired } else { Mark::Stale };
        // A path means everything its pages were made of; a tag only what carries it.
        let is_path = |tag: &&CacheTag| ["path:", "route:"].iter().any(|kind| tag.as_str().starts_with(kind));
        let paths: BTreeSet<_> = change.tags.iter().filter(is_path).cloned().collect();
        let all_by_path = paths.len() == change.tags.len();
        if !(all_by_path || paths.is_empty() && demand.subtrees.is_empty()) {
            for key in self.meant(&paths, &demand.subtrees) {
                if let Some(entry) = self.entries.get_mut(&key) {
                    entry.inner_since = change.revision;
                }
            }
        }
        let mut meant = 0;
        let mut keys = self.meant(&change.tags, &demand.subtrees);
        keys.retain(|key| {
            let older =
                |entry: &&mut Entry<P>| entry.facts.as_ref().is_some_and(|facts| facts.revision < change.revision);
            let Some(entry) = self.entries.get_mut(key).filter(older) else { return false };
            meant += 1;
            entry.dirty = true;
            entry.cause = Cause::Demand;
            if all_by_path {
                entry.inner_since = change.revision;
            }
            entry.worsen(mark)
        });
        if !keys.is_empty() {
            self.effects.push(Effect::Mark { keys, mark });
        }
        meant
    }

    /// The pages that a demand for these tags and everything below these paths means.
    pub(super) fn meant(&self, tags: &BTreeSet<CacheTag>, subtrees: &[String]) -> Vec<PageKey> {
        let mut sources: Vec<Vec<PageKey>> = vec![self.pages_reading(tags).into_iter().collect()];
        sources.extend(tags.iter().filter_map(|tag| Some(self.added.get(tag)?.iter().cloned().collect())));
        if !subtrees.is_empty() {
            let below = |key: &&PageKey| subtrees.iter().any(|root| key.is_below(root));
            sources.push(self.entries.keys().filter(below).cloned().collect());
        }
        sources.retain(|keys| !keys.is_empty());
        // One tag may be that of every page: where there is one source, nothing is there twice.
        if sources.len() > 1 {
            return sources.into_iter().flatten().collect::<HashSet<_>>().into_iter().collect();
        }
        sources.pop().unwrap_or_default()
    }

    fn older_than(&self, key: &PageKey, revision: Revision) -> bool {
        self.entries.get(key).and_then(|entry| entry.facts.as_ref()).is_some_and(|facts| facts.revision < revision)
    }

    /// The pages that read anything with one of these tags.
    pub(super) fn pages_reading(&self, tags: &BTreeSet<CacheTag>) -> HashSet<PageKey> {
        self.reads.touched(tags, &Moves::Anywhere).into_iter().flat_map(|id| self.reads.pages(id)).cloned().collect()
    }

    fn set_mark(&mut self, key: &PageKey, mark: Mark) {
        if self.entries.get_mut(key).is_some_and(|entry| entry.worsen(mark)) {
            self.effects.push(Effect::Mark { keys: vec![key.clone()], mark });
        }
    }

    /// One verification is under way at a time; what becomes suspect meanwhile is asked in the next.
    pub(super) fn start_verification(&mut self) {
        if self.verifying.is_some() {
            return;
        }
        let entries = &self.entries;
        let undecided = |key: &PageKey| entries.get(key).is_some_and(|entry| !entry.dirty);
        let ids = self.reads.questions(undecided);
        if ids.is_empty() && self.born.is_empty() {
            return self.traces.verified(self.revision);
        }
        // Each is asked once, whatever it was answered before.
        let mut known = HashSet::default();
        let questions = ids.iter().filter_map(|id| self.reads.question(*id)).filter(|question| known.insert(*question));
        let questions = questions.cloned().collect();
        self.verifying = Some(self.revision);
        self.effects.push(Effect::Verify { questions, born: std::mem::take(&mut self.born), asked_at: self.revision });
    }

    pub(super) fn verified(
        &mut self,
        asked_at: Revision,
        revision: Revision,
        answers: &[(Question, Option<Confirmed>)],
        born: Vec<PageKey>,
        now: Millis,
        visited: TakeVisited<'_>,
    ) {
        self.verifying = None;
        let mut touched = HashSet::default();
        for (question, confirmed) in answers {
            let recent = &self.recent;
            let later = |tags: &BTreeSet<CacheTag>, span: &Span| {
                let touching = recent.iter().filter(|change| change.revision > revision && change.demand.is_none());
                touching.filter(|change| change.touches(tags, span)).map(|change| change.revision).max()
            };
            for (key, differs) in self.reads.settle(question, confirmed.as_ref(), revision, later) {
                if differs && let Some(entry) = self.entries.get_mut(&key) {
                    entry.dirty = true;
                    entry.cause = Cause::Changed { question: question.to_string(), reason: question.reason() };
                }
                touched.insert(key);
            }
        }
        self.forget_recent();
        for key in touched {
            self.decide(&key, asked_at, now, visited);
        }
        for key in born {
            self.bear(key, asked_at);
        }
        self.traces.verified(asked_at);
    }

    /// What could not be verified is made again.
    pub(super) fn verify_failed(
        &mut self,
        questions: &[Question],
        revision: Revision,
        now: Millis,
        visited: TakeVisited<'_>,
    ) {
        let unknown: Vec<_> = questions.iter().map(|question| (question.clone(), None)).collect();
        self.verified(revision, revision, &unknown, Vec::new(), now, visited);
    }

    /// A page's questions were asked: it is to be made again, or is fresh as it is.
    fn decide(&mut self, key: &PageKey, asked_at: Revision, now: Millis, visited: TakeVisited<'_>) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        entry.visited |= visited(key);
        if entry.dirty {
            let reason = entry.cause.reason();
            let lane = match (entry.waiters.is_empty(), entry.visited) {
                (false, _) => Lane::Waiting,
                (true, true) => Lane::Visited,
                (true, false) => Lane::Changed,
            };
            let not_found = entry.facts.as_ref().is_some_and(Facts::is_apart);
            if not_found && entry.waiters.is_empty() && entry.work == Work::Idle {
                self.traces.unaffected(key);
                return self.forget(key); // Nobody needs a page for what is not there before the next visit.
            }
            self.traces.affected(key, reason);
            self.tell(key, Decision::Expired, reason.to_owned());
            return self.enqueue(key, lane);
        }
        if entry.reads.iter().any(|read| self.reads.is_suspect(*read)) {
            return; // A later change touched it; the next verification decides.
        }
        // Every change up to `asked_at` has been applied, and all that it touched here was asked since.
        if let Some(facts) = &mut entry.facts {
            facts.revision = facts.revision.max(asked_at);
        }
        entry.withdrawn = false;
        if entry.mark == Mark::Expired && entry.work != Work::Rendering {
            entry.mark = Mark::Fresh;
            self.effects.push(Effect::Mark { keys: vec![key.clone()], mark: Mark::Fresh });
        }
        self.traces.unaffected(key);
        self.tell(key, Decision::Cutoff, "everything it read is as it was".into());
        self.serve_waiters(key, now);
    }

    /// Gives the stored page to those who waited to hear that it is good.
    pub(super) fn serve_waiters(&mut self, key: &PageKey, now: Millis) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        if entry.waiters.is_empty() {
            return;
        }
        match (&entry.body, entry.may_serve(now)) {
            (Body::Memory(payload), true) => {
                let answer = entry.given(payload.clone());
                for (waiter, _) in std::mem::take(&mut entry.waiters) {
                    self.effects.push(Effect::Answer { waiter, answer: answer.clone() });
                }
            }
            (Body::Shelf, true) => {
                self.load(key);
            }
            _ => self.enqueue(key, Lane::Waiting),
        }
    }

    /// A page that a change brought into being.
    fn bear(&mut self, key: PageKey, asked_at: Revision) {
        let entry = self.entries.entry(key.clone()).or_default();
        let stored = entry.facts.as_ref().is_some_and(|facts| !facts.is_apart());
        if stored {
            return;
        }
        if entry.facts.is_none() {
            entry.cause = Cause::New;
        }
        self.traces.new_page(asked_at, &key);
        self.enqueue(&key, Lane::Changed);
    }
}
