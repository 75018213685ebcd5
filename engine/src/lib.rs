//! Perennial: a publishing engine whose pages never go stale.
//!
//! Floors, each of which may use those below it and never those above: `http`, `export`, `import`, `schedule`, `cache`, `render`, `theme`,
//! `content`, `model`. `config`, `telemetry`, `disk`, `outbound` (the client for other servers), `proxies`, `raster`, `archive`
//! and `cores` (work on all of them at once) lie under all; `boot` and `command` stand above and put them together.

pub mod archive;
pub mod boot;
pub mod cache;
pub mod command;
pub mod config;
pub mod content;
pub mod cores;
pub mod disk;
pub mod export;
pub mod http;
pub mod import;
pub mod model;
pub mod outbound;
pub mod proxies;
pub mod raster;
pub mod render;
pub mod schedule;
pub mod telemetry;
pub mod theme;
