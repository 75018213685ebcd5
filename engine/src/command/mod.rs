//! The commands of the `perennial` binary beside `serve`.

pub mod import;
pub mod theme;
