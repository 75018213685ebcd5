//! Perennial: a publishing engine whose pages never go stale.
//!
//! Floors, each of which may use those below it and never those above: `http`, `schedule`, `cache`, `render`, `theme`,
//! `content`, `model`; `outbound`, the client for other
//! servers, lies under all of them. `boot` composes them; `config`, `telemetry` and `command` stand beside.

pub mod boot;
pub mod cache;
pub mod command;
pub mod config;
pub mod content;
pub mod http;
pub mod import;
pub mod model;
pub mod outbound;
pub mod render;
pub mod schedule;
pub mod telemetry;
pub mod theme;
