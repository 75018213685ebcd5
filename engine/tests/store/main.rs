//! The content floor on a real database: SQLite always, PostgreSQL too when `PERENNIAL_TEST_POSTGRES` holds a URL.

mod reads;
mod site;
mod snapshots;
