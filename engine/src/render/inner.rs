//! Inner entries: answers of other servers and fragments of templates, with lifetimes and tags of their own, shared by all pages.
//!
//! Invariant: an entry is never used for content of a revision at which a tag of it had changed, as far as the changes
//! applied here say; whoever uses one learns up to which revision that is known, and is not newer than that itself.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use minijinja::Value;

use crate::content::{change::Revision, read::Fingerprint, tag::CacheTag};

pub use super::kept::{Keeping, Kept, Outlet};
use super::{question::Recorded, retry};

/// Milliseconds since the epoch.
type Millis = i64;

/// Bytes of all entries together; beyond that the one used longest ago goes first.
const MOST: usize = 64 << 20;
/// Names beyond this are only kept with an entry.
const MOST_NAMES: usize = 20_000;

/// An entry is kept anew when what is kept of it is older than so many changes.
const LAG: Revision = 1_000;

/// Names an entry: `fetch:<url>` or `cached:<key>`.
pub type Name = String;

/// A stored answer.
#[derive(Clone, Debug)]
pub struct Entry {
    pub value: Value,
    pub fingerprint: Fingerprint,
    pub bytes: usize,
    /// What the value depends on, when it is a fragment.
    pub reads: Vec<Recorded>,
    pub tags: BTreeSet<CacheTag>,
    /// Its content is of this revision.
    pub revision: Revision,
    pub fresh_until: Option<Millis>,
    /// Its period, in milliseconds.
    pub period: Option<Millis>,
    /// With which theme a fragment was made.
    pub theme: Option<Fingerprint>,
}

#[derive(Debug, Default)]
struct Slot {
    entry: Option<Arc<Entry>>,
    expired: bool,
    /// Counts expiries, so that what was begun before one is not stored as fresh after it.
    expiries: u64,
    /// Set after a failure: the old entry serves until then.
    retry: Option<Millis>,
    used: u64,
    /// Held by whoever makes the entry; the others wait.
    making: Arc<Mutex<()>>,
}

#[derive(Debug, Default)]
struct Slots {
    slots: HashMap<Name, Slot>,
    bytes: usize,
    clock: u64,
    /// The newest change applied.
    applied: Revision,
}

/// All inner entries.
#[derive(Debug, Default)]
pub struct Inner {
    slots: Mutex<Slots>,
    outlet: OnceLock<Outlet>,
}

/// What is there for a name.
#[derive(Debug)]
pub enum Found {
    /// May be used; good up to this revision.
    Fresh(Arc<Entry>, Revision),
    /// To be made; `old` is what there was. The number says when the making began.
    Make { old: Option<Arc<Entry>>, begun: u64 },
}

impl Inner {
    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins with what an earlier process kept, all of it good at `applied` or later, and keeps from now on by way of `outlet`.
    pub fn restore(&self, kept: Vec<Kept>, applied: Revision, outlet: Outlet) {
        let mut slots = self.slots();
        slots.applied = applied;
        for kept in kept {
            let (name, expired) = (kept.name.clone(), kept.expired);
            let entry = kept.into_entry();
            slots.bytes += entry.bytes;
            let slot = Slot { entry: Some(Arc::new(entry)), expired, ..Slot::default() };
            slots.slots.insert(name, slot);
        }
        let _ = self.outlet.set(outlet); // There is one shelf, and it is set once.
        self.forget(slots.make_room());
    }

    fn tell(&self, keeping: Keeping) {
        if let Some(Outlet(tell)) = self.outlet.get() {
            tell(keeping);
        }
    }

    fn forget(&self, names: Vec<Name>) {
        names.into_iter().for_each(|name| self.tell(Keeping::Forget(name)));
    }

    /// The lock to hold while an entry is looked up and, if need be, made: one making at a time.
    pub fn turn(&self, name: &str) -> Arc<Mutex<()>> {
        self.slots().slots.entry(name.to_owned()).or_default().making.clone()
    }

    /// A fragment that another theme made is none.
    pub fn find(&self, name: &str, theme: Fingerprint, now: Millis) -> Found {
        let mut slots = self.slots();
        slots.clock += 1;
        let (clock, applied) = (slots.clock, slots.applied);
        let slot = slots.slots.entry(name.to_owned()).or_default();
        slot.used = clock;
        if let Some(entry) = slot.entry.as_ref().filter(|entry| entry.theme.is_none_or(|own| own == theme)) {
            let old = entry.fresh_until.is_some_and(|until| until <= now);
            let waits = slot.retry.is_some_and(|retry| retry > now);
            if (!slot.expired && !old) || waits {
                return Found::Fresh(entry.clone(), entry.revision.max(applied));
            }
        }
        Found::Make { old: slot.entry.clone(), begun: slot.expiries }
    }

