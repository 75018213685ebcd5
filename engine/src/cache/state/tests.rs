//! The state machine against a small world of facts that change, pages that read some of them, and readers that come at
//! any moment: the invariants of [`super`] hold after every event.

mod examples;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use proptest::prelude::*;

use crate::{
    cache::page::Mark,
    content::{
        change::{Change, Revision},
        read::{Fingerprint, Read},
        seen::Seen,
        span::Span,
        tag::CacheTag,
    },
    render::{
        key::PageKey,
        question::{Confirmed, Question, Recorded},
    },
};

use super::{
    Answer, Effect, Event, Limits, Made, State, Waiter,
    entry::{Facts, Work},
};

const FACTS: usize = 5;
const PAGES: usize = 6;
const PAGE_BYTES: usize = 100;
const BUDGET: usize = 420;

/// What a page shows: the revision of its snapshot, and each fact it read.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    revision: Revision,
    values: Vec<(usize, u8)>,
}

#[derive(Clone, Debug)]
enum Step {
    Read {
        page: usize,
    },
    /// A fact gets this value; 0 withdraws it.
    Edit {
        fact: usize,
        value: u8,
    },
    /// The keeper is told of the oldest change it does not know.
    Announce,
    /// The n-th render under way takes its snapshot now, if it has not.
    Snapshot {
        nth: usize,
    },
    Finish {
        nth: usize,
        fails: bool,
    },
    AnswerVerification {
        fails: bool,
    },
    Pass {
        millis: i64,
    },
    Prerender,
    Refresh {
        page: usize,
    },
    Sweep,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..PAGES).prop_map(|page| Step::Read { page }),
        5 => (0..FACTS, 0u8..4).prop_map(|(fact, value)| Step::Edit { fact, value }),
        5 => Just(Step::Announce),
        3 => (0usize..4).prop_map(|nth| Step::Snapshot { nth }),
        6 => (0usize..4, prop::bool::weighted(0.2)).prop_map(|(nth, fails)| Step::Finish { nth, fails }),
        4 => prop::bool::weighted(0.1).prop_map(|fails| Step::AnswerVerification { fails }),
        2 => (1i64..9_000).prop_map(|millis| Step::Pass { millis }),
        1 => Just(Step::Prerender),
        1 => Just(Step::Sweep),
        1 => (0..PAGES).prop_map(|page| Step::Refresh { page }),
    ];
    prop::collection::vec(step, 1..120)
}

/// Everything around the state machine.
struct World {
    state: State<Shown>,
    /// The facts at each revision.
    history: Vec<[u8; FACTS]>,
    announced: Revision,
    changes: Vec<Change>,
    now: i64,
    /// Renders under way, each with its snapshot once it is taken, and the revision when it was sent.
    renders: Vec<(PageKey, Option<Revision>)>,
    verification: Option<(Vec<Question>, Revision)>,
    published: BTreeMap<PageKey, (Shown, Mark)>,
    shelved: HashMap<PageKey, Shown>,
    visited: BTreeSet<PageKey>,
    wakes: BTreeMap<PageKey, i64>,
    loads: Vec<PageKey>,
    /// Readers that wait, with the page and what was announced when they came.
    waiting: HashMap<Waiter, (PageKey, Revision)>,
    last_waiter: Waiter,
}

fn key(page: usize) -> PageKey {
    PageKey::of_path(&format!("/{page}/"))
}

/// Page n reads facts n and n+1; the last page also has a period.
fn facts_of(key: &PageKey) -> Vec<usize> {
    let page: usize = key.path().trim_matches('/').parse().unwrap();
    vec![page % FACTS, (page + 1) % FACTS]
}

fn tag(fact: usize) -> CacheTag {
    CacheTag::word(&format!("fact:{fact}")).unwrap()
}

fn question(fact: usize) -> Question {
    Question::Content(Read::Setting { key: fact.to_string() }, Seen::default())
}

