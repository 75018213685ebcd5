//! The content floor on a real database: SQLite always, PostgreSQL too when `PERENNIAL_TEST_POSTGRES` holds a URL.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod announcements;
mod due;
mod history;
mod imports;
mod library;
mod lists;
mod logs;
mod people;
mod plans;
mod posts;
mod reads;
mod redirects;
mod rehearsals;
mod searches;
mod site;
mod snapshots;
mod sufficient;
mod terms;
mod working_copies;
