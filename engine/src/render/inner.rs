//! Inner entries: answers of other servers and fragments of templates, with lifetimes and tags of their own, shared by all pages.
//!
//! Invariant: an entry is never used for content of a revision at which a tag of it had changed, as far as the changes
//! applied here say; whoever uses one learns up to which revision that is known, and is not newer than that itself.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use minijinja::Value;

use crate::content::{change::Revision, read::Fingerprint, tag::CacheTag};

pub use super::kept::{Keeping, Kept, Outlet};
use super::{
    question::Recorded,
    retry,
    slots::{Slot, Slots},
};

/// Milliseconds since the epoch.
type Millis = i64;

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
    /// The newest change that was applied when its making began.
    pub made_after: Revision,
    pub fresh_until: Option<Millis>,
    /// Its period, in milliseconds.
    pub period: Option<Millis>,
    /// With which theme a fragment was made.
    pub theme: Option<Fingerprint>,
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
    /// To be made; `old` is what there was.
    Make { old: Option<Arc<Entry>>, begun: Begun },
}

/// When the making of an entry began.
#[derive(Clone, Copy, Debug)]
pub struct Begun {
    expiries: u64,
    applied: Revision,
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
            slots.put(&name, Arc::new(kept.into_entry())).expired = expired;
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
        self.slots().used(name).making.clone()
    }

    /// A fragment that another theme made is none; what was made before the change `since` is old.
    pub fn find(&self, name: &str, theme: Fingerprint, since: Revision, now: Millis) -> Found {
        let mut slots = self.slots();
        let applied = slots.applied;
        let slot = slots.used(name);
        if let Some(entry) = slot.entry.as_ref().filter(|entry| entry.theme.is_none_or(|own| own == theme)) {
            let old = entry.made_after < since || entry.fresh_until.is_some_and(|until| until <= now);
            let waits = slot.retry.is_some_and(|retry| retry > now);
            if (!slot.expired && !old) || waits {
                return Found::Fresh(entry.clone(), entry.revision.max(applied));
            }
        }
        Found::Make { old: slot.entry.clone(), begun: Begun { expiries: slot.expiries, applied } }
    }

    /// Keeps an entry, unless a change has overtaken its making.
    pub fn keep(&self, name: &str, entry: Entry, begun: Begun) {
        let mut slots = self.slots();
        if !entry.reads.is_empty() && slots.applied > entry.revision {
            return; // What changed since may concern it; the next render makes it again.
        }
        let entry = Arc::new(Entry { made_after: begun.applied, ..entry });
        let slot = slots.put(name, entry.clone());
        slot.expired = slot.expiries != begun.expiries;
        slot.retry = None;
        let expired = slot.expired;
        self.tell(Keeping::Keep { name: name.to_owned(), entry, expired });
        self.forget(slots.make_room());
    }

    /// Making failed: the old entry, if there is one, serves for a while.
    pub fn failed(&self, name: &str, now: Millis) -> Option<Arc<Entry>> {
        let mut slots = self.slots();
        let slot = slots.get_mut(name)?;
        let entry = slot.entry.clone()?;
        slot.retry = Some(now + retry::wait(entry.period, name, now));
        Some(entry)
    }

    /// A change has been committed: entries with one of these tags are made anew before they are used again.
    pub fn expire(&self, tags: &BTreeSet<CacheTag>, revision: Revision) {
        let mut slots = self.slots();
        slots.applied = slots.applied.max(revision);
        for name in slots.carrying(tags) {
            if let Some(slot) = slots.get_mut(&name) {
                self.expire_slot(&name, slot);
            }
        }
    }

    fn expire_slot(&self, name: &str, slot: &mut Slot) {
        if !slot.expired
            && let Some(entry) = slot.entry.clone()
        {
            self.tell(Keeping::Keep { name: name.to_owned(), entry, expired: true });
        }
        slot.expired = true;
        slot.expiries += 1;
        slot.retry = None;
    }

    /// Keeps everything that is good with the revision at which it is known to be; what was kept long ago says an old one.
    pub fn confirm(&self) {
        let mut slots = self.slots();
        let applied = slots.applied;
        for (name, slot) in slots.iter_mut().filter(|(_, slot)| !slot.expired) {
            if let Some(entry) = slot.entry.as_deref().filter(|entry| entry.revision + LAG < applied) {
                let entry = Arc::new(Entry { revision: applied, ..entry.clone() });
                slot.entry = Some(entry.clone());
                self.tell(Keeping::Keep { name: name.to_owned(), entry, expired: false });
            }
        }
    }

    /// The answer as it is known now, without making it: `None` when it has to be made.
    pub fn fingerprint(&self, name: &str, theme: Fingerprint, now: Millis) -> Option<Fingerprint> {
        match self.find(name, theme, 0, now) {
            Found::Fresh(entry, _) => Some(entry.fingerprint),
            Found::Make { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry {
            value: Value::from_safe_string(text.into()),
            fingerprint: Fingerprint::of(text.as_bytes()),
            bytes: text.len(),
            reads: Vec::new(),
            tags: CacheTag::word("roses").into_iter().collect(),
            revision: 1,
            made_after: 0,
            fresh_until: None,
            period: None,
            theme: None,
        }
    }

    fn make(inner: &Inner, text: &str, since: Revision) -> bool {
        match inner.find("a", Fingerprint::of(b""), since, 0) {
            Found::Fresh(..) => false,
            Found::Make { begun, .. } => {
                inner.keep("a", entry(text), begun);
                true
            }
        }
    }

    #[test]
    fn a_page_that_was_demanded_makes_its_parts_anew_once_and_other_pages_use_them() {
        let inner = Inner::default();
        assert!(make(&inner, "old", 0));
        assert!(!make(&inner, "old", 0));
        inner.expire(&BTreeSet::new(), 7);
        assert!(!make(&inner, "new", 0), "a page that was not demanded uses what is there");
        assert!(make(&inner, "new", 7));
        assert!(!make(&inner, "new", 7), "the next page that was demanded uses what was made since");
    }

    #[test]
    fn a_change_expires_what_carries_its_tags_and_nothing_else() {
        let inner = Inner::default();
        assert!(make(&inner, "old", 0));
        inner.expire(&CacheTag::word("moss").into_iter().collect(), 2);
        assert!(!make(&inner, "new", 0));
        inner.expire(&CacheTag::word("roses").into_iter().collect(), 3);
        assert!(make(&inner, "new", 0));
    }
}