fn fingerprint(value: u8) -> Fingerprint {
    Fingerprint::of(&[value])
}

impl World {
    fn new(shelf: bool) -> Self {
        let limits = Limits { bytes: BUDGET, renders: 2, not_found: 2, shelf };
        Self {
            state: State::new(limits, 0),
            history: vec![[1; FACTS]],
            announced: 0,
            changes: Vec::new(),
            now: 1_000,
            renders: Vec::new(),
            verification: None,
            published: BTreeMap::new(),
            shelved: HashMap::new(),
            visited: BTreeSet::new(),
            wakes: BTreeMap::new(),
            loads: Vec::new(),
            waiting: HashMap::new(),
            last_waiter: 0,
        }
    }

    fn revision(&self) -> Revision {
        self.history.len() as Revision - 1
    }

    fn value(&self, fact: usize, revision: Revision) -> u8 {
        self.history[revision as usize][fact]
    }

    fn feed(&mut self, event: Event<Shown>) {
        let visited = &mut self.visited;
        let effects = self.state.handle(event, self.now, &mut |key| visited.remove(key));
        for effect in effects {
            self.perform(effect);
        }
        assert!(self.state.summary(self.now).bytes <= BUDGET, "bodies in memory stay within the budget");
        self.check_pages();
    }

    fn perform(&mut self, effect: Effect<Shown>) {
        match effect {
            Effect::Render { key, .. } => {
                assert!(!self.renders.iter().any(|(other, _)| *other == key), "one render of {key} at a time");
                self.renders.push((key, None));
                assert!(self.renders.len() <= 2, "no more renders than allowed");
            }
            Effect::Verify { questions, asked_at, .. } => {
                assert!(self.verification.is_none(), "one verification at a time");
                self.verification = Some((questions, asked_at));
            }
            Effect::Publish { key, payload, mark, .. } => {
                self.published.insert(key, (payload, mark));
            }
            Effect::Mark { keys, mark } => {
                for key in keys {
                    if let Some(page) = self.published.get_mut(&key) {
                        page.1 = mark;
                    }
                }
            }
            Effect::Withdraw { key } => {
                self.published.remove(&key);
            }
            Effect::Answer { waiter, answer } => self.answered(waiter, answer),
            Effect::Wake { key, at } => {
                self.wakes.insert(key, at);
            }
            Effect::Shelve { key, page } => {
                self.shelved.insert(key, page.payload);
            }
            Effect::Unshelve { key } => {
                self.shelved.remove(&key);
            }
            Effect::Load { key } => self.loads.push(key),
            Effect::Confirm { key, revision, .. } => {
                let shown = &self.shelved[&key];
                assert!(self.is_good_at(shown, revision), "{key} is confirmed at {revision} and shows {shown:?}");
            }
            Effect::Visited { keys } => assert!(!keys.is_empty()),
            Effect::Settled { .. } | Effect::Tell(_) => {}
        }
    }

    fn answered(&mut self, waiter: Waiter, answer: Answer<Shown>) {
        let (key, since) = self.waiting.remove(&waiter).expect("nobody is answered twice");
        match answer {
            Answer::Found(shown) | Answer::Made(shown) => {
                assert!(
                    self.is_good_at(&shown, since),
                    "{key} shows {shown:?}, which was old when its reader came at {since}"
                );
            }
            Answer::Degraded(shown) => self.check_withdrawn(&key, &shown),
            Answer::Failed(_) | Answer::Absent | Answer::Alone => {}
        }
    }

    /// Each fact is shown as it was at `revision` or has become since.
    fn is_good_at(&self, shown: &Shown, revision: Revision) -> bool {
        let shows = |fact: &usize, value: &u8| (revision..=self.revision()).any(|at| self.value(*fact, at) == *value);
        shown.revision >= revision || shown.values.iter().all(|(fact, value)| shows(fact, value))
    }

