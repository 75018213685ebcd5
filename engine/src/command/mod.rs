//! The commands of the `perennial` binary beside `serve`.

pub mod theme;
