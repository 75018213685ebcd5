//! Recorded reads: each distinct question with one answer is held once, and knows its tags and the pages that asked it.

use std::{collections::BTreeSet, sync::Arc};

use foldhash::{HashMap, HashSet};

use crate::{
    content::{
        change::Revision,
        read::Fingerprint,
        span::{Moves, Span},
        tag::CacheTag,
    },
    render::{
        key::PageKey,
        question::{Confirmed, Question, Recorded},
    },
};

/// Names one question together with one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadId(u64);

#[derive(Debug)]
struct Read {
    question: Question,
    fingerprint: Fingerprint,
    tags: Arc<BTreeSet<CacheTag>>,
    /// While it is suspect, everywhere: a change may have moved its ends.
    span: Span,
    pages: HashSet<PageKey>,
    /// A change has touched its tags since it was last asked: this one, the newest.
    suspect: Option<Revision>,
}

/// The index from tags over reads to pages. A read lives as long as a page holds it.
#[derive(Debug, Default)]
pub struct Reads {
    reads: HashMap<ReadId, Read>,
    ids: HashMap<Question, Vec<ReadId>>,
    by_tag: HashMap<CacheTag, HashSet<ReadId>>,
    suspects: BTreeSet<ReadId>,
    last: u64,
}

impl Reads {
    /// Records that `page` asked this.
    pub fn hold(&mut self, page: &PageKey, recorded: &Recorded) -> ReadId {
        let ids = self.ids.entry(recorded.question.clone()).or_default();
        let known =
            ids.iter().find(|id| self.reads.get(id).is_some_and(|read| read.fingerprint == recorded.fingerprint));
        let id = match known {
            Some(id) => *id,
            None => {
                self.last += 1;
                let id = ReadId(self.last);
                ids.push(id);
                for tag in recorded.tags.iter() {
                    self.by_tag.entry(tag.clone()).or_default().insert(id);
                }
                let read = Read {
                    question: recorded.question.clone(),
                    fingerprint: recorded.fingerprint,
                    tags: recorded.tags.clone(),
                    span: recorded.span,
                    pages: HashSet::default(),
                    suspect: None,
                };
                self.reads.insert(id, read);
                id
            }
        };
        if let Some(read) = self.reads.get_mut(&id) {
            read.pages.insert(page.clone());
        }
        id
    }

