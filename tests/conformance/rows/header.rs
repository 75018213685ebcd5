//! H: headers, validators, and what of a request makes a page of its own.

use std::time::Duration;

use crate::row::{Row, row};

const PRIVATE: &str = "private, no-cache, no-store, max-age=0, must-revalidate";

pub const ROWS: &[Row] = &[
    row(
        "ISR-H01",
        "a page with no time limit",
        "GET",
        "s-maxage=31536000; for browsers max-age=0; nothing for CDNs alone",
        |lab| {
            let page = lab.get(&lab.path("/plain/{}/"));
            assert_eq!(page.header("cache-control"), "public, max-age=0, s-maxage=31536000");
            assert_eq!(page.header("cdn-cache-control"), "");
        },
    ),
    row(
        "ISR-H02",
        "revalidate 900, expire 3600, just made",
        "GET",
        "s-maxage=900; stale-while-revalidate=2700 in CDN-Cache-Control alone",
        |lab| {
            let page = lab.get(&lab.path("/long/{}/"));
            assert_eq!(page.header("cache-control"), "public, max-age=0, s-maxage=900");
            assert_eq!(page.header("cdn-cache-control"), "max-age=900, stale-while-revalidate=2700");
        },
    ),
    row(
        "ISR-H03",
        "a period as long as the page may be used",
        "GET",
        "s-maxage alone: no stale-while-revalidate, no stray comma",
        |lab| {
            let page = lab.get(&lab.path("/level/{}/"));
            assert_eq!(page.header("cache-control"), "public, max-age=0, s-maxage=60");
            assert_eq!(page.header("cdn-cache-control"), "max-age=60");
        },
    ),
    row("ISR-H04", "a dynamic page", "GET", "nobody may keep it; BYPASS", |lab| {
        let page = lab.get(&lab.path("/dynamic/{}/"));
        page.is(200, "BYPASS");
        assert_eq!(page.header("cache-control"), PRIVATE);
        assert_eq!(page.header("cdn-cache-control"), "");
    }),
    row(
        "ISR-H05",
        "an open route, a path that nobody asked for before",
        "GET, GET",
        "MISS, then HIT of the same making",
        |lab| {
            let path = lab.path("/plain/{}/");
            let (first, second) = (lab.get(&path), lab.get(&path));
            first.is(200, "MISS");
            second.is(200, "HIT");
            assert_eq!(first.stamp(), second.stamp());
        },
    ),
    row(
        "ISR-H06",
        "a stored page, a dynamic page",
        "GET both",
        "only the stored one has an ETag and another state than BYPASS",
        |lab| {
            let stored = lab.get(&lab.path("/plain/{}/"));
            let dynamic = lab.get(&lab.path("/dynamic/{}/"));
            assert!(stored.cache() != "BYPASS" && !stored.etag().is_empty());
            assert!(dynamic.cache() == "BYPASS" && dynamic.etag().is_empty());
        },
    ),
    row("ISR-H07", "a page with tags", "GET", "no header tells the tags, nor the page's key", |lab| {
        let page = lab.get(&lab.path("/tagged/secret-{}/{}/"));
        page.is(200, "MISS");
        for (name, value) in &page.headers {
            let value = value.to_str().expect("text");
            assert!(!name.as_str().contains("tag") || name == "etag", "{name}: {value}");
            assert!(!value.contains(&lab.word), "{name}: {value}");
        }
    }),
    row("ISR-H08", "a stored page", "GET with its ETag", "304 with ETag and Cache-Control", |lab| {
        let path = lab.path("/plain/{}/");
        let page = lab.get(&path);
        let known = lab.get_with(&path, &[("if-none-match", page.etag())]);
        assert_eq!((known.status, known.body.len()), (304, 0));
        assert_eq!(known.etag(), page.etag());
        assert_eq!(known.header("cache-control"), page.header("cache-control"));
    }),
    row(
        "ISR-H09",
        "a page that was made ahead, or on a visit, and made again with the same bytes",
        "GET with the old ETag",
        "304: the ETag stays",
        |lab| {
            for path in ["/prebuilt/a/".to_owned(), lab.path("/still/{}/")] {
                let page = lab.get(&path);
                let renders = lab.renders(&path);
                lab.revalidate_path(&path);
                let known = lab.get_with(&path, &[("if-none-match", page.etag())]);
                assert_eq!((known.status, known.cache()), (304, "MISS"), "{path}");
                assert_eq!(known.header("last-modified"), page.header("last-modified"), "{path}");
                assert!(lab.renders(&path) > renders, "{path} was made again");
            }
        },
    ),
    row(
        "ISR-H10",
        "a stale page, asked for with its ETag while it is made again",
        "GET without validators, then and afterwards",
        "200 with a body: no 304 was stored",
        |lab| {
            let (path, switch) = (lab.path("/switch/1/{}/"), lab.path("/switch/{}"));
            let made = lab.get(&path);
            lab.source().delay(&switch, Duration::from_millis(500));
            lab.until_state(&path, "stale");
            let known = [("if-none-match", made.etag())];
            assert_eq!(lab.get_with(&path, &known).status, 304);
            lab.source().wait_asked(&switch, 2);
            assert_eq!(lab.get_with(&path, &known).status, 304, "while it is made");
            let page = lab.get(&path);
            page.is(200, "STALE");
            assert_eq!(page.body, made.body);
            assert_eq!(lab.get_renewed(&path, &made).status, 200);
        },
    ),
    row(
        "ISR-H11",
        "a page of revalidate 3600 that was made on a visit; two seconds later the server starts again",
        "GET",
        "HIT, the same bytes, and its life counts on from when it was made",
        |lab| {
            let path = lab.path("/timed/3600/{}/");
            let made = lab.get(&path);
            assert_eq!(made.shared_life(), 3600);
            lab.until("a page two seconds old", || (lab.explain(&path)["age"].as_u64() >= Some(2)).then_some(()));
            lab.site().restart();
            let page = lab.get(&path);
            page.is(200, "HIT");
            assert_eq!(page.body, made.body);
            assert!((3500..=3598).contains(&page.shared_life()), "{}", page.header("cache-control"));
        },
    )
    .alone(),
    row(
        "ISR-H12",
        "one run wrote the page with a life of 3600; another run replaced it with a life of 6",
        "GET in a third run, and when the life is over",
        "HIT with s-maxage of at most 6, then STALE",
        |lab| {
            let (path, switch) = (lab.path("/life/{}/"), lab.path("/switch/{}"));
            lab.source().say(&switch, "3600");
            assert_eq!(lab.get(&path).shared_life(), 3600);
            lab.site().restart();
            assert!(lab.get(&path).shared_life() > 3500);
            lab.source().say(&switch, "6");
            lab.revalidate_path(&path);
            assert_eq!(lab.get(&path).shared_life(), 6);
            lab.site().restart();
            let page = lab.get(&path);
            page.is(200, "HIT");
            assert!(page.shared_life() <= 6, "{}", page.header("cache-control"));
            // The visit has the page made again when its life is over; a slow source gives time to see it old.
            lab.source().delay(&switch, Duration::from_secs(2));
            let old = lab.until("its end", || Some(lab.get(&path)).filter(|page| page.cache() == "STALE"));
            assert_eq!(old.stamp(), page.stamp());
        },
    )
    .alone(),
    row(
        "ISR-H13",
        "a route without query keys",
        "GET ?a=1, then ?a=2",
        "one page: the same making, one render",
        |lab| {
            let path = lab.path("/plain/{}/");
            let (first, second) = (lab.get(&format!("{path}?a=1")), lab.get(&format!("{path}?a=2")));
            first.is(200, "MISS");
            second.is(200, "HIT");
            assert_eq!(first.stamp(), second.stamp());
            assert_eq!(lab.renders(&path), 1);
        },
    ),
];
