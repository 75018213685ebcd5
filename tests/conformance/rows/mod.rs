//! The rows, a file for each letter. The words of a row say what its test tries.
//!
//! Given and expected times are short here: a row waits for a period of one or two seconds where people would set minutes.

mod admission;
mod beyond;
mod demand;
mod draft;
mod error;
mod flight;
mod header;
mod instance;
mod missing;
mod time;

use crate::row::Row;

/// All rows, in the order in which they are told.
pub fn all() -> impl Iterator<Item = Row> {
    [
        header::ROWS,
        time::ROWS,
        flight::ROWS,
        error::ROWS,
        missing::ROWS,
        admission::ROWS,
        demand::ROWS,
        draft::ROWS,
        instance::ROWS,
        beyond::ROWS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
