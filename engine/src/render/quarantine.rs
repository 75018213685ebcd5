//! Quarantine: pages that crash the renderer are not tried again before something that may mend them changes.
//!
//! An attempt is written down before it begins and crossed out when it ends, whatever its end. What is still written down
//! at start took the whole process along, and counts as a crash. Without its folder the quarantine works for as long as the
//! process does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use serde::{Deserialize, Serialize};

use crate::content::{
    change::{Change, Revision},
    read::Fingerprint,
    tag::CacheTag,
};

use super::{RenderError, key::PageKey};

/// After this many crashes, with no page made in between, a page is held.
const PATIENCE: u32 = 2;

/// Pages beyond this many are not remembered.
const MOST: usize = 1_000;

/// Bytes for one attempt: the length of its key in two, and the key.
const SLOT: usize = 4_096;

/// Attempts under way at once; more are not written down.
const SLOTS: usize = 64;

/// Pages that crashed, and attempts under way.
#[derive(Debug, Default)]
pub struct Quarantine {
    ward: Mutex<Ward>,
    /// Held by every attempt; alone by one that may take the process along, so that no other is blamed for it.
    room: RwLock<()>,
    journal: Option<Journal>,
}

#[derive(Debug, Default)]
struct Ward {
    pages: BTreeMap<PageKey, Case>,
    free: Vec<usize>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Case {
    crashes: u32,
    error: String,
    /// Names whose change may mend it; empty when they are not known, so that any change may.
    tags: BTreeSet<CacheTag>,
    /// It crashed with the content of this revision: earlier changes, announced again after a restart, mend nothing.
    revision: Revision,
    /// It took the process along.
    deadly: bool,
}

impl Case {
    fn is_held(&self) -> bool {
        self.crashes >= PATIENCE
    }
}

/// What was written down by an earlier process is read once, by [`Quarantine::open`].
#[derive(Debug)]
struct Journal {
    attempts: File,
    cases: PathBuf,
    theme: Fingerprint,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Written {
    /// Of the theme with which they crashed.
    theme: Option<Fingerprint>,
    pages: BTreeMap<PageKey, Case>,
}

/// One attempt to make a page; it is crossed out when this is dropped.
#[derive(Debug)]
pub struct Attempt<'q> {
    quarantine: &'q Quarantine,
    slot: Option<usize>,
    _room: Room<'q>,
}

#[derive(Debug)]
enum Room<'q> {
    Shared(#[allow(dead_code, reason = "held")] RwLockReadGuard<'q, ()>),
    Alone(#[allow(dead_code, reason = "held")] RwLockWriteGuard<'q, ()>),
}

impl Quarantine {
    /// Goes on with what an earlier process wrote into `folder`. What crashed with another theme may be tried again.
    pub fn open(folder: &Path, theme: Fingerprint, revision: Revision) -> io::Result<Self> {
        let cases = folder.join("quarantine.json");
        let written: Written =
            fs::read(&cases).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        let mut pages = written.pages;
        let attempts = folder.join("attempts");
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(attempts)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        for key in text.chunks(SLOT).filter_map(under_way) {
            tracing::warn!(page = %key, "the process ended while this page was being made");
            let case: &mut Case = pages.entry(key).or_default();
            case.crashes += 1;
            case.deadly = true;
            case.revision = revision;
            case.error = "the process ended while this page was being made".into();
        }
        if written.theme != Some(theme) {
            pages.values_mut().for_each(Case::release);
        }
        file.set_len(0)?;
        let ward = Ward { pages, free: (0..SLOTS).collect() };
        let journal = Journal { attempts: file, cases, theme };
        let quarantine = Self { ward: Mutex::new(ward), room: RwLock::default(), journal: Some(journal) };
        quarantine.write(&quarantine.ward());
        Ok(quarantine)
    }

    fn ward(&self) -> MutexGuard<'_, Ward> {
        self.ward.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an attempt, unless the page is held.
    pub fn attempt(&self, key: &PageKey) -> Result<Attempt<'_>, RenderError> {
        let alone = match self.ward().pages.get(key) {
            Some(case) if case.is_held() => return Err(RenderError::Quarantined(case.error.clone())),
            case => case.is_some_and(|case| case.deadly),
        };
        let room = if alone {
            Room::Alone(self.room.write().unwrap_or_else(PoisonError::into_inner))
        } else {
            Room::Shared(self.room.read().unwrap_or_else(PoisonError::into_inner))
        };
        let slot = self.ward().free.pop();
        if let Some(slot) = slot {
            self.note(slot, key.as_str());
        }
        Ok(Attempt { quarantine: self, slot, _room: room })
    }

    /// Writes into the slot of an attempt; nothing crosses it out.
    fn note(&self, slot: usize, key: &str) {
        let (Some(journal), Ok(length)) = (&self.journal, u16::try_from(key.len())) else { return };
        let mut text = length.to_le_bytes().to_vec();
        text.extend_from_slice(key.as_bytes());
        if text.len() > SLOT {
            return; // A key of that length is not remembered.
        }
        if let Err(error) = journal.attempts.write_all_at(&text, (slot * SLOT) as u64) {
            tracing::debug!(%error, "an attempt could not be written down");
        }
    }

    /// A page was made: whatever was wrong with it is over.
    pub fn made(&self, key: &PageKey) {
        let mut ward = self.ward();
        if ward.pages.remove(key).is_some() {
            self.write(&ward);
        }
    }

    /// An attempt has crashed: what is to be said of it from now on.
    pub fn crashed(
        &self,
        key: &PageKey,
        error: RenderError,
        tags: BTreeSet<CacheTag>,
        revision: Revision,
    ) -> RenderError {
        let mut ward = self.ward();
        if ward.pages.len() >= MOST && !ward.pages.contains_key(key) {
            return error;
        }
        let case = ward.pages.entry(key.clone()).or_default();
        case.crashes = case.crashes.saturating_add(1);
        case.error = error.to_string();
        case.tags = tags;
        case.tags.insert(CacheTag::path(key.path()));
        case.revision = revision;
        case.deadly = false;
        let held = case.is_held();
        self.write(&ward);
        if held {
            tracing::error!(page = %key, %error, "a page is quarantined: it crashed the renderer again");
            return RenderError::Quarantined(error.to_string());
        }
        error
    }

    /// Somebody asks for the page all the same: it has one more attempt.
    pub fn release(&self, key: &PageKey) {
        let mut ward = self.ward();
        if let Some(case) = ward.pages.get_mut(key).filter(|case| case.is_held()) {
            case.release();
            self.write(&ward);
        }
    }

    /// What is not held any more because of this change.
    pub fn changed(&self, change: &Change) -> Vec<PageKey> {
        let mut ward = self.ward();
        let below = |key: &PageKey| {
            change.demand.as_ref().is_some_and(|demand| demand.subtrees.iter().any(|root| key.is_below(root)))
        };
        let mut released = Vec::new();
        let concerned = |case: &Case| case.is_held() && case.revision < change.revision;
        for (key, case) in ward.pages.iter_mut().filter(|(_, case)| concerned(case)) {
            let touched = case.tags.is_empty() || !case.tags.is_disjoint(&change.tags);
            if touched || below(key) {
                case.release();
                released.push(key.clone());
            }
        }
        if !released.is_empty() {
            self.write(&ward);
        }
        released
    }

    /// The process ends because somebody wants it to: no attempt is to blame.
    pub fn close(&self) {
        let Some(journal) = &self.journal else { return };
        if let Err(error) = journal.attempts.set_len(0) {
            tracing::debug!(%error, "attempts could not be crossed out");
        }
    }

    fn write(&self, ward: &Ward) {
        let Some(journal) = &self.journal else { return };
        let written = Written { theme: Some(journal.theme), pages: ward.pages.clone() };
        let temporary = journal.cases.with_extension("tmp");
        let text = serde_json::to_vec(&written).map_err(io::Error::other);
        let saved =
            text.and_then(|text| fs::write(&temporary, text)).and_then(|()| fs::rename(&temporary, &journal.cases));
        if let Err(error) = saved {
            tracing::warn!(%error, "which pages are quarantined could not be written down and is forgotten at the end");
        }
    }
}

impl Case {
    /// Another crash and it is held again.
    fn release(&mut self) {
        self.crashes = self.crashes.min(PATIENCE - 1);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot {
            self.quarantine.note(slot, "");
            self.quarantine.ward().free.push(slot);
        }
    }
}

/// The key in a slot, if an attempt is written there.
fn under_way(slot: &[u8]) -> Option<PageKey> {
    let length = usize::from(u16::from_le_bytes(*slot.first_chunk()?));
    let key = std::str::from_utf8(slot.get(2..2 + length)?).ok()?;
    (!key.is_empty()).then(|| PageKey::of_path(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme() -> Fingerprint {
        Fingerprint::of(b"theme")
    }

    fn key() -> PageKey {
        PageKey::of_path("/heavy/")
    }

    fn crash(quarantine: &Quarantine) -> RenderError {
        let _attempt = quarantine.attempt(&key()).unwrap();
        quarantine.crashed(&key(), RenderError::Failed("boom".into()), [CacheTag::settings()].into(), 7)
    }

    fn held(quarantine: &Quarantine) -> bool {
        matches!(quarantine.attempt(&key()), Err(RenderError::Quarantined(_)))
    }

    #[test]
    fn a_page_is_held_after_its_second_crash_until_something_it_read_changes() {
        let quarantine = Quarantine::default();
        assert!(matches!(crash(&quarantine), RenderError::Failed(_)));
        assert!(matches!(crash(&quarantine), RenderError::Quarantined(_)));
        assert!(held(&quarantine));
        let change = |revision, tag| Change { revision, tags: [tag].into(), ..Change::default() };
        assert_eq!(quarantine.changed(&change(8, CacheTag::theme())), []);
        assert_eq!(quarantine.changed(&change(7, CacheTag::settings())), [], "it crashed with this change");
        assert_eq!(quarantine.changed(&change(8, CacheTag::settings())), [key()]);
        assert!(!held(&quarantine));
        assert!(matches!(crash(&quarantine), RenderError::Quarantined(_)), "it has one more attempt, not two");
        quarantine.release(&key());
        assert!(!held(&quarantine));
    }

    #[test]
    fn a_page_that_was_made_begins_anew() {
        let quarantine = Quarantine::default();
        crash(&quarantine);
        quarantine.made(&key());
        crash(&quarantine);
        assert!(!held(&quarantine));
    }

    #[test]
    fn an_attempt_that_never_ended_counts_and_one_that_was_told_to_end_does_not() {
        let folder = tempfile::tempdir().unwrap();
        for crashes in 1..=2 {
            let quarantine = Quarantine::open(folder.path(), theme(), 7).unwrap();
            assert!(!held(&quarantine), "after {} crashes", crashes - 1);
            std::mem::forget(quarantine.attempt(&key()).unwrap());
        }
        let quarantine = Quarantine::open(folder.path(), theme(), 7).unwrap();
        assert!(held(&quarantine));
        std::mem::forget(quarantine.attempt(&PageKey::of_path("/other/")).unwrap());
        quarantine.close();
        drop(quarantine);
        let quarantine = Quarantine::open(folder.path(), theme(), 7).unwrap();
        assert!(!quarantine.ward().pages.contains_key(&PageKey::of_path("/other/")));
        assert!(held(&quarantine), "a restart mends nothing");
        let quarantine = Quarantine::open(folder.path(), Fingerprint::of(b"another theme"), 7).unwrap();
        assert!(!held(&quarantine));
    }
}