    /// Forgets that `page` asked this.
    pub fn release(&mut self, page: &PageKey, id: ReadId) {
        let Some(read) = self.reads.get_mut(&id) else { return };
        read.pages.remove(page);
        if !read.pages.is_empty() {
            return;
        }
        let Some(read) = self.reads.remove(&id) else { return };
        self.suspects.remove(&id);
        for tag in read.tags.iter() {
            self.unlist(tag, id);
        }
        if let Some(ids) = self.ids.get_mut(&read.question) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.ids.remove(&read.question);
            }
        }
    }

    /// The reads that a change with these tags can have given another answer.
    pub fn touched(&self, tags: &BTreeSet<CacheTag>, moves: &Moves) -> BTreeSet<ReadId> {
        let concerned = |tag: &CacheTag, id: &ReadId| {
            !tag.is_of_lists() || self.reads.get(id).is_some_and(|read| moves.concern(&read.span))
        };
        let carrying = tags.iter().filter_map(|tag| Some((tag, self.by_tag.get(tag)?)));
        carrying.flat_map(|(tag, ids)| ids.iter().filter(move |id| concerned(tag, id))).copied().collect()
    }

    /// Marks a read as asked before this revision's change.
    pub fn suspect(&mut self, id: ReadId, revision: Revision) {
        if let Some(read) = self.reads.get_mut(&id) {
            read.suspect = Some(read.suspect.map_or(revision, |since| since.max(revision)));
            read.span = Span::default();
            self.suspects.insert(id);
        }
    }

    pub fn is_suspect(&self, id: ReadId) -> bool {
        self.suspects.contains(&id)
    }

    /// Questions to ask anew: those of suspect reads that a page which `counts` holds.
    pub fn questions(&self, counts: impl Fn(&PageKey) -> bool) -> BTreeSet<ReadId> {
        self.suspects
            .iter()
            .filter(|id| self.reads.get(id).is_some_and(|read| read.pages.iter().any(&counts)))
            .copied()
            .collect()
    }

    pub fn question(&self, id: ReadId) -> Option<&Question> {
        self.reads.get(&id).map(|read| &read.question)
    }

    pub fn recorded(&self, id: ReadId) -> Option<(&Question, &BTreeSet<CacheTag>)> {
        self.reads.get(&id).map(|read| (&read.question, read.tags.as_ref()))
    }

    /// The read as it is known now.
    pub fn record(&self, id: ReadId) -> Option<Recorded> {
        let Read { question, fingerprint, tags, span, .. } = self.reads.get(&id)?;
        Some(Recorded { question: question.clone(), fingerprint: *fingerprint, tags: tags.clone(), span: *span })
    }

    pub fn answered(&self, id: ReadId) -> Option<(&Question, Fingerprint)> {
        self.reads.get(&id).map(|read| (&read.question, read.fingerprint))
    }

    pub fn pages(&self, id: ReadId) -> impl Iterator<Item = &PageKey> {
        self.reads.get(&id).into_iter().flat_map(|read| &read.pages)
    }

    /// Takes an answer of `revision`: the pages of every read that it settles, each with whether the answer was another.
    /// `later` says which change after that revision touches these tags in this span, the newest.
    pub fn settle(
        &mut self,
        question: &Question,
        confirmed: Option<&Confirmed>,
        revision: Revision,
        later: impl Fn(&BTreeSet<CacheTag>, &Span) -> Option<Revision>,
    ) -> Vec<(PageKey, bool)> {
        let mut settled = Vec::new();
        for id in self.ids.get(question).cloned().unwrap_or_default() {
            let Some(read) = self.reads.get_mut(&id) else { continue };
            if read.suspect.is_none_or(|since| since > revision) {
                continue;
            }
            read.span = confirmed.map(|confirmed| confirmed.span).unwrap_or_default();
            let differs = Some(read.fingerprint) != confirmed.map(|confirmed| confirmed.fingerprint);
            settled.extend(read.pages.iter().map(|page| (page.clone(), differs)));
            let tags = confirmed.and_then(|confirmed| confirmed.tags.clone()).unwrap_or_else(|| read.tags.clone());
            // A change that came meanwhile was looked for under the tags of before.
            read.suspect = later(&tags, &read.span);
            if read.suspect.is_none() {
                self.suspects.remove(&id);
            } else {
                read.span = Span::default();
            }
            self.retag(id, tags);
        }
        settled
    }

    fn retag(&mut self, id: ReadId, tags: Arc<BTreeSet<CacheTag>>) {
        let Some(read) = self.reads.get_mut(&id).filter(|read| read.tags != tags) else { return };
        let before = std::mem::replace(&mut read.tags, tags.clone());
        for tag in before.difference(&tags) {
            self.unlist(tag, id);
        }
        for tag in tags.difference(&before) {
            self.by_tag.entry(tag.clone()).or_default().insert(id);
        }
    }

    fn unlist(&mut self, tag: &CacheTag, id: ReadId) {
        if let Some(ids) = self.by_tag.get_mut(tag) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_tag.remove(tag);
            }
        }
    }

    /// How many pages carry each tag through a read.
    pub fn tags(&self) -> impl Iterator<Item = (&CacheTag, HashSet<&PageKey>)> {
        self.by_tag.iter().map(|(tag, ids)| {
            (tag, ids.iter().filter_map(|id| self.reads.get(id)).flat_map(|read| &read.pages).collect())
        })
    }
}
