//! Succession: a state whose pages were made beside those of another takes its place.

use super::{
    Effect, Millis, Shelved, State, TakeVisited,
    entry::{Body, Facts},
};

impl<P: Clone> State<P> {
    /// Takes the place of another state, within its limits: whoever waits there waits here, and the shelf holds these pages.
    /// A page that is another than the one before was changed now: `redated` gives it with that date. `visited` is about the
    /// other's pages.
    pub fn succeed(
        &mut self,
        former: Self,
        now: Millis,
        redated: impl Fn(&P, Millis) -> P,
        visited: TakeVisited<'_>,
    ) -> Vec<Effect<P>> {
        self.limits = former.limits;
        for (key, entry) in former.entries {
            let shelved = entry.body.is_some() && entry.facts.as_ref().is_some_and(Facts::is_shelved);
            let visited = entry.visited || visited(&key);
            match self.entries.get_mut(&key) {
                Some(own) => {
                    own.visited |= visited;
                    if let (Body::Memory(payload), Some(facts), Some(before)) =
                        (&mut own.body, &mut own.facts, &entry.facts)
                    {
                        facts.modified_at = Facts::modified(Some(before), &facts.hash, now);
                        *payload = redated(payload, facts.modified_at);
                        let (payload, facts) = (payload.clone(), facts.clone());
                        self.effects.push(Effect::Publish { key: key.clone(), payload, mark: own.mark, facts });
                    }
                }
                None if shelved => self.effects.push(Effect::Unshelve { key: key.clone() }),
                None => {}
            }
            for (waiter, _) in entry.waiters {
                self.fetch(key.clone(), waiter, now);
            }
            for (waiter, _) in entry.refreshers {
                self.refresh(key.clone(), waiter, false);
            }
        }
        self.shelve_all();
        self.conclude(visited)
    }

    /// What was made beside the shelf's pages takes their place there.
    fn shelve_all(&mut self) {
        for (key, entry) in &mut self.entries {
            let (Body::Memory(payload), Some(facts)) = (&entry.body, &entry.facts) else { continue };
            if let Some(at) = facts.fresh_until {
                self.effects.push(Effect::Wake { key: key.clone(), at });
            }
            if facts.is_shelved() {
                entry.shelved = facts.revision;
                let reads = entry.reads.iter().filter_map(|id| self.reads.record(*id)).collect();
                let page = Shelved { payload: payload.clone(), facts: facts.clone(), reads, tags: entry.tags.clone() };
                self.effects.push(Effect::Shelve { key: key.clone(), page: Box::new(page) });
            } else {
                self.effects.push(Effect::Unshelve { key: key.clone() });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        cache::state::{Answer, Event, Limits, Made},
        render::key::PageKey,
    };

    use super::*;

    const LIMITS: Limits = Limits { bytes: 1 << 20, renders: 4, not_found: 9, shelf: true };

    fn key(path: &str) -> PageKey {
        PageKey::of_path(path)
    }

    fn made(payload: &'static str, modified_at: Millis) -> Made<&'static str> {
        let facts = Facts {
            revision: 1,
            status: 200,
            route: "any".into(),
            hash: payload.into(),
            bytes: 100,
            made_at: modified_at,
            modified_at,
            fresh_until: None,
            expires_at: Millis::MAX,
            took_ms: 1,
        };
        Made { payload, facts, reads: Vec::new(), tags: Vec::new(), dynamic: false }
    }

    fn with_pages(limits: Limits, pages: &[(&str, &'static str, Millis)]) -> State<&'static str> {
        let mut state = State::new(limits, 1);
        for (path, payload, modified_at) in pages {
            state.handle(Event::Prerender { keys: vec![key(path)] }, 0, &mut |_| false);
            let event = Event::Rendered { key: key(path), page: made(payload, *modified_at) };
            state.handle(event, *modified_at, &mut |_| false);
        }
        state
    }

    #[test]
    fn readers_who_wait_are_answered_by_the_successor_and_the_shelf_holds_its_pages() {
        let mut former =
            with_pages(LIMITS, &[("/a/", "old a", 9_000), ("/same/", "same", 9_000), ("/gone/", "old", 9_000)]);
        former.handle(Event::Fetch { key: key("/b/"), waiter: 7 }, 9_000, &mut |_| false);
        let limits = Limits { shelf: false, ..LIMITS };
        let mut next =
            with_pages(limits, &[("/a/", "new a", 5_000), ("/same/", "same", 5_000), ("/more/", "more", 5_000)]);
        let effects = next.succeed(former, 9_500, |page, _| *page, &mut |_| false);
        let modified = |path: &str| {
            effects.iter().find_map(|effect| match effect {
                Effect::Publish { key: own, facts, .. } if *own == key(path) => Some(facts.modified_at),
                _ => None,
            })
        };
        assert_eq!(modified("/a/"), Some(9_500), "a date from before would say that nothing has changed");
        assert_eq!(modified("/same/"), Some(9_000));
        assert!(effects.contains(&Effect::Unshelve { key: key("/gone/") }));
        for path in ["/a/", "/same/", "/more/"] {
            let shelved =
                effects.iter().any(|effect| matches!(effect, Effect::Shelve { key: own, .. } if *own == key(path)));
            assert!(shelved, "{path}");
        }
        assert!(effects.contains(&Effect::Render { key: key("/b/"), inner_since: 0 }));
        let page = made("new b", 9_600);
        let effects = next.handle(Event::Rendered { key: key("/b/"), page }, 9_600, &mut |_| false);
        assert!(effects.contains(&Effect::Answer { waiter: 7, answer: Answer::Made("new b") }));
    }
}
