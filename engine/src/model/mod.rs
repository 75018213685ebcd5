//! Model: the rows of the database, one file a table; no behaviour.
//!
//! Times are milliseconds since the epoch (UTC). Ids are UUIDv7, so they also sort by creation.

pub mod audit;
pub mod author;
pub mod delivery;
pub mod expiry;
pub mod invitation;
pub mod media;
pub mod menu;
pub mod missing;
pub mod outbox;
pub mod post;
pub mod post_author;
pub mod post_revision;
pub mod post_tag;
pub mod preview_key;
pub mod redirect;
pub mod redirect_hit;
pub mod second_factor;
pub mod session;
pub mod setting;
pub mod site;
pub mod tag;
pub mod token;
pub mod user;
pub mod webhook;
pub mod working_copy;
