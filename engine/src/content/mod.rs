//! Content: what exists, who may change it, and the names of what changed.

pub mod change;
pub mod database;
pub mod markdown;
pub mod read;
pub mod snapshot;
pub mod tag;
