//! Traces: what became of each page that a change concerned, until all are fresh; the editor's receipt.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use serde::Serialize;

use crate::{
    content::change::{Change, Revision},
    render::key::PageKey,
};

use super::{Effect, State};

/// Receipts are kept for this many changes.
const KEPT: usize = 256;

#[derive(Debug, Default)]
pub(super) struct Traces {
    traces: BTreeMap<Revision, Trace>,
    /// Traces in which a page is neither fresh nor failed yet.
    open: HashMap<PageKey, HashSet<Revision>>,
    settled: Vec<Revision>,
    /// Every change up to this revision is verified.
    verified: Revision,
}

#[derive(Debug, Default)]
struct Trace {
    /// How many pages may differ, or were demanded.
    meant: usize,
    /// Pages that may differ, as long as it is not known.
    candidates: HashSet<PageKey>,
    pages: BTreeMap<PageKey, Progress>,
    /// The verification that covers this change is done.
    verified: bool,
    told: bool,
}

/// One page of a receipt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    pub state: Progressed,
    pub reason: &'static str,
    /// What the render took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Progressed {
    Expired,
    Rendering,
    Fresh,
    Failed,
}

impl Traces {
    pub fn begin(&mut self, change: &Change, candidates: HashSet<PageKey>) {
        let verified = candidates.is_empty() && change.born.is_empty();
        for key in &candidates {
            self.open.entry(key.clone()).or_default().insert(change.revision);
        }
        self.add(change.revision, Trace { meant: candidates.len(), candidates, verified, ..Trace::default() });
    }

    /// So many pages were demanded. They are made when somebody comes; there is nothing to wait for.
    pub fn demanded(&mut self, revision: Revision, meant: usize) {
        self.add(revision, Trace { meant, verified: true, told: true, ..Trace::default() });
    }

    fn add(&mut self, revision: Revision, trace: Trace) {
        self.traces.insert(revision, trace);
        while self.traces.len() > KEPT {
            self.traces.pop_first();
        }
        self.settled.push(revision);
    }

    /// The page differs and is to be made again.
    pub fn affected(&mut self, key: &PageKey, reason: &'static str) {
        for trace in self.of(key) {
            trace.candidates.remove(key);
            trace.pages.entry(key.clone()).or_insert(Progress {
                state: Progressed::Expired,
                reason,
                ms: None,
                error: None,
            });
        }
    }

    /// The page is as a render would make it now: it did not differ, or was made again before this was known.
    pub fn unaffected(&mut self, key: &PageKey) {
        self.progress(key, |progress| progress.state = Progressed::Fresh);
        self.close(key);
    }

    /// A page that was not there came with a change up to `revision`.
    pub fn new_page(&mut self, revision: Revision, key: &PageKey) {
        let born = self.traces.range_mut(..=revision).rev().find(|(_, trace)| !trace.told);
        if let Some((revision, trace)) = born {
            trace.pages.insert(
                key.clone(),
                Progress { state: Progressed::Expired, reason: "new page", ms: None, error: None },
            );
            self.open.entry(key.clone()).or_default().insert(*revision);
        }
    }

    pub fn rendering(&mut self, key: &PageKey) {
        self.progress(key, |progress| progress.state = Progressed::Rendering);
    }

    pub fn fresh(&mut self, key: &PageKey, took_ms: u32) {
        self.progress(key, |progress| {
            progress.state = Progressed::Fresh;
            progress.ms = Some(took_ms);
        });
        self.close(key);
    }

    pub fn failed(&mut self, key: &PageKey, error: &str) {
        self.progress(key, |progress| {
            progress.state = Progressed::Failed;
            progress.error = Some(error.to_owned());
        });
        self.close(key);
    }

    /// Everything that changes up to `revision` touched was asked again.
    pub fn verified(&mut self, revision: Revision) {
        if revision <= self.verified {
            return;
        }
        let since = std::mem::replace(&mut self.verified, revision);
        for (revision, trace) in self.traces.range_mut(since + 1..=revision) {
            if !trace.verified {
                trace.verified = true;
                self.settled.push(*revision);
            }
        }
    }

    /// Changes that became settled since the last call.
    pub fn newly_settled(&mut self) -> Vec<Revision> {
        let mut settled = Vec::new();
        for revision in std::mem::take(&mut self.settled) {
            if let Some(trace) = self.traces.get_mut(&revision)
                && (trace.is_settled() || trace.told)
            {
                trace.told = true;
                settled.push(revision);
            }
        }
        settled
    }

    pub fn is_settled(&self, revision: Revision) -> bool {
        self.traces.get(&revision).is_none_or(|trace| trace.told || trace.is_settled())
    }

    pub fn meant(&self, revision: Revision) -> usize {
        self.traces.get(&revision).map_or(0, |trace| trace.meant)
    }

    pub fn report(&self, revision: Revision) -> Vec<(PageKey, Progress)> {
        let pages = self.traces.get(&revision).map(|trace| &trace.pages);
        pages.into_iter().flatten().map(|(key, progress)| (key.clone(), progress.clone())).collect()
    }

    fn progress(&mut self, key: &PageKey, apply: impl Fn(&mut Progress)) {
        for trace in self.of(key) {
            if let Some(progress) = trace.pages.get_mut(key) {
                apply(progress);
            }
        }
    }

    fn of(&mut self, key: &PageKey) -> impl Iterator<Item = &mut Trace> {
        let revisions = self.open.get(key).cloned().unwrap_or_default();
        self.traces.iter_mut().filter(move |(revision, _)| revisions.contains(revision)).map(|(_, trace)| trace)
    }

    fn close(&mut self, key: &PageKey) {
        let Some(revisions) = self.open.remove(key) else { return };
        for revision in revisions {
            if let Some(trace) = self.traces.get_mut(&revision) {
                trace.candidates.remove(key);
            }
            self.settled.push(revision);
        }
    }
}

impl Trace {
    fn is_settled(&self) -> bool {
        let done = |progress: &Progress| matches!(progress.state, Progressed::Fresh | Progressed::Failed);
        self.verified && self.candidates.is_empty() && self.pages.values().all(done)
    }
}

impl<P: Clone> State<P> {
    pub(super) fn settle_traces(&mut self) {
        for revision in self.traces.newly_settled() {
            self.effects.push(Effect::Settled { revision });
        }
    }

    /// Whether nothing that this change touched is waiting any more.
    pub fn is_settled(&self, revision: Revision) -> bool {
        self.traces.is_settled(revision)
    }

    /// What became of the pages that this change touched.
    pub fn report(&self, revision: Revision) -> Vec<(PageKey, Progress)> {
        self.traces.report(revision)
    }

    /// How many pages this change may have touched, or demanded.
    pub fn meant_by(&self, revision: Revision) -> usize {
        self.traces.meant(revision)
    }
}