    /// Nothing is shown that was withdrawn and has not come back since.
    fn check_withdrawn(&self, key: &PageKey, shown: &Shown) {
        for (fact, value) in &shown.values {
            let mut later = shown.revision + 1..=self.announced;
            let gone = later.rfind(|revision| self.changes[*revision as usize - 1].gone.contains(&tag(*fact)));
            let back = |gone| (gone..=self.revision()).any(|at| self.value(*fact, at) == *value);
            assert!(gone.is_none_or(back), "{key} still gives out fact {fact}, which was withdrawn");
        }
    }

    fn check_pages(&self) {
        for (key, (shown, mark)) in &self.published {
            if *mark == Mark::Fresh {
                assert!(
                    self.is_good_at(shown, self.announced),
                    "{key} is fresh and shows {shown:?}, but at {} the facts are {:?}",
                    self.announced,
                    self.history[self.announced as usize]
                );
            }
            if *mark != Mark::Expired {
                self.check_withdrawn(key, shown);
            }
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Read { page } => self.read(key(page)),
            Step::Edit { fact, value } => {
                let mut facts = *self.history.last().unwrap();
                let gone = value == 0 && facts[fact] != 0;
                facts[fact] = value;
                self.history.push(facts);
                let mut change = Change { revision: self.revision(), tags: [tag(fact)].into(), ..Change::default() };
                if gone {
                    change.gone.insert(tag(fact));
                }
                self.changes.push(change);
            }
            Step::Announce => self.announce(),
            Step::Snapshot { nth } => {
                let revision = self.revision();
                if let Some((_, snapshot)) = self.renders.get_mut(nth) {
                    snapshot.get_or_insert(revision);
                }
            }
            Step::Finish { nth, fails } => self.finish(nth, fails),
            Step::AnswerVerification { fails } => self.verify(fails),
            Step::Pass { millis } => self.pass(millis),
            Step::Sweep => self.feed(Event::Sweep),
            Step::Prerender => self.feed(Event::Prerender { keys: (0..PAGES).map(key).collect() }),
            Step::Refresh { page } => {
                self.last_waiter += 1;
                self.waiting.insert(self.last_waiter, (key(page), self.announced));
                self.feed(Event::Refresh {
                    key: key(page),
                    waiter: self.last_waiter,
                    only_if_generated: page % 2 == 0,
                });
            }
        }
        while let Some(key) = self.loads.pop() {
            let payload = self.shelved.get(&key).cloned();
            self.feed(Event::Loaded { key, payload });
        }
    }

    /// As the public handler does it.
    fn read(&mut self, key: PageKey) {
        let page = self.published.get(&key).cloned();
        match page {
            Some((_, Mark::Fresh)) if !self.is_old(&key) => {
                self.visited.insert(key);
            }
            Some((_, Mark::Fresh | Mark::Stale | Mark::Degraded)) => {
                self.visited.insert(key.clone());
                self.feed(Event::Stale { key });
            }
            _ => {
                self.last_waiter += 1;
                self.waiting.insert(self.last_waiter, (key.clone(), self.announced));
                self.feed(Event::Fetch { key, waiter: self.last_waiter });
            }
        }
    }

    fn is_old(&self, key: &PageKey) -> bool {
        let facts = self.state.page(key, self.now).and_then(|page| page.facts);
        facts.is_some_and(|facts| facts.fresh_until.is_some_and(|until| until <= self.now))
    }

    fn announce(&mut self) {
        if self.announced < self.revision() {
            self.announced += 1;
            let change = self.changes[self.announced as usize - 1].clone();
            self.feed(Event::Changed(change));
        }
    }

