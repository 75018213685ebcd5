//! What the keeper knows of one page.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    cache::{page::Mark, reads::ReadId},
    content::{change::Revision, tag::CacheTag},
};

use super::{Answer, Millis, Waiter};

/// The moment of the next try when there is to be none.
pub(super) const NEVER: Millis = Millis::MAX;

#[derive(Debug)]
pub(super) struct Entry<P> {
    pub body: Body<P>,
    /// Of the page that is stored, if one is.
    pub facts: Option<Facts>,
    /// The revision of which the shelf says it is good.
    pub shelved: Revision,
    pub mark: Mark,
    pub reads: Vec<ReadId>,
    pub tags: Vec<CacheTag>,
    pub work: Work,
    /// Known to differ from what a render would give now.
    pub dirty: bool,
    /// To be made once more when the render under way is done.
    pub again: bool,
    pub loading: bool,
    /// Readers, each with the revision that was newest when it came.
    pub waiters: Vec<(Waiter, Revision)>,
    /// Programs that asked for a render, likewise.
    pub refreshers: Vec<(Waiter, Revision)>,
    /// Set after a failure: not before this moment again.
    pub retry: Option<Millis>,
    /// Shows something that readers may not be shown any more.
    pub withdrawn: bool,
    /// Somebody came since it was last made.
    pub visited: bool,
    /// A demand of this change meant the page with all that it is made of.
    pub inner_since: Revision,
    pub cause: Cause,
    pub renders: u32,
    pub last_error: Option<String>,
    /// Its place among the pages for what was not found.
    pub not_found: Option<u64>,
    /// Its place among the pages that were never made.
    pub failed: Option<u64>,
}

impl<P> Default for Entry<P> {
    fn default() -> Self {
        Self {
            body: Body::None,
            facts: None,
            shelved: 0,
            mark: Mark::Fresh,
            reads: Vec::new(),
            tags: Vec::new(),
            work: Work::Idle,
            dirty: false,
            again: false,
            loading: false,
            waiters: Vec::new(),
            refreshers: Vec::new(),
            retry: None,
            withdrawn: false,
            visited: false,
            inner_since: 0,
            cause: Cause::Visit,
            renders: 0,
            last_error: None,
            not_found: None,
            failed: None,
        }
    }
}

impl<P> Entry<P> {
    /// Takes the mark, and says whether that is news. Expired never becomes merely stale.
    pub fn worsen(&mut self, mark: Mark) -> bool {
        let worse = self.mark != mark && !(self.mark == Mark::Expired && mark == Mark::Stale);
        if worse {
            self.mark = mark;
        }
        worse
    }

    /// A reader may be given the stored page without waiting (what its reads say is asked elsewhere).
    pub fn may_serve(&self, now: Millis) -> bool {
        let usable = self.facts.as_ref().is_some_and(|facts| now < facts.expires_at);
        usable && !self.withdrawn && !matches!(self.mark, Mark::Expired)
    }

    /// Making a new one has failed and is not tried yet: the stored page is the best there is.
    pub fn is_last_good(&self, now: Millis) -> bool {
        !self.withdrawn && self.retry.is_some_and(|retry| retry > now)
    }

    /// What a reader is told who is given the stored page.
    pub fn given(&self, payload: P) -> Answer<P> {
        if self.mark == Mark::Degraded { Answer::Degraded(payload) } else { Answer::Found(payload) }
    }

    pub fn is_stale(&self, now: Millis) -> bool {
        let old = self.facts.as_ref().is_none_or(|facts| facts.fresh_until.is_some_and(|until| until <= now));
        old || self.mark != Mark::Fresh
    }
}

#[derive(Debug)]
pub(super) enum Body<P> {
    None,
    Memory(P),
    Shelf,
}

impl<P> Body<P> {
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Idle,
    Queued,
    Rendering,
}

/// What is true of a stored page for as long as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Everything it read is known to be as of this revision.
    pub revision: Revision,
    pub status: u16,
    pub route: String,
    /// Hash of its identity body.
    pub hash: String,
    /// Of all encodings together.
    pub bytes: usize,
    pub made_at: Millis,
    /// When its bytes last changed.
    pub modified_at: Millis,
    /// Stale from then on; `None`: until something it read changes.
    pub fresh_until: Option<Millis>,
    pub expires_at: Millis,
    pub took_ms: u32,
}

impl Facts {
    /// When bytes with this hash, which are there now, last changed. Readers ask with dates, which are whole seconds: the second
    /// version within one is told from the first by its milliseconds.
    pub fn modified(before: Option<&Self>, hash: &str, now: Millis) -> Millis {
        let second = now / 1000 * 1000;
        match before {
            Some(before) if before.hash == hash => before.modified_at,
            Some(before) if before.modified_at >= second => now.max(second + 1),
            _ => second,
        }
    }

    /// Nothing is at its address, or it leads elsewhere: readers can think up any number of such addresses, so these pages are
    /// kept apart and push out only each other.
    pub fn is_apart(&self) -> bool {
        matches!(self.status, 300..400 | 404 | 410)
    }

    /// Pages that are kept apart are in memory only.
    pub fn is_shelved(&self) -> bool {
        !self.is_apart()
    }

    /// What the page takes of the memory that stored pages share.
    pub fn weight(&self) -> usize {
        if self.is_apart() { 0 } else { self.bytes }
    }

    /// How long the page was to live, in milliseconds; `None` without a limit.
    pub fn period(&self) -> Option<Millis> {
        self.fresh_until.map(|until| until - self.made_at)
    }
}

/// Why a page was, or is about to be, made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    Visit,
    Prerender,
    Age,
    Retry,
    Refresh,
    /// Somebody demanded it.
    Demand,
    /// Not there before.
    New,
    /// Another theme made it.
    Theme,
    /// This question has another answer now.
    Changed {
        question: String,
        reason: &'static str,
    },
}

impl Cause {
    /// A few words for an editor.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Visit => "first visit",
            Self::Prerender => "made ahead",
            Self::Age => "its time ran out",
            Self::Retry => "tried again",
            Self::Refresh => "refreshed",
            Self::Demand => "revalidated",
            Self::New => "new page",
            Self::Theme => "theme",
            Self::Changed { reason, .. } => reason,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { question, .. } => write!(f, "changed: {question}"),
            other => f.write_str(other.reason()),
        }
    }
}
