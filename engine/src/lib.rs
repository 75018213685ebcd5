//! Perennial: a publishing engine whose pages never go stale.

pub mod cache;
pub mod content;
pub mod model;
pub mod render;
pub mod theme;
