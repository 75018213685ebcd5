//! V: demands for new pages, by tag and by path, from programs and editors.

use std::{path::Path, sync::mpsc, thread, time::Duration};

use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use serde_json::json;

use crate::{
    lab::{Lab, Page, answer},
    row::{Row, row},
};

pub const ROWS: &[Row] = &[
    row(
        "ISR-V01",
        "a stored page with inner reads",
        "REV path, GET",
        "a new making; every inner value is new too",
        |lab| {
            let path = lab.path("/made-of/{}/");
            let old = lab.get(&path);
            lab.revalidate_path(&path);
            let page = lab.get(&path);
            page.is(200, "MISS");
            for name in ["gen", "value", "part"] {
                assert_ne!(page.says(name), old.says(name), "{name}");
            }
        },
    ),
    row("ISR-V02", "pages and JSON documents that share a tag", "REV tag expire, GET each", "MISS, all new", |lab| {
        let before = tagged(lab);
        lab.revalidate_tag(&lab.word);
        for (path, old) in before {
            let page = lab.get(&path);
            page.is(200, "MISS");
            assert_ne!(page.stamp(), old.stamp(), "{path}");
        }
    }),
    row(
        "ISR-V03",
        "pages and JSON documents that share a tag",
        "REV tag stale, GET, GET",
        "first the old making at once, then a new one that stays",
        |lab| {
            let before = tagged(lab);
            lab.revalidate(&json!({ "tags": [lab.word], "mode": "stale" }));
            for (path, old) in before {
                let page = lab.get(&path);
                page.is(200, "STALE");
                assert_eq!(page.stamp(), old.stamp());
                let new = lab.get_renewed(&path, &old);
                let after = lab.get(&path);
                after.is(200, "HIT");
                assert_eq!(after.stamp(), new.stamp());
            }
        },
    ),
    row(
        "ISR-V04",
        "an editor with a session",
        "UPDATE, then GET with the same session",
        "the editor sees the new text",
        |lab| {
            let path = lab.path("/post/{}/");
            let id = lab.published(&json!({ "title": "First", "slug": lab.word, "markdown": "Text." }));
            for title in ["Second", "Third"] {
                lab.get(&path);
                lab.republished(&id, &json!({ "title": title }));
                let as_editor = lab.get_with(&path, &[("authorization", &format!("Bearer {}", lab.token()))]);
                assert_eq!(as_editor.says("title"), title);
                assert_eq!(lab.get(&path).says("title"), title, "and so does everybody");
            }
        },
    ),
    row(
        "ISR-V05",
        "nobody's request; a token that may only revalidate",
        "UPDATE",
        "refused, saying why; nothing changes",
        |lab| {
            let path = lab.path("/post/{}/");
            let id = lab.published(&json!({ "title": "There", "slug": lab.word, "markdown": "Text." }));
            let before = lab.get(&path);
            let made = lab.post("/tokens", &json!({ "name": lab.word, "scopes": ["revalidate"] }));
            let program = made["token"].as_str().expect("a token");
            for (token, status) in [(None, 401), (Some(program), 403)] {
                let mut request = lab.request("POST", &format!("/api/v1/posts/{id}/unpublish")).json(&json!({}));
                if let Some(token) = token {
                    request = request.bearer_auth(token);
                }
                let refused = answer(request);
                assert_eq!((refused.status, refused.header("content-type")), (status, "application/problem+json"));
                assert!(!refused.json()["detail"].as_str().unwrap_or_default().is_empty());
            }
            let after = lab.get(&path);
            after.is(200, "HIT");
            assert_eq!(after.stamp(), before.stamp());
        },
    ),
    row(
        "ISR-V06",
        "a page of values, each with a tag of its own",
        "REV one of the tags",
        "only that value changes",
        |lab| {
            let tags = ["a", "b", "c", "f", "r"].map(|tag| format!("{}-{tag}", lab.word));
            let path = format!("/values/{}/x/", tags.join("."));
            let before = lab.get(&path);
            lab.revalidate_tag(&tags[0]);
            let after = lab.get(&path);
            after.is(200, "MISS");
            for tag in &tags {
                assert_eq!(after.says(tag) != before.says(tag), *tag == tags[0], "{tag}");
            }
        },
    ),
    row(
        "ISR-V07",
        "/blog/{slug}/ and /blog/{slug}/{part}/",
        "REV pattern, as page; as subtree",
        "as page: only the first; as subtree: both",
        |lab| {
            let paths = [lab.path("/blog/{}/"), lab.path("/blog/{}/x/")];
            let makings = || paths.each_ref().map(|path| lab.get(path).stamp());
            let before = makings();
            lab.revalidate(&json!({ "paths": ["/blog/{slug}/"], "type": "page" }));
            let after = makings();
            assert!(after[0] != before[0] && after[1] == before[1], "{before:?} {after:?}");
            lab.revalidate(&json!({ "paths": ["/blog/{slug}/"], "type": "subtree" }));
            let last = makings();
            assert!(last[0] != after[0] && last[1] != after[1], "{after:?} {last:?}");
            let warned = lab.revalidate(&json!({ "paths": ["/no/{such}/route/"] }));
            assert!(warned["warnings"][0].as_str().is_some_and(|text| text.contains("/no/{such}/route/")), "{warned}");
        },
    ),
    row(
        "ISR-V08",
        "/dash/, what is below it, and /dash-admin/",
        "REV path /dash/ as subtree",
        "/dash-admin/ stays",
        |lab| {
            let paths = ["/dash/".to_owned(), lab.path("/dash/{}/"), "/dash-admin/".to_owned()];
            let makings = || paths.each_ref().map(|path| lab.get(path).stamp());
            let before = makings();
            lab.revalidate(&json!({ "paths": ["/dash/"], "type": "subtree" }));
            let after = makings();
            assert!(after[0] != before[0] && after[1] != before[1] && after[2] == before[2], "{before:?} {after:?}");
        },
    ),
    row(
        "ISR-V09",
        "a site",
        "REV path / as subtree; REV path /, and /index",
        "everything is made again; the two are one page",
        |lab| {
            let paths = ["/", "/fixed/", "/docs/a/b/", "/timed/60/x/", "/tagged/a/x/"];
            let makings = || paths.map(|path| lab.get(path).stamp());
            let before = makings();
            lab.revalidate(&json!({ "paths": ["/"], "type": "subtree" }));
            let after = makings();
            assert!(before.iter().zip(&after).all(|(before, after)| before != after), "{before:?} {after:?}");
            let other = lab.get("/fixed/").stamp();
            for alias in ["/", "/index"] {
                let before = lab.get("/").stamp();
                lab.revalidate_path(alias);
                assert_ne!(lab.get("/").stamp(), before, "{alias}");
                assert_eq!(lab.get("/index").stamp(), lab.get("/").stamp());
            }
            assert_eq!(lab.get("/fixed/").stamp(), other);
        },
    )
    .alone(),
    row(
        "ISR-V10",
        "a post whose former address leads to its new one",
        "REV path by the former, by the new address",
        "the redirect is made again, the page is made again; neither touches the other",
        |lab| {
            let (old, new) = (lab.path("/post/{}/"), lab.path("/post/{}-new/"));
            let id = lab.published(&json!({ "title": "There", "slug": lab.word, "markdown": "Text." }));
            lab.republished(&id, &json!({ "slug": lab.path("{}-new") }));
            let visit = || (lab.get(&old), lab.get(&new));
            let (moved, page) = visit();
            assert!((300..400).contains(&moved.status) && moved.header("location") == new, "{}", moved.status);
            assert_eq!(page.status, 200);
            lab.revalidate_path(&old);
            let (moved, same) = visit();
            assert_eq!((moved.cache(), same.cache(), same.stamp()), ("MISS", "HIT", page.stamp()));
            lab.revalidate_path(&new);
            let (moved, other) = visit();
            assert_eq!((moved.cache(), other.cache()), ("HIT", "MISS"));
            assert_ne!(other.stamp(), page.stamp());
        },
    ),
    row(
        "ISR-V11",
        "a page that was never made",
        "REFRESH only if generated, then GET",
        "told so, no render; the GET is a MISS",
        |lab| {
            let path = lab.path("/plain/{}/");
            let demand = json!({ "paths": [path], "mode": "refresh", "only_if_generated": true });
            assert_eq!(lab.refreshed(&demand), "not_generated");
            assert_eq!(lab.renders(&path), 0);
            lab.get(&path).is(200, "MISS");
        },
    ),
    row("ISR-V12", "a page without time limit", "REFRESH, GET", "REVALIDATED; a new making, which is a HIT", |lab| {
        let path = lab.path("/plain/{}/");
        let old = lab.get(&path);
        let demand = json!({ "paths": [path], "mode": "refresh" });
        let refreshed = lab.ask("POST", "/revalidate", &[], Some(&demand));
        assert_eq!((refreshed.status, refreshed.cache()), (200, "REVALIDATED"));
        let page = lab.get(&path);
        page.is(200, "HIT");
        assert_ne!(page.stamp(), old.stamp());
    }),
    row(
        "ISR-V13",
        "a wrong secret, or none",
        "REV; GET with the right one as a header",
        "401; the GET is like any other; nothing changes",
        |lab| {
            let path = lab.path("/plain/{}/");
            let before = lab.get(&path);
            for token in [None, Some("wrong"), Some("perennial_wrong")] {
                let mut request = lab.request("POST", "/api/v1/revalidate").json(&json!({ "paths": [path] }));
                if let Some(token) = token {
                    request = request.bearer_auth(token);
                }
                assert_eq!(answer(request).status, 401, "{token:?}");
            }
            let bearer = format!("Bearer {}", lab.token());
            let secrets = [
                ("authorization", bearer.as_str()),
                ("x-prerender-revalidate", lab.token()),
                ("x-perennial-revalidate", lab.token()),
                ("cache-control", "no-cache"),
                ("pragma", "no-cache"),
            ];
            for secret in secrets {
                let page = lab.get_with(&path, &[secret]);
                page.is(200, "HIT");
                assert_eq!(page.stamp(), before.stamp());
            }
            assert_eq!(lab.renders(&path), 1);
        },
    ),
    row(
        "ISR-V14",
        "a tag of 257 characters, 129 tags on a page, a path of 1,025 characters",
        "REV, GET",
        "left out with a warning that names the value; all else is done",
        |lab| {
            let (tag, long) = ("t".repeat(257), format!("/{}", "p".repeat(1_024)));
            let done = lab.revalidate(&json!({ "tags": [tag, lab.word], "paths": [long, lab.path("/plain/{}/")] }));
            let warnings = done["warnings"].to_string();
            assert_eq!(done["warnings"].as_array().map(Vec::len), Some(2), "{warnings}");
            assert!(warnings.contains(&tag) && warnings.contains(&long), "{warnings}");
            assert_eq!(done["revalidated"], true);

            let path = lab.path("/many-tags/{}/");
            lab.get(&path).is(200, "MISS");
            let is_carried = |number: u32| {
                lab.revalidate_tag(&format!("{}-{number}", lab.word));
                lab.get(&path).cache() == "MISS"
            };
            assert!(is_carried(1) && is_carried(128) && !is_carried(129));
            // The first warning is of the 129th tag, the second of one that is too long.
            lab.site().log().says(&lab.path("{}-129"));
            lab.site().log().says(&format!("long-{}{}", lab.word, "x".repeat(256)));
        },
    )
    .alone(),
    row(
        "ISR-V15",
        "150 pages, each with a tag; a store that another process holds for two seconds",
        "REV all 150 tags in one call",
        "waits for the store; all applied, each once, as one revision",
        |lab| {
            let tags: Vec<_> = (0..150).map(|n| format!("{}-{n}", lab.word)).collect();
            let paths: Vec<_> = tags.iter().map(|tag| format!("/tagged/{tag}/x/")).collect();
            let before: Vec<_> = paths.iter().map(|path| lab.get(path).stamp()).collect();
            let revision = lab.read("/cache/summary")["revision"].as_i64().expect("a revision");
            let done = while_held(&lab.site().data().join("perennial.db"), Duration::from_secs(2), || {
                lab.revalidate(&json!({ "tags": tags }))
            });
            assert_eq!((&done["pages"], &done["warnings"]), (&json!(150), &json!([])));
            assert_eq!(done["revision"].as_i64(), Some(revision + 1));
            for (path, before) in paths.iter().zip(before) {
                let page = lab.get(path);
                page.is(200, "MISS");
                assert_ne!(page.stamp(), before);
            }
            assert!(paths.iter().all(|path| lab.get(path).cache() == "HIT"));
        },
    )
    .alone(),
    row(
        "ISR-V16",
        "a render that began before an edit and ends after it",
        "GET, GET",
        "what it made is not taken for fresh: the new text appears",
        |lab| {
            let (path, switch) = (lab.path("/late-post/{}/"), lab.path("/switch/{}"));
            let id = lab.published(&json!({ "title": "Before", "slug": lab.word, "markdown": "Text." }));
            lab.source().delay(&switch, Duration::from_secs(1));
            thread::scope(|scope| {
                let reader = scope.spawn(|| lab.get(&path));
                lab.source().wait_asked(&switch, 1);
                lab.source().delay(&switch, Duration::ZERO);
                lab.republished(&id, &json!({ "title": "After" }));
                assert_eq!(reader.join().expect("an answer").status, 200);
            });
            for _ in 0..2 {
                assert_eq!(lab.get(&path).says("title"), "After");
            }
        },
    ),
];

/// Two pages and two JSON documents with the row's word as a tag, as they are now.
fn tagged(lab: &Lab<'_>) -> Vec<(String, Page)> {
    let paths = ["/tagged/{}/a/", "/tagged/{}/b/", "/tagged-json/{}/a", "/tagged-json/{}/b"];
    let paths = paths.map(|path| lab.path(path));
    paths.into_iter().map(|path| (path.clone(), lab.get(&path))).collect()
}

/// Does something while somebody else writes to the database, for so long.
fn while_held<T>(database: &Path, long: Duration, work: impl FnOnce() -> T) -> T {
    let url = format!("sqlite://{}", database.display());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let (held, is_held) = mpsc::channel();
    runtime.spawn(async move {
        let mut options = ConnectOptions::new(url);
        // What is begun on a connection is ended on it.
        options.max_connections(1).sqlx_logging(false);
        let database = Database::connect(options).await.expect("the database");
        database.execute_unprepared("BEGIN IMMEDIATE").await.expect("nobody else writes");
        held.send(()).expect("somebody waits");
        tokio::time::sleep(long).await;
        database.execute_unprepared("ROLLBACK").await.expect("the transaction");
    });
    is_held.recv().expect("the database is held");
    work()
}
