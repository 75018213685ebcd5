//! N: pages that are not there, come into being, go, or lead elsewhere.

use serde_json::json;

use crate::row::{Row, row};

pub const ROWS: &[Row] = &[
    row("ISR-N01", "no post has the slug", "5 × GET", "404 each time, with the same text", |lab| {
        let path = lab.path("/post/{}/");
        let first = lab.get(&path);
        first.is(404, "MISS");
        for _ in 0..4 {
            let page = lab.get(&path);
            page.is(404, "HIT");
            assert_eq!(page.body, first.body);
        }
    }),
    row("ISR-N02", "a post that is unpublished", "GET", "404", |lab| {
        let path = lab.path("/post/{}/");
        let id = lab.published(&json!({ "title": "There", "slug": lab.word, "markdown": "Text." }));
        assert_eq!(lab.get(&path).status, 200);
        lab.unpublished(&id);
        assert_eq!(lab.get(&path).status, 404);
    }),
    row("ISR-N03", "a post that is published again after its 404 was given", "GET", "200, no stuck 404", |lab| {
        let path = lab.path("/post/{}/");
        let id = lab.published(&json!({ "title": "There", "slug": lab.word, "markdown": "Text." }));
        lab.unpublished(&id);
        assert_eq!(lab.get(&path).status, 404);
        lab.post(&format!("/posts/{id}/publish"), &json!({}));
        let page = lab.get(&path);
        assert_eq!((page.status, page.says("title")), (200, "There".into()));
    }),
    row("ISR-N04", "a 404 was the first that was made; then a post gets the slug", "GET", "200", |lab| {
        let path = lab.path("/post/{}/");
        lab.get(&path).is(404, "MISS");
        lab.published(&json!({ "title": "There", "slug": lab.word, "markdown": "Text." }));
        assert_eq!(lab.get(&path).status, 200);
    }),
    row("ISR-N05", "a refresh that finds nothing", "GET", "404 with HIT", |lab| {
        let (path, switch) = (lab.path("/switch/{}/"), lab.path("/switch/{}"));
        lab.get(&path).is(200, "MISS");
        lab.source().say(&switch, "missing");
        lab.refresh(&path);
        lab.get(&path).is(404, "HIT");
    }),
    row("ISR-N06", "a 404 whose template added a tag", "REV tag, GET", "made again: a 404 carries tags", |lab| {
        let path = lab.path("/tagged-missing/{}/x/");
        let first = lab.get(&path);
        first.is(404, "MISS");
        lab.get(&path).is(404, "HIT");
        lab.revalidate_tag(&lab.word);
        let second = lab.get(&path);
        second.is(404, "MISS");
        assert_ne!(first.stamp(), second.stamp());
    }),
    row(
        "ISR-N07",
        "a page that leads elsewhere, stored, and made again",
        "GET ×3",
        "its status and exactly one Location each time",
        |lab| {
            let (path, switch) = (lab.path("/switch/{}/"), lab.path("/switch/{}"));
            lab.source().say(&switch, "moved");
            // `header` panics when one comes twice.
            let is = |cache: &str| {
                let answer = lab.get(&path);
                assert_eq!((answer.status, answer.cache()), (307, cache));
                assert_eq!(answer.header("location"), "/plain/moved/");
                for name in answer.headers.keys() {
                    answer.header(name.as_str());
                }
            };
            is("MISS");
            is("HIT");
            lab.revalidate_path(&path);
            is("MISS");
        },
    ),
];