    fn finish(&mut self, nth: usize, fails: bool) {
        if nth >= self.renders.len() {
            return;
        }
        let (key, snapshot) = self.renders.remove(nth);
        if fails {
            return self.feed(Event::RenderFailed { key, error: "broken".into(), held: false });
        }
        let revision = snapshot.unwrap_or_else(|| self.revision());
        let values: Vec<_> = facts_of(&key).into_iter().map(|fact| (fact, self.value(fact, revision))).collect();
        let reads = values.iter().map(|(fact, value)| Recorded {
            question: question(*fact),
            fingerprint: fingerprint(*value),
            tags: Arc::new([tag(*fact)].into()),
            span: Span::default(),
        });
        let last = key.path() == format!("/{}/", PAGES - 1);
        let facts = Facts {
            revision,
            status: if values.iter().all(|(_, value)| *value == 0) { 404 } else { 200 },
            route: "page".into(),
            hash: format!("{values:?}"),
            bytes: PAGE_BYTES,
            made_at: self.now,
            modified_at: self.now,
            fresh_until: last.then_some(self.now + 4_000),
            expires_at: self.now + 1_000_000,
            took_ms: 1,
        };
        let reads = reads.collect();
        let page = Made { payload: Shown { revision, values }, facts, reads, tags: Vec::new(), dynamic: false };
        self.feed(Event::Rendered { key, page });
    }

    fn verify(&mut self, fails: bool) {
        let Some((questions, asked_at)) = self.verification.take() else { return };
        let revision = self.revision();
        if fails {
            return self.feed(Event::VerifyFailed { questions, revision: asked_at });
        }
        let facts = *self.history.last().unwrap();
        let answers = questions.into_iter().map(|asked| {
            let fact = (0..FACTS).find(|fact| question(*fact) == asked).unwrap();
            (asked, Some(Confirmed { fingerprint: fingerprint(facts[fact]), tags: None, span: Span::default() }))
        });
        let answers = answers.collect();
        self.feed(Event::Verified { asked_at, revision, answers, born: Vec::new() });
    }

    fn pass(&mut self, millis: i64) {
        self.now += millis;
        let due: Vec<_> = self.wakes.iter().filter(|(_, at)| **at <= self.now).map(|(key, _)| key.clone()).collect();
        for key in due {
            self.wakes.remove(&key);
            self.feed(Event::Due { key });
        }
    }

    /// Everything under way ends well and everything is announced, until nothing is left to do.
    fn come_to_rest(&mut self) {
        for _ in 0..400 {
            if self.announced < self.revision() {
                self.step(Step::Announce);
            } else if self.verification.is_some() {
                self.step(Step::AnswerVerification { fails: false });
            } else if !self.renders.is_empty() {
                self.step(Step::Finish { nth: 0, fails: false });
            } else if self.wakes.values().any(|at| *at <= self.now) || self.has_failed() {
                self.step(Step::Pass { millis: 31_000 });
            } else {
                return;
            }
        }
        panic!("the cache never comes to rest");
    }

    fn has_failed(&self) -> bool {
        self.state.entries().any(|(_, entry)| entry.retry.is_some())
    }
}

proptest! {
    #[test]
    fn whatever_happens_when_the_invariants_hold(steps in steps(), shelf in any::<bool>()) {
        let mut world = World::new(shelf);
        for step in steps {
            world.step(step);
        }
        world.come_to_rest();
        prop_assert!(world.waiting.is_empty(), "readers still wait: {:?}", world.waiting);
        for (key, entry) in world.state.entries() {
            prop_assert_eq!(entry.work, Work::Idle);
            prop_assert!(!entry.dirty, "{} differs and nobody makes it again", key);
        }
        for (key, (shown, mark)) in &world.published {
            prop_assert!(*mark != Mark::Expired && *mark != Mark::Degraded, "{} rests as {:?}", key, mark);
            prop_assert!(world.is_good_at(shown, world.announced), "{} rests with old facts", key);
        }
        for revision in 1..=world.announced {
            prop_assert!(world.state.is_settled(revision), "the receipt of {} never ends", revision);
        }
    }
}
