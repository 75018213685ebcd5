//! The outside: readers' pages, the admin and its API, and what operators look at.

pub mod admin;
mod answer;
pub mod api;
pub mod auth;
pub mod desk;
pub mod dev;
pub mod events;
mod file;
mod health;
mod input;
mod negotiate;
pub mod path;
mod preview;
pub mod problem;
pub mod public;
pub mod server;
mod theme_preview;
