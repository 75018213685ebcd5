//! SIEVE: which body leaves memory first (Zhang et al., NSDI 2024): a queue, a hand and one bit a page.

use std::collections::{BTreeMap, HashMap};

use crate::render::key::PageKey;

/// The order of arrival, and a hand that moves from the oldest to the newest and begins again.
#[derive(Debug, Default)]
pub struct Sieve {
    order: BTreeMap<u64, PageKey>,
    place: HashMap<PageKey, u64>,
    hand: u64,
    last: u64,
}

impl Sieve {
    pub fn insert(&mut self, key: &PageKey) {
        if !self.place.contains_key(key) {
            self.last += 1;
            self.order.insert(self.last, key.clone());
            self.place.insert(key.clone(), self.last);
        }
    }

    pub fn remove(&mut self, key: &PageKey) {
        if let Some(place) = self.place.remove(key) {
            self.order.remove(&place);
        }
    }

    /// Takes out the first page from the hand on that nobody visited; `take_visited` reads a page's bit and clears it.
    pub fn evict(&mut self, mut take_visited: impl FnMut(&PageKey) -> bool) -> Option<PageKey> {
        // Two rounds suffice: the first clears every bit.
        for _ in 0..=2 * self.order.len() {
            let (place, key) = self.order.range(self.hand..).next().or_else(|| self.order.iter().next())?;
            let (place, key) = (*place, key.clone());
            self.hand = place + 1;
            if !take_visited(&key) {
                self.remove(&key);
                return Some(key);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn what_was_visited_outlives_what_was_not() {
        let mut sieve = Sieve::default();
        for path in ["/a", "/b", "/c"] {
            sieve.insert(&PageKey::of_path(path));
        }
        let mut visited: HashSet<_> = [PageKey::of_path("/a")].into();
        assert_eq!(sieve.evict(|key| visited.remove(key)), Some(PageKey::of_path("/b")));
        assert_eq!(sieve.evict(|key| visited.remove(key)), Some(PageKey::of_path("/c")));
        assert_eq!(sieve.evict(|key| visited.remove(key)), Some(PageKey::of_path("/a")));
        assert_eq!(sieve.evict(|key| visited.remove(key)), None);
    }
}
