//! The outside: readers' pages, the admin and its API, and what operators look at.

pub mod admin;
mod answer;
pub mod api;
pub mod auth;
mod csv;
pub mod desk;
pub mod dev;
pub mod events;
mod file;
mod form;
mod health;
mod indexnow;
mod input;
mod negotiate;
mod oembed;
pub mod path;
mod presence;
mod preview;
pub mod problem;
pub mod public;
pub mod server;
pub mod tally;
mod theme_preview;
pub mod variants;
