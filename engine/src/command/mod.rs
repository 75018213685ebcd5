//! The commands of the `perennial` binary beside `serve`.

pub mod backup;
pub mod build;
pub mod cache;
mod client;
pub mod doctor;
mod draw;
pub mod export;
pub mod healthcheck;
pub mod import;
pub mod restore;
mod starter;
pub mod theme;
pub mod token;
pub mod user;
