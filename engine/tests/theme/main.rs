//! The themes that come with the engine: what readers, feed readers and crawlers get from them.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod feeds;
mod languages;
mod lists;
mod machines;
mod pages;
mod site;
