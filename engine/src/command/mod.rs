//! The commands of the `perennial` binary beside `serve`.

pub mod build;
pub mod cache;
mod client;
pub mod healthcheck;
pub mod import;
pub mod theme;
pub mod token;
pub mod user;
