//! What black-box tests are written with: the real binary on a folder of its own, and the people who use it.
//!
//! The binary is `PERENNIAL_BIN`, or the `perennial` that was built beside the tests. Every site listens on a port that the
//! system chose, so tests run side by side; everything that a test started or wrote is gone when its [`Site`] is dropped.

pub mod answer;
pub mod binary;
pub mod crawl;
pub mod editor;
pub mod log;
pub mod postgres;
pub mod redis;
pub mod site;
pub mod source;
pub mod theme;

pub use answer::Answer;
pub use binary::{Finished, perennial};
pub use crawl::crawl;
pub use editor::Editor;
pub use postgres::Postgres;
pub use redis::Redis;
pub use site::{Site, Start};
pub use source::Source;
pub use theme::Theme;
