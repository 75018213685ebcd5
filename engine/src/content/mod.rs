//! Content: what exists, who may change it, and the names of what changed.

pub mod ask;
pub mod change;
pub mod command;
pub mod database;
pub mod error;
pub mod library;
pub mod markdown;
pub mod media;
pub mod menu;
pub mod outbox;
pub mod pattern;
pub mod permalink;
pub mod prune;
pub mod read;
pub mod rule;
pub mod search;
pub mod seen;
pub mod settings;
pub mod snapshot;
pub mod span;
pub mod store;
pub mod tag;
pub mod time;
