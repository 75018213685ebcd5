//! The outside: readers' pages, the admin and its API, and what operators look at.

mod answer;
pub mod desk;
mod file;
mod health;
mod negotiate;
mod path;
pub mod public;
pub mod server;
