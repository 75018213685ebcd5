//! The ledger of a folder: what lies there, how large it is, and what goes first when there is no room. Pure.

use std::collections::{BTreeSet, HashMap};

use super::{place::Kind, record::Name};

/// A record's kind and name.
pub type Item = (Kind, Name);

/// Milliseconds since the epoch.
pub type Moment = u64;

/// Visits closer to each other than this are one: a restart may forget so much.
const HOUR: Moment = 3_600_000;

#[derive(Debug, Default)]
pub struct Ledger {
    records: HashMap<Item, Line>,
    bodies: HashMap<Name, Body>,
    by_visit: BTreeSet<(Moment, Item)>,
    bytes: u64,
}

#[derive(Debug)]
struct Line {
    bytes: u64,
    body: Option<Name>,
    visited: Moment,
    /// What the folder says of it.
    written: Moment,
}

#[derive(Debug, Default)]
struct Body {
    bytes: u64,
    records: usize,
}

impl Ledger {
    /// Takes down a record with its body, in place of the one of its name: the body that no record needs any more.
    pub fn put(&mut self, item: Item, bytes: usize, body: Option<(Name, usize)>, now: Moment) -> Option<Name> {
        if let Some((name, bytes)) = body {
            let line = self.bodies.entry(name).or_default();
            line.records += 1;
            if line.bytes == 0 {
                line.bytes = bytes as u64;
                self.bytes += line.bytes;
            }
        }
        let orphan = self.remove(&item);
        self.bytes += bytes as u64;
        self.by_visit.insert((now, item));
        let body = body.map(|(name, _)| name);
        self.records.insert(item, Line { bytes: bytes as u64, body, visited: now, written: now });
        orphan
    }

    /// Strikes out a record: the body that no record needs any more.
    pub fn remove(&mut self, item: &Item) -> Option<Name> {
        let line = self.records.remove(item)?;
        self.by_visit.remove(&(line.visited, *item));
        self.bytes -= line.bytes;
        let name = line.body?;
        let body = self.bodies.get_mut(&name)?;
        body.records -= 1;
        if body.records > 0 {
            return None;
        }
        self.bytes -= body.bytes;
        self.bodies.remove(&name);
        Some(name)
    }

    /// Notes that somebody came; whether it is time to write that down.
    pub fn visit(&mut self, item: &Item, now: Moment) -> bool {
        let Some(line) = self.records.get_mut(item) else { return false };
        self.by_visit.remove(&(line.visited, *item));
        line.visited = line.visited.max(now);
        self.by_visit.insert((line.visited, *item));
        let due = line.visited >= line.written + HOUR;
        if due {
            line.written = line.visited;
        }
        due
    }

    pub fn has_body(&self, name: Name) -> bool {
        self.bodies.get(&name).is_some_and(|body| body.bytes > 0)
    }

    /// The body turned out to be gone: whoever brings it next has it written again.
    pub fn lost_body(&mut self, name: Name) {
        if let Some(body) = self.bodies.get_mut(&name) {
            self.bytes -= std::mem::take(&mut body.bytes);
        }
    }

    /// What nobody has visited for longest, when all together is more than `quota`.
    pub fn beyond(&self, quota: u64) -> Option<Item> {
        self.by_visit.first().filter(|_| self.bytes > quota).map(|(_, item)| *item)
    }

    #[cfg(test)]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str) -> Item {
        (Kind::Page, Name::of(name))
    }

    fn body(name: &str, bytes: usize) -> Option<(Name, usize)> {
        Some((Name::of(name), bytes))
    }

    #[test]
    fn a_body_that_two_pages_share_is_counted_once_and_goes_with_the_last() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.put(page("a"), 10, body("body", 100), 1), None);
        assert_eq!(ledger.put(page("b"), 10, body("body", 100), 1), None);
        assert_eq!(ledger.bytes(), 120);
        assert_eq!(ledger.put(page("a"), 10, body("other", 50), 2), None);
        assert_eq!(ledger.put(page("a"), 10, body("other", 50), 3), None, "the same body again is no orphan");
        assert_eq!(ledger.remove(&page("b")), Some(Name::of("body")));
        assert_eq!(ledger.remove(&page("a")), Some(Name::of("other")));
        assert_eq!((ledger.bytes(), ledger.remove(&page("a"))), (0, None));
    }

    #[test]
    fn what_was_visited_longest_ago_goes_first() {
        let mut ledger = Ledger::default();
        for (at, name) in (0..).zip(["a", "b", "c"]) {
            ledger.put(page(name), 10, None, at);
        }
        assert!(!ledger.visit(&page("a"), 60_000), "a minute is not worth writing down");
        assert!(ledger.visit(&page("a"), 3_600_000));
        assert_eq!(ledger.beyond(30), None);
        assert_eq!(ledger.beyond(29), Some(page("b")));
        ledger.remove(&page("b"));
        assert_eq!(ledger.beyond(19), Some(page("c")));
    }

    #[test]
    fn a_body_that_is_lost_is_written_again() {
        let mut ledger = Ledger::default();
        ledger.put(page("a"), 10, body("body", 100), 1);
        ledger.lost_body(Name::of("body"));
        assert!(!ledger.has_body(Name::of("body")));
        ledger.put(page("b"), 10, body("body", 100), 1);
        assert!(ledger.has_body(Name::of("body")));
        assert_eq!(ledger.bytes(), 120);
    }
}
