//! Lanes: which page is made next when more wait than may be made at once.

use std::collections::{HashMap, VecDeque};

use crate::render::key::PageKey;

/// From the most to the least urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// A reader waits.
    Waiting,
    /// Readers came since it was last made.
    Visited,
    /// Changed, or new, and nobody has come yet.
    Changed,
    /// Not made yet, and nobody asked.
    Warm,
}

/// Pages to be made, each in one lane; first in, first out within a lane.
#[derive(Debug, Default)]
pub struct Lanes {
    lanes: [VecDeque<PageKey>; 4],
    lane_of: HashMap<PageKey, Lane>,
}

impl Lanes {
    /// Puts a page into a lane, or moves it to a more urgent one.
    pub fn push(&mut self, key: PageKey, lane: Lane) {
        if self.lane_of.get(&key).is_some_and(|current| *current <= lane) {
            return;
        }
        self.lane_of.insert(key.clone(), lane);
        if let Some(queue) = self.lanes.get_mut(lane as usize) {
            queue.push_back(key);
        }
    }

    pub fn pop(&mut self) -> Option<PageKey> {
        for (lane, queue) in [Lane::Waiting, Lane::Visited, Lane::Changed, Lane::Warm].into_iter().zip(&mut self.lanes)
        {
            while let Some(key) = queue.pop_front() {
                // A page that moved on is still in the lane it left.
                if self.lane_of.get(&key) == Some(&lane) {
                    self.lane_of.remove(&key);
                    return Some(key);
                }
            }
        }
        None
    }

    pub fn len(&self) -> usize {
        self.lane_of.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_a_reader_waits_for_comes_first_and_once() {
        let key = PageKey::of_path;
        let mut lanes = Lanes::default();
        lanes.push(key("/warm/"), Lane::Warm);
        lanes.push(key("/changed/"), Lane::Changed);
        lanes.push(key("/warm/"), Lane::Waiting);
        lanes.push(key("/warm/"), Lane::Warm);
        assert_eq!(lanes.pop(), Some(key("/warm/")));
        assert_eq!(lanes.pop(), Some(key("/changed/")));
        assert_eq!(lanes.pop(), None);
        assert_eq!(lanes.len(), 0);
    }
}
