//! The page cache: pages, their freshness, and why each was made.

pub mod event;
pub mod keeper;
mod lanes;
pub mod page;
pub mod pages;
mod reads;
pub mod shelf;
mod sieve;
pub mod state;
