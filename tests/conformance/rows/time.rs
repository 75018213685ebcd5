//! T: what time does to a page, and what makes a page one that is never stored.

use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, Instant},
};

use crate::row::{Row, row};

pub const ROWS: &[Row] = &[
    row(
        "ISR-T01",
        "a fresh page; a JSON document with a period",
        "5 × GET each",
        "the same making, one render",
        |lab| {
            for path in [lab.path("/timed/60/{}/"), lab.path("/timed-json/60/{}")] {
                let first = lab.get(&path);
                for _ in 0..4 {
                    let page = lab.get(&path);
                    page.is(200, "HIT");
                    assert_eq!(page.stamp(), first.stamp());
                }
                assert_eq!(lab.renders(&path), 1);
            }
        },
    ),
    row(
        "ISR-T02",
        "a page and a JSON document whose period is over",
        "GET, then GET again",
        "STALE with the old making, later a new one",
        |lab| {
            for path in [lab.path("/timed/1/{}/"), lab.path("/timed-json/1/{}")] {
                let made = lab.get(&path);
                lab.until_state(&path, "stale");
                let old = lab.get(&path);
                old.is(200, "STALE");
                assert_eq!(old.stamp(), made.stamp());
                lab.get_renewed(&path, &old);
            }
        },
    ),
    row(
        "ISR-T03",
        "a stale page whose render takes three seconds",
        "GET, before and during the render",
        "the old page at once",
        |lab| {
            let (path, switch) = (lab.path("/switch/1/{}/"), lab.path("/switch/{}"));
            let made = lab.get(&path);
            lab.source().delay(&switch, Duration::from_secs(3));
            lab.until_state(&path, "stale");
            for asked in [1, 2] {
                lab.source().wait_asked(&switch, asked);
                let begun = Instant::now();
                let old = lab.get(&path);
                assert!(begun.elapsed() < Duration::from_secs(1), "it took {:?}", begun.elapsed());
                old.is(200, "STALE");
                assert_eq!(old.stamp(), made.stamp());
            }
        },
    ),
    row("ISR-T04", "a page with period 360, an inner read with 10", "GET", "s-maxage=10: the shortest wins", |lab| {
        let page = lab.get(&lab.path("/inner/360/10/{}/"));
        assert_eq!(page.shared_life(), 10);
    }),
    row(
        "ISR-T05",
        "a page with period 1, an inner read with 4",
        "GET again and again",
        "new makings, and a new inner value only after 4 s",
        |lab| {
            let (path, value) = (lab.path("/inner/1/4/{}/"), lab.path("/value/{}"));
            let first = lab.get(&path);
            let mut stamps = vec![first.stamp()];
            let renewed = lab.until("a new inner value", || {
                let page = lab.get(&path);
                stamps.push(page.stamp());
                (page.says("value") != first.says("value")).then_some(page)
            });
            stamps.dedup();
            assert!(stamps.len() > 2, "makings: {stamps:?}");
            let asked = lab.source().asked(&value);
            assert_eq!(renewed.says("value"), "2");
            assert!(asked[1] - asked[0] >= Duration::from_millis(3_900), "{:?}", asked[1] - asked[0]);
        },
    ),
    row(
        "ISR-T06",
        "an inner read that says no-store",
        "GET ×2; 5 × GET at once",
        "dynamic: another making for everybody, which nobody may keep",
        |lab| {
            let path = lab.path("/no-store/{}/");
            let mut pages = vec![lab.get(&path), lab.get(&path)];
            lab.source().delay(&lab.path("/value/{}"), Duration::from_millis(100));
            pages.extend(lab.get_at_once(5, &path));
            for page in &pages {
                page.is(200, "BYPASS");
                assert!(page.header("cache-control").contains("no-store"));
            }
            let stamps: BTreeSet<_> = pages.iter().map(|page| page.stamp()).collect();
            assert_eq!(stamps.len(), pages.len(), "{stamps:?}");
        },
    ),
    row("ISR-T07", "a route with revalidate 0", "GET ×2", "different makings, never stored", |lab| {
        let path = lab.path("/dynamic/{}/");
        let (first, second) = (lab.get(&path), lab.get(&path));
        first.is(200, "BYPASS");
        second.is(200, "BYPASS");
        assert_ne!(first.stamp(), second.stamp());
        assert_eq!(lab.explain(&path)["state"], "dynamic");
    }),
    row(
        "ISR-T08",
        "a template that looks for the request, its headers and cookies",
        "GET with a cookie",
        "the stored page; the cookie is not seen",
        |lab| {
            let path = lab.path("/curious/{}/");
            let first = lab.get_with(&path, &[("cookie", "name=first"), ("authorization", "Basic eA==")]);
            assert_eq!(first.says("request"), "unseen");
            let second = lab.get_with(&path, &[("cookie", "name=second")]);
            second.is(200, "HIT");
            assert_eq!(second.stamp(), first.stamp());
        },
    ),
    row(
        "ISR-T09",
        "a page past expire; nobody came meanwhile",
        "GET",
        "waits and gives a new making, never the old one",
        |lab| {
            let path = lab.path("/brief/{}/");
            let made = lab.get(&path);
            // A page is not told apart from outside before and after this moment but by asking for it.
            thread::sleep(Duration::from_millis(2_100));
            let page = lab.get(&path);
            page.is(200, "MISS");
            assert_ne!(page.stamp(), made.stamp());
        },
    ),
    row(
        "ISR-T10",
        "a page that is made again with the same bytes, three times",
        "GET after each period",
        "its life begins anew each time; the ETag stays",
        |lab| {
            let path = lab.path("/still-timed/2/{}/");
            let made = lab.get(&path);
            for renders in 2..=4 {
                lab.until_state(&path, "stale");
                lab.get(&path).is(200, "STALE");
                lab.until_renders(&path, renders);
                let explained = lab.explain(&path);
                assert!(explained["age"].as_u64() <= Some(1), "{explained}");
                assert_eq!(explained["etag"].as_str(), Some(made.etag()));
            }
        },
    ),
    row(
        "ISR-T11",
        "a page and its inner read, both stale",
        "GET, GET",
        "the page that is made again holds the new inner value",
        |lab| {
            let path = lab.path("/inner/1/1/{}/");
            let made = lab.get(&path);
            assert_eq!(made.says("value"), "1");
            lab.until_state(&path, "stale");
            lab.get(&path).is(200, "STALE");
            assert_eq!(lab.get_renewed(&path, &made).says("value"), "2");
        },
    ),
];
