//! E: renders that fail. Readers keep the last good page, and nobody keeps an error.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::row::{Row, row};

/// The bounds of the time between two tries, with some leave for a busy machine.
const SOONEST: Duration = Duration::from_millis(2_900);
const LATEST: Duration = Duration::from_secs(33);

pub const ROWS: &[Row] = &[
    row(
        "ISR-E01",
        "a stored page, stale, whose renders fail from now on",
        "3 × GET, a try apart",
        "200 with the last good page; why it fails can be read",
        |lab| {
            let (path, switch) = (lab.path("/switch/1/{}/"), lab.path("/switch/{}"));
            let made = lab.get(&path);
            lab.source().say(&switch, "fail");
            lab.until_state(&path, "stale");
            for tries in 1..=3 {
                let old = lab.get(&path);
                old.is(200, "STALE");
                assert_eq!(old.body, made.body);
                lab.source().wait_asked(&switch, 1 + tries);
            }
            lab.until_state(&path, "failed");
            let error = lab.explain(&path)["last_error"].to_string();
            assert!(error.contains("the source says so"), "{error}");
            assert!(lab.get(&path).header("cache-control").ends_with("s-maxage=3"), "nobody keeps it for long");
        },
    ),
    row(
        "ISR-E02",
        "a stored page whose renders fail",
        "20 × GET within 2 s, and later",
        "one try, the next after 3 to 30 s; a new making once renders work",
        |lab| {
            let (path, switch) = (lab.path("/switch/1/{}/"), lab.path("/switch/{}"));
            let made = lab.get(&path);
            lab.source().say(&switch, "fail");
            lab.until_state(&path, "stale");
            let begun = Instant::now();
            for n in 1..=20 {
                lab.get(&path).is(200, "STALE");
                thread::sleep((begun + n * Duration::from_millis(75)).saturating_duration_since(Instant::now()));
            }
            let asked = lab.source().wait_asked(&switch, 3);
            let between = asked[2] - asked[1];
            assert!(between >= SOONEST && between <= LATEST, "{between:?}");
            lab.source().say(&switch, "works");
            let page = lab.get_renewed(&path, &made);
            assert_eq!(page.status, 200);
        },
    ),
    row(
        "ISR-E03",
        "a page that nobody asked for before, whose renders fail",
        "GET, mend it, GET",
        "500, which is not stored; then 200",
        |lab| {
            let (path, switch) = (lab.path("/switch/{}/"), lab.path("/switch/{}"));
            lab.source().say(&switch, "fail");
            let failed = lab.get(&path);
            assert_eq!(failed.status, 500);
            assert!(failed.header("cache-control").contains("no-store"));
            assert!(!failed.text().contains("the source says so"), "readers are not told why");
            lab.source().say(&switch, "works");
            lab.get(&path).is(200, "MISS");
        },
    ),
    row(
        "ISR-E04",
        "a stored page whose renders fail, once with its body in memory and once on the shelf",
        "REFRESH, GET; REV path, GET",
        "the refresh tells the failure; readers get the last good page, even when it was expired",
        |lab| {
            let (path, switch) = (lab.path("/switch/{}/"), lab.path("/switch/{}"));
            let made = lab.get(&path);
            let keeps = || {
                assert_eq!(lab.refresh(&path), "failed");
                let page = lab.get(&path);
                assert_eq!((page.status, page.stamp()), (200, made.stamp()));
                lab.revalidate_path(&path);
                let page = lab.get(&path);
                page.is(200, "STALE");
                assert_eq!(page.stamp(), made.stamp());
            };
            lab.source().say(&switch, "fail");
            keeps();
            lab.site().restart();
            lab.revalidate_path(&path);
            lab.get(&path).is(200, "STALE");
            lab.site().restart();
            keeps();
        },
    )
    .alone(),
];
