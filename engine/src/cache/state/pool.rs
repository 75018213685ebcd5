//! Pools: pages that are kept apart from all others, so that many of them push out only each other.

use std::collections::BTreeMap;

use crate::render::key::PageKey;

/// Pages in order of arrival, each with its bytes.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pages: BTreeMap<u64, (PageKey, usize)>,
    last: u64,
    bytes: usize,
}

impl Pool {
    /// The page's place, by which it is taken out.
    pub fn put(&mut self, key: &PageKey, bytes: usize) -> u64 {
        self.last += 1;
        self.pages.insert(self.last, (key.clone(), bytes));
        self.bytes += bytes;
        self.last
    }

    pub fn take(&mut self, place: u64) {
        if let Some((_, bytes)) = self.pages.remove(&place) {
            self.bytes -= bytes;
        }
    }

    /// Takes out the page that came first, if one more of `bytes` would be beyond these limits.
    pub fn make_room(&mut self, bytes: usize, most: usize, most_bytes: usize) -> Option<PageKey> {
        if self.pages.len() < most && self.bytes + bytes <= most_bytes {
            return None;
        }
        let (_, (key, bytes)) = self.pages.pop_first()?;
        self.bytes -= bytes;
        Some(key)
    }

    pub fn len(&self) -> usize {
        self.pages.len()
    }
}
