//! Perennial: a publishing engine whose pages never go stale.

pub mod content;
pub mod model;
