//! What the keeper can say of its pages: for the admin, the command line and the impact of an edit.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;

use serde::Serialize;

use crate::{
    cache::page::Mark,
    content::{
        change::{Change, Revision},
        read::Fingerprint,
        tag::CacheTag,
    },
    render::{key::PageKey, question::Question},
};

use super::{
    Millis, State,
    entry::{Body, Entry, Facts, Work},
};

/// What is known of one page.
#[derive(Clone, Debug, Serialize)]
pub struct PageInfo {
    pub key: PageKey,
    pub state: PageState,
    pub facts: Option<Facts>,
    /// Since this process started.
    pub renders: u32,
    pub last_cause: String,
    pub last_error: Option<String>,
    pub in_memory: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    Fresh,
    Stale,
    Expired,
    Rendering,
    Failed,
    Absent,
}

impl PageState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Expired => "expired",
            Self::Rendering => "rendering",
            Self::Failed => "failed",
            Self::Absent => "absent",
        }
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    pub revision: Revision,
    pub pages: usize,
    pub fresh: usize,
    pub stale: usize,
    pub expired: usize,
    pub rendering: usize,
    pub failed: usize,
    pub not_found: usize,
    /// Pages that wait for their render.
    pub queued: usize,
    /// Bytes of bodies in memory.
    pub bytes: usize,
    /// Of these pages, since this process started.
    pub renders: u64,
}

/// A question with one of its answers, and who asked it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub question: Question,
    pub fingerprint: Fingerprint,
    pub pages: Vec<PageKey>,
}

impl<P: Clone> State<P> {
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Whether no page is being made, waits to be made, or waits to be asked about.
    pub fn is_at_rest(&self) -> bool {
        self.lanes.len() == 0 && self.rendering == 0 && self.verifying.is_none()
    }

    pub fn summary(&self, now: Millis) -> Summary {
        let mut summary = Summary {
            revision: self.revision,
            queued: self.lanes.len(),
            bytes: self.bytes,
            not_found: self.not_found.len(),
            ..Summary::default()
        };
        for entry in self.entries.values().filter(|entry| is_known(entry)) {
            summary.pages += 1;
            summary.renders += u64::from(entry.renders);
            match state(entry, now) {
                PageState::Fresh => summary.fresh += 1,
                PageState::Stale => summary.stale += 1,
                PageState::Expired | PageState::Absent => summary.expired += 1,
                PageState::Rendering => summary.rendering += 1,
                PageState::Failed => summary.failed += 1,
            }
        }
        summary
    }

    /// Every page that is stored, being made, or cannot be made, in order of its key.
    pub fn pages(&self, now: Millis) -> Vec<PageInfo> {
        let known = self.entries.iter().filter(|(_, entry)| is_known(entry));
        let mut pages: Vec<_> = known.map(|(key, entry)| info(key, entry, now)).collect();
        pages.sort_by(|a, b| a.key.cmp(&b.key));
        pages
    }

    pub fn page(&self, key: &PageKey, now: Millis) -> Option<PageInfo> {
        self.entries.get(key).map(|entry| info(key, entry, now))
    }

    /// What the stored page asked, with the tags of each question.
    pub fn reads_of(&self, key: &PageKey) -> Vec<(Question, BTreeSet<CacheTag>)> {
        let reads = self.entries.get(key).map(|entry| entry.reads.as_slice()).unwrap_or_default();
        let recorded = reads.iter().filter_map(|id| self.reads.recorded(*id));
        recorded.map(|(question, tags)| (question.clone(), tags.clone())).collect()
    }

    /// Every tag of the stored page.
    pub fn tags_of(&self, key: &PageKey) -> BTreeSet<CacheTag> {
        let mut tags: BTreeSet<_> = self.reads_of(key).into_iter().flat_map(|(_, tags)| tags).collect();
        tags.extend(self.entries.get(key).map(|entry| entry.tags.as_slice()).unwrap_or_default().iter().cloned());
        tags
    }

    /// How many pages carry each tag.
    pub fn tags(&self) -> BTreeMap<CacheTag, usize> {
        let mut pages: BTreeMap<_, HashSet<&PageKey>> =
            self.reads.tags().map(|(tag, pages)| (tag.clone(), pages)).collect();
        for (tag, added) in &self.added {
            pages.entry(tag.clone()).or_default().extend(added);
        }
        pages.into_iter().map(|(tag, pages)| (tag, pages.len())).collect()
    }

    /// Every question that this change can have given another answer, with who asked it.
    pub fn asked_of(&self, change: &Change) -> Vec<Asked> {
        let touched = self.reads.touched(&change.tags, &change.moves).into_iter();
        touched
            .filter_map(|id| {
                let (question, fingerprint) = self.reads.answered(id)?;
                Some(Asked { question: question.clone(), fingerprint, pages: self.reads.pages(id).cloned().collect() })
            })
            .collect()
    }

    /// The stored pages that a demand for these tags and everything below these paths means.
    pub fn demanded_by(&self, tags: &BTreeSet<CacheTag>, subtrees: &[String]) -> Vec<PageKey> {
        let mut keys = self.meant(tags, subtrees);
        keys.retain(|key| self.entries.get(key).is_some_and(|entry| entry.facts.is_some()));
        keys
    }

    #[cfg(test)]
    pub(super) fn entries(&self) -> impl Iterator<Item = (&PageKey, &Entry<P>)> {
        self.entries.iter()
    }
}

fn is_known<P>(entry: &Entry<P>) -> bool {
    entry.facts.is_some() || entry.work != Work::Idle || entry.failed.is_some()
}

fn info<P>(key: &PageKey, entry: &Entry<P>, now: Millis) -> PageInfo {
    PageInfo {
        key: key.clone(),
        state: state(entry, now),
        facts: entry.facts.clone(),
        renders: entry.renders,
        last_cause: entry.cause.to_string(),
        last_error: entry.last_error.clone(),
        in_memory: matches!(entry.body, Body::Memory(_)),
    }
}

fn state<P>(entry: &Entry<P>, now: Millis) -> PageState {
    let Some(facts) = &entry.facts else {
        return match entry.work {
            Work::Rendering => PageState::Rendering,
            _ if entry.last_error.is_some() => PageState::Failed,
            _ => PageState::Absent,
        };
    };
    match entry.mark {
        _ if entry.work == Work::Rendering => PageState::Rendering,
        _ if entry.retry.is_some() => PageState::Failed,
        Mark::Expired => PageState::Expired,
        _ if now >= facts.expires_at => PageState::Expired,
        Mark::Stale | Mark::Degraded => PageState::Stale,
        Mark::Fresh if facts.fresh_until.is_some_and(|until| until <= now) => PageState::Stale,
        Mark::Fresh => PageState::Fresh,
    }
}
