//! M: several instances of one site.

use crate::row::{Row, listed};

const MISSING: &str = "several instances";

pub const ROWS: &[Row] = &[
    listed("ISR-M01", "A and B share a store", "REV on A, GET on B", "B does not give the page as fresh", MISSING),
    listed("ISR-M02", "A made a page", "GET on B, which has just started", "HIT, no second render", MISSING),
    listed(
        "ISR-M03",
        "A made a page again; C starts with an older store",
        "GET on A, B and C",
        "the newest making everywhere; older never replaces newer",
        MISSING,
    ),
    listed(
        "ISR-M04",
        "the shared store is down",
        "GET",
        "the page within a bounded time; recovers without a restart",
        MISSING,
    ),
    listed(
        "ISR-M05",
        "an instance that is told to end while it makes a page",
        "GET after its start",
        "the page is there, or still marked; never taken for fresh",
        MISSING,
    ),
];
