//! The page cache, as editors and operators look at it.

pub mod explain;
pub mod pages;
pub mod plan;
pub mod revalidate;