    /// Keeps an entry, unless a change has overtaken its making.
    pub fn keep(&self, name: &str, entry: Entry, begun: u64) {
        let mut slots = self.slots();
        if !entry.reads.is_empty() && slots.applied > entry.revision {
            return; // What changed since may concern it; the next render makes it again.
        }
        slots.clock += 1;
        let (clock, bytes) = (slots.clock, entry.bytes);
        let slot = slots.slots.entry(name.to_owned()).or_default();
        let before = slot.entry.as_ref().map_or(0, |old| old.bytes);
        slot.expired = slot.expiries != begun;
        slot.retry = None;
        slot.used = clock;
        let entry = Arc::new(entry);
        slot.entry = Some(entry.clone());
        let expired = slot.expired;
        slots.bytes = slots.bytes + bytes - before;
        self.tell(Keeping::Keep { name: name.to_owned(), entry, expired });
        self.forget(slots.make_room());
    }

    /// Making failed: the old entry, if there is one, serves for a while.
    pub fn failed(&self, name: &str, now: Millis) -> Option<Arc<Entry>> {
        let mut slots = self.slots();
        let slot = slots.slots.get_mut(name)?;
        let entry = slot.entry.clone()?;
        slot.retry = Some(now + retry::wait(entry.period, name, now));
        Some(entry)
    }

    /// A change has been committed: entries with one of these tags are made anew before they are used again.
    pub fn expire(&self, tags: &BTreeSet<CacheTag>, revision: Revision) {
        let mut slots = self.slots();
        slots.applied = slots.applied.max(revision);
        for (name, slot) in &mut slots.slots {
            let touched = slot.entry.as_ref().is_some_and(|entry| {
                !entry.tags.is_disjoint(tags) || entry.reads.iter().any(|read| !read.tags.is_disjoint(tags))
            });
            if touched {
                self.expire_slot(name, slot);
            }
        }
    }

    /// Makes these anew before they are used again.
    pub fn expire_named<'n>(&self, names: impl Iterator<Item = &'n str>) {
        let mut slots = self.slots();
        for name in names {
            if let Some(slot) = slots.slots.get_mut(name) {
                self.expire_slot(name, slot);
            }
        }
    }

    fn expire_slot(&self, name: &str, slot: &mut Slot) {
        if !slot.expired
            && let Some(entry) = slot.entry.clone()
        {
            self.tell(Keeping::Keep { name: name.to_owned(), entry, expired: true });
        }
        slot.expire();
    }

    /// Keeps everything that is good with the revision at which it is known to be; what was kept long ago says an old one.
    pub fn confirm(&self) {
        let mut slots = self.slots();
        let applied = slots.applied;
        for (name, slot) in slots.slots.iter_mut().filter(|(_, slot)| !slot.expired) {
            if let Some(entry) = slot.entry.as_deref().filter(|entry| entry.revision + LAG < applied) {
                let entry = Arc::new(Entry { revision: applied, ..entry.clone() });
                slot.entry = Some(entry.clone());
                self.tell(Keeping::Keep { name: name.clone(), entry, expired: false });
            }
        }
    }

    /// The answer as it is known now, without making it: `None` when it has to be made.
    pub fn fingerprint(&self, name: &str, theme: Fingerprint, now: Millis) -> Option<Fingerprint> {
        match self.find(name, theme, now) {
            Found::Fresh(entry, _) => Some(entry.fingerprint),
            Found::Make { .. } => None,
        }
    }
}

impl Slot {
    fn expire(&mut self) {
        self.expired = true;
        self.expiries += 1;
        self.retry = None;
    }
}

impl Slots {
    /// The names of what had to go.
    fn make_room(&mut self) -> Vec<Name> {
        let mut gone = Vec::new();
        if self.slots.len() > MOST_NAMES {
            // Names of what could not be made, or was not kept.
            self.slots.retain(|_, slot| slot.entry.is_some());
        }
        while self.bytes > MOST {
            let oldest = self.slots.iter().filter(|(_, slot)| slot.entry.is_some()).min_by_key(|(_, slot)| slot.used);
            let Some(name) = oldest.map(|(name, _)| name.clone()) else { break };
            let entry = self.slots.get_mut(&name).and_then(|slot| slot.entry.take());
            self.bytes -= entry.map_or(0, |entry| entry.bytes);
            gone.push(name);
        }
        gone
    }
}
