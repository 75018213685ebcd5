//! Slots of inner entries: found by name, by the tags they carry, and by how long ago they were used, so that neither a change nor
//! the entry that is one too many looks at all of them. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use foldhash::{HashMap, HashSet};

use super::inner::Entry;
use crate::content::{change::Revision, tag::CacheTag};

/// Bytes of all entries together; beyond that the one used longest ago goes first.
const MOST: usize = 64 << 20;
/// Names without an entry, of what could not be made or was not kept; beyond that they are forgotten.
const MOST_EMPTY: usize = 20_000;

/// Milliseconds since the epoch.
type Millis = i64;

#[derive(Debug, Default)]
pub struct Slot {
    pub entry: Option<Arc<Entry>>,
    pub expired: bool,
    /// Counts expiries, so that what was begun before one is not stored as fresh after it.
    pub expiries: u64,
    /// Set after a failure: the old entry serves until then.
    pub retry: Option<Millis>,
    /// Its place in the order of use.
    used: u64,
    /// Held by whoever makes the entry; the others wait.
    pub making: Arc<Mutex<()>>,
}

/// Invariant: `order` and `by_tag` hold exactly the slots that have an entry.
#[derive(Debug, Default)]
pub struct Slots {
    slots: HashMap<Arc<str>, Slot>,
    order: BTreeMap<u64, Arc<str>>,
    by_tag: HashMap<CacheTag, HashSet<Arc<str>>>,
    bytes: usize,
    clock: u64,
    /// The newest change applied.
    pub applied: Revision,
}

impl Slots {
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Slot> {
        self.slots.get_mut(name)
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Slot)> {
        self.slots.iter_mut().map(|(name, slot)| (&**name, slot))
    }

    /// The slot of this name, made if there is none; using it keeps it.
    pub fn used(&mut self, name: &str) -> &mut Slot {
        self.clock += 1;
        let key = self.slots.get_key_value(name).map_or_else(|| Arc::from(name), |(key, _)| key.clone());
        let slot = self.slots.entry(key.clone()).or_default();
        if slot.entry.is_some() {
            self.order.remove(&slot.used);
            self.order.insert(self.clock, key);
        }
        slot.used = self.clock;
        slot
    }

    /// Puts an entry into its slot, in place of what is there.
    pub fn put(&mut self, name: &str, entry: Arc<Entry>) -> &mut Slot {
        self.take(name);
        self.clock += 1;
        let key: Arc<str> = self.slots.get_key_value(name).map_or_else(|| Arc::from(name), |(key, _)| key.clone());
        for tag in tags(&entry) {
            self.by_tag.entry(tag.clone()).or_default().insert(key.clone());
        }
        self.bytes += entry.bytes;
        self.order.insert(self.clock, key.clone());
        let slot = self.slots.entry(key).or_default();
        slot.used = self.clock;
        slot.entry = Some(entry);
        slot
    }

    /// The names of the entries that carry one of these tags, themselves or by what they read.
    pub fn carrying(&self, wanted: &BTreeSet<CacheTag>) -> HashSet<Arc<str>> {
        wanted.iter().filter_map(|tag| self.by_tag.get(tag)).flatten().cloned().collect()
    }

    /// The names of what had to go.
    pub fn make_room(&mut self) -> Vec<String> {
        if self.slots.len() - self.order.len() > MOST_EMPTY {
            self.slots.retain(|_, slot| slot.entry.is_some());
        }
        let mut gone = Vec::new();
        while self.bytes > MOST {
            let Some((_, name)) = self.order.first_key_value() else { break };
            let name = name.clone();
            self.take(&name);
            gone.push(name.to_string());
        }
        gone
    }

    /// Takes a slot's entry out of it.
    fn take(&mut self, name: &str) {
        let Some(slot) = self.slots.get_mut(name) else { return };
        let Some(entry) = slot.entry.take() else { return };
        self.order.remove(&slot.used);
        self.bytes -= entry.bytes;
        for tag in tags(&entry) {
            if let Some(names) = self.by_tag.get_mut(tag) {
                names.remove(name);
                if names.is_empty() {
                    self.by_tag.remove(tag);
                }
            }
        }
    }
}

fn tags(entry: &Entry) -> impl Iterator<Item = &CacheTag> {
    entry.tags.iter().chain(entry.reads.iter().flat_map(|read| read.tags.iter()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::read::Fingerprint;

    fn entry(bytes: usize, tag: &str) -> Arc<Entry> {
        Arc::new(Entry {
            value: minijinja::Value::UNDEFINED,
            fingerprint: Fingerprint::of(b""),
            bytes,
            reads: Vec::new(),
            tags: CacheTag::word(tag).into_iter().collect(),
            revision: 1,
            made_after: 0,
            fresh_until: None,
            period: None,
            theme: None,
        })
    }

    fn carrying(slots: &Slots, tag: &str) -> Vec<String> {
        let mut names: Vec<_> =
            slots.carrying(&CacheTag::word(tag).into_iter().collect()).iter().map(ToString::to_string).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_used_longest_ago_goes_first_and_is_found_no_more() {
        let mut slots = Slots::default();
        for name in ["a", "b", "c"] {
            slots.put(name, entry(MOST / 3, "roses"));
        }
        assert!(slots.make_room().is_empty());
        slots.used("a");
        slots.put("d", entry(MOST / 3, "moss"));
        assert_eq!(slots.make_room(), ["b"]);
        assert_eq!(
            (carrying(&slots, "roses"), carrying(&slots, "moss")),
            (vec!["a".into(), "c".into()], vec!["d".into()])
        );
    }

    #[test]
    fn an_entry_in_place_of_another_carries_its_own_tags_only() {
        let mut slots = Slots::default();
        slots.put("a", entry(10, "roses"));
        slots.put("a", entry(20, "moss"));
        assert_eq!((carrying(&slots, "roses"), carrying(&slots, "moss")), (Vec::<String>::new(), vec!["a".into()]));
        assert_eq!((slots.bytes, slots.order.len(), slots.slots.len()), (20, 1, 1));
    }

    #[test]
    fn names_that_were_asked_for_in_vain_are_forgotten() {
        let mut slots = Slots::default();
        slots.put("kept", entry(10, "roses"));
        for n in 0..=MOST_EMPTY {
            slots.used(&format!("none-{n}"));
        }
        slots.make_room();
        assert_eq!(slots.slots.len(), 1);
    }
}
