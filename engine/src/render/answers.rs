//! Answers shared by all renders at one revision, so that what many pages ask is asked of the database once.

use std::sync::{Mutex, PoisonError};
use std::{collections::HashMap, sync::Arc};

use crate::content::{
    change::Revision,
    read::{Answered, Fields, Read},
};

/// More answers than this are not kept: a cold site asks few questions often and many once.
const MOST: usize = 2_000;

/// Answers of the newest revision that any render has seen.
#[derive(Debug, Default)]
pub struct Answers(Mutex<Shared>);

#[derive(Debug, Default)]
struct Shared {
    revision: Revision,
    answers: HashMap<Read, Arc<Answered>>,
}

impl Answers {
    pub fn get(&self, revision: Revision, read: &Read) -> Option<Arc<Answered>> {
        let shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (shared.revision == revision).then(|| shared.answers.get(read).cloned()).flatten()
    }

    pub fn put(&self, revision: Revision, read: &Read, answered: &Arc<Answered>) {
        if !is_shared(read) {
            return;
        }
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if revision > shared.revision {
            *shared = Shared { revision, answers: HashMap::new() };
        }
        if revision == shared.revision && shared.answers.len() < MOST {
            shared.answers.insert(read.clone(), answered.clone());
        }
    }
}

/// Questions about one page's own subject are asked by that page alone; keeping their answers would only hold memory.
fn is_shared(read: &Read) -> bool {
    match read {
        Read::Post { .. } | Read::Source { .. } | Read::At { .. } | Read::Neighbours { .. } | Read::Related { .. } => {
            false
        }
        Read::Posts(window) => window.fields == Fields::Card,
        _ => true,
    }
}
