//! Content: what exists, who may change it, and the names of what changed.

pub mod ask;
pub mod change;
pub mod database;
pub mod markdown;
pub mod media;
pub mod menu;
pub mod permalink;
pub mod read;
pub mod settings;
pub mod snapshot;
pub mod tag;
