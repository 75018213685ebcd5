//! S: single flight. However many come, a page is made once.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::row::{Row, row};

pub const ROWS: &[Row] = &[
    row(
        "ISR-S01",
        "a page that was just expired",
        "5 × GET at once",
        "all 200, the same new making, one render",
        |lab| {
            let (path, switch) = (lab.path("/switch/{}/"), lab.path("/switch/{}"));
            let old = lab.get(&path);
            lab.source().delay(&switch, Duration::from_millis(300));
            lab.revalidate_path(&path);
            let pages = lab.get_at_once(5, &path);
            for page in &pages {
                assert_eq!((page.status, page.stamp()), (200, pages[0].stamp()));
            }
            assert_ne!(pages[0].stamp(), old.stamp());
            assert_eq!(lab.renders(&path), 2);
        },
    ),
    row("ISR-S02", "a page that nobody asked for before", "50 × GET at once", "one render", |lab| {
        let (path, switch) = (lab.path("/switch/{}/"), lab.path("/switch/{}"));
        lab.source().delay(&switch, Duration::from_millis(300));
        let pages = lab.get_at_once(50, &path);
        for page in &pages {
            assert_eq!((page.status, page.stamp()), (200, pages[0].stamp()));
        }
        assert_eq!((lab.renders(&path), lab.source().asked(&switch).len()), (1, 1));
    }),
    row("ISR-S03", "a stale page", "50 × GET at once", "all the old making, at once; exactly one render", |lab| {
        let (path, switch) = (lab.path("/switch/1/{}/"), lab.path("/switch/{}"));
        let made = lab.get(&path);
        lab.source().delay(&switch, Duration::from_secs(3));
        lab.until_state(&path, "stale");
        let begun = Instant::now();
        for page in lab.get_at_once(50, &path) {
            page.is(200, "STALE");
            assert_eq!(page.stamp(), made.stamp());
        }
        assert!(begun.elapsed() < Duration::from_secs(2), "they took {:?}", begun.elapsed());
        lab.until_renders(&path, 2);
        assert_eq!(lab.source().asked(&switch).len(), 2);
    }),
    row(
        "ISR-S04",
        "a fresh page, and a forced refresh of it under way",
        "GET",
        "the page that is there, at once; the new one when it is made",
        |lab| {
            let (path, switch) = (lab.path("/switch/{}/"), lab.path("/switch/{}"));
            let made = lab.get(&path);
            lab.source().delay(&switch, Duration::from_secs(2));
            thread::scope(|scope| {
                let refresh = scope.spawn(|| lab.refresh(&path));
                lab.source().wait_asked(&switch, 2);
                let begun = Instant::now();
                let page = lab.get(&path);
                assert!(begun.elapsed() < Duration::from_secs(1), "it took {:?}", begun.elapsed());
                page.is(200, "HIT");
                assert_eq!(page.stamp(), made.stamp());
                assert_eq!(refresh.join().expect("an answer"), "fresh");
            });
            let page = lab.get(&path);
            page.is(200, "HIT");
            assert_ne!(page.stamp(), made.stamp());
        },
    ),
];
