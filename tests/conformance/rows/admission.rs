//! P: which paths have a page at all.

use std::fs;

use serde_json::json;

use crate::row::{Row, row};

pub const ROWS: &[Row] = &[
    row("ISR-P01", "an open route, a value it does not know", "GET ×2", "200, and stored", |lab| {
        let path = lab.path("/optional/{}/");
        lab.get(&path).is(200, "MISS");
        lab.get(&path).is(200, "HIT");
    }),
    row("ISR-P02", "a closed route, a value it does not know", "GET", "404; the template does not run", |lab| {
        assert_eq!(lab.get(&lab.path("/closed/{}/")).status, 404);
        assert!(lab.source().asked(&lab.path("/value/closed-{}")).is_empty(), "the template ran");
    }),
    row(
        "ISR-P03",
        "a closed route, a value it does not know",
        "REV path, GET",
        "still 404; the template still does not run",
        |lab| {
            let path = lab.path("/closed/{}/");
            assert_eq!(lab.get(&path).status, 404);
            lab.revalidate_path(&path);
            lab.refresh(&path);
            assert_eq!(lab.get(&path).status, 404);
            assert!(lab.source().asked(&lab.path("/value/closed-{}")).is_empty(), "the template ran");
        },
    ),
    row(
        "ISR-P04",
        "a value that a closed route no longer knows; its old page is still stored",
        "GET",
        "404, whatever is stored",
        |lab| {
            let before = lab.get("/closed/b/");
            before.is(200, "MISS");
            let kept = lab.get("/closed/a/");
            lab.site().stop();
            let manifest = lab.site().folder().join("themes/conformance/theme.toml");
            let text = fs::read_to_string(&manifest).expect("a theme");
            assert!(text.contains(r#", { n = "b" }"#));
            fs::write(&manifest, text.replace(r#", { n = "b" }"#, "")).expect("a theme");
            lab.site().start();
            assert_eq!(lab.get("/closed/b/").status, 404);
            assert_eq!((lab.get("/closed/a/").status, kept.status), (200, 200));
        },
    )
    .alone(),
    row(
        "ISR-P05",
        "a fixed path, one with and one without a last value, a catch-all, a path of a post that was just made",
        "REV path, twice",
        "a new making each time, the same one in between",
        |lab| {
            lab.published(&json!({ "title": "New", "slug": lab.word, "markdown": "Text." }));
            for path in [
                "/fixed/".to_owned(),
                "/optional/".to_owned(),
                lab.path("/optional/{}/"),
                lab.path("/docs/{}/a/b/"),
                lab.path("/post/{}/"),
            ] {
                let mut before = lab.get(&path);
                for _ in 0..2 {
                    lab.revalidate_path(&path);
                    let (made, again) = (lab.get(&path), lab.get(&path));
                    made.is(200, "MISS");
                    again.is(200, "HIT");
                    assert_eq!(made.stamp(), again.stamp(), "{path}");
                    assert_ne!(made.stamp(), before.stamp(), "{path}");
                    before = made;
                }
            }
        },
    ),
    row("ISR-P06", "an empty list of known values", "GET ×2", "made once, then HIT", |lab| {
        let path = lab.path("/plain/{}/");
        lab.get(&path).is(200, "MISS");
        lab.get(&path).is(200, "HIT");
        assert_eq!(lab.renders(&path), 1);
    }),
    row(
        "ISR-P07",
        "a path and a text beyond ASCII",
        "GET ×2, spelled differently",
        "one page, every byte intact",
        |lab| {
            let first = lab.get(&lab.path("/plain/żółw-日本-{}/"));
            first.is(200, "MISS");
            assert_eq!(first.says("params"), lab.path("żółw-日本-{}"));
            assert_eq!(first.says("text"), "Zażółć gęślą jaźń, 日本語, 🌱");
            let second = lab.get(&lab.path("/plain/%c5%bc%C3%B3%C5%82w-%E6%97%A5%e6%9c%ac-{}/"));
            second.is(200, "HIT");
            assert_eq!(second.body, first.body);
        },
    ),
];
