//! X: what nobody else asks for: exact invalidation, exact time, nothing lost, everything explained.

use std::{
    env, fs,
    path::Path,
    sync::mpsc,
    thread,
    time::{Duration, Instant, SystemTime},
};

use perennial_tests::Editor;
use serde_json::{Value, json};

use crate::{
    lab::{Lab, number_after},
    row::{Row, row},
};

pub const ROWS: &[Row] = &[
    row(
        "ISR-X01",
        "posts A and B, each with a list of its tag",
        "EDIT A",
        "pages that never read A keep their making; none is made in vain",
        |lab| {
            let [a, b] = ["a", "b"].map(|name| post(lab, name, name, "2026-01-01"));
            let paths =
                ["/post/{}-a/", "/list/{}-a/", "/post/{}-b/", "/list/{}-b/", "/plain/{}/"].map(|path| lab.path(path));
            let makings = || paths.each_ref().map(|path| lab.get(path).stamp());
            let before = makings();
            lab.republished(&a, &json!({ "title": "Another" }));
            let after = makings();
            let changed: Vec<_> = before.iter().zip(&after).map(|(before, after)| before != after).collect();
            assert_eq!(changed, [true, true, false, false, false]);
            lab.republished(&b, &json!({ "markdown": "Another text." }));
            let last = makings();
            let changed: Vec<_> = after.iter().zip(&last).map(|(before, after)| before != after).collect();
            assert_eq!(changed, [false, false, true, false, false], "a text is on no list");
        },
    ),
    row(
        "ISR-X02",
        "a post, its page and its list",
        "EDIT, and nobody comes",
        "every page that differs is made again within two seconds",
        |lab| {
            let id = post(lab, "a", "a", "2026-01-01");
            let paths = ["/post/{}-a/", "/list/{}-a/"].map(|path| lab.path(path));
            let before = paths.each_ref().map(|path| lab.get(path));
            let begun = Instant::now();
            lab.republished(&id, &json!({ "title": "Another" }));
            for path in &paths {
                lab.until_renders(path, 2);
            }
            assert!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
            for (path, before) in paths.iter().zip(before) {
                let page = lab.get(path);
                page.is(200, "HIT");
                assert!(page.stamp() != before.stamp() && page.text().contains("Another"), "{path}");
            }
        },
    ),
    row(
        "ISR-X03",
        "a page that prints a post's title",
        "EDIT the post's text, GET",
        "ETag and Last-Modified stay, and a reader who has the page is told so",
        |lab| {
            let id = post(lab, "a", "a", "2026-01-01");
            let path = lab.path("/still-post/{}-a/");
            let before = lab.get(&path);
            lab.republished(&id, &json!({ "markdown": "Another text.", "excerpt": "Another excerpt." }));
            let after = lab.get(&path);
            assert_eq!((after.etag(), after.header("last-modified")), (before.etag(), before.header("last-modified")));
            assert_eq!(lab.get_with(&path, &[("if-none-match", before.etag())]).status, 304);
        },
    ),
    row(
        "ISR-X04",
        "a list of the newest 10 of 26 posts",
        "EDIT the title of the 25th; then its date, into the newest 10",
        "the list stays; then it is made again",
        |lab| {
            let ids: Vec<_> =
                (0..26).map(|n| post(lab, &n.to_string(), "list", &format!("2026-01-{:02}", 26 - n))).collect();
            let path = lab.path("/list/{}-list/");
            let before = lab.get(&path);
            lab.republished(&ids[24], &json!({ "title": "Renamed" }));
            let after = lab.get(&path);
            after.is(200, "HIT");
            assert_eq!(after.stamp(), before.stamp());
            lab.republished(&ids[24], &json!({ "published_at": "2026-01-20T12:00:00Z" }));
            let after = lab.get(&path);
            assert_ne!(after.stamp(), before.stamp());
            assert!(after.text().contains("Renamed"), "{}", after.text());
        },
    ),
    row("ISR-X05", "404 for a slug, with no tag written by hand", "a post gets the slug, GET", "200", |lab| {
        let path = lab.path("/still-post/{}-a/");
        lab.get(&path).is(404, "MISS");
        lab.get(&path).is(404, "HIT");
        post(lab, "a", "a", "2026-01-01");
        assert_eq!(lab.get(&path).status, 200);
    }),
    row(
        "ISR-X06",
        "a post scheduled to appear, to go, and to appear at a moment when the server is down",
        "GET around it; GET after the start",
        "its page and its list change within a second, without a visitor; after the start at once",
        |lab| {
            let (path, list) = (lab.path("/post/{}/"), lab.path("/list/{}/"));
            let new = json!({ "title": "Later", "slug": lab.word, "markdown": "Text.", "tags": [lab.word] });
            let id = lab.written(&new);
            lab.get(&path).is(404, "MISS");
            let before = lab.get(&list);
            let moment = schedule(lab, &id, "publish", 3);
            lab.until("the moment", || (SystemTime::now() >= moment - Duration::from_millis(200)).then_some(()));
            assert_eq!(lab.get(&path).status, 404, "before the moment");
            lab.until_renders(&list, 2);
            let late = moment.elapsed().unwrap_or_default();
            assert!(late < Duration::from_secs(1), "{late:?} late");
            assert_eq!(lab.get(&path).says("title"), "Later");
            assert!(lab.get(&list).stamp() != before.stamp());

            let moment = schedule(lab, &id, "unpublish", 2);
            lab.until("another page", || (lab.get(&path).status == 404).then_some(()));
            let late = moment.elapsed().expect("not before the moment");
            assert!(late < Duration::from_secs(1), "{late:?} late");
            assert!(!lab.get(&list).text().contains("Later"));

            let moment = schedule(lab, &id, "publish", 1);
            lab.site().stop();
            lab.until("the moment", || (SystemTime::now() >= moment).then_some(()));
            lab.site().start();
            let begun = Instant::now();
            lab.until("the post", || (lab.get(&path).status == 200).then_some(()));
            assert!(begun.elapsed() < Duration::from_secs(2), "{:?} after the start", begun.elapsed());
        },
    )
    .alone(),
    row(
        "ISR-X07",
        "an editor who publishes without pause, and a server that is killed",
        "GET after its start",
        "an edit and its invalidation are both there or neither; what was acknowledged is there",
        |lab| {
            let id = post(lab, "a", "a", "2026-01-01");
            lab.republished(&id, &json!({ "title": "0" }));
            let paths = ["/post/{}-a/", "/list/{}-a/"].map(|path| lab.path(path));
            let mut acknowledged = 0;
            for crash in 1..=3 {
                paths.iter().for_each(|path| drop(lab.get(path)));
                let (says, said) = mpsc::channel();
                thread::scope(|scope| {
                    let editor = Editor::sign_in(lab.site());
                    let id = &id;
                    scope.spawn(move || count_on(&editor, id, acknowledged, &says));
                    acknowledged = said.recv().expect("a publish");
                    acknowledged = said.recv_timeout(Duration::from_millis(11 * crash)).unwrap_or(acknowledged);
                    lab.site().kill_9();
                });
                acknowledged = said.try_iter().last().unwrap_or(acknowledged);
                lab.site().start();
                let title: u64 = lab.get(&paths[0]).says("title").parse().expect("a number");
                assert!(title == acknowledged || title == acknowledged + 1, "{title} after {acknowledged}");
                assert_eq!(lab.get(&paths[1]).says("post"), title.to_string(), "the list is of the same revision");
                acknowledged = title;
            }
        },
    )
    .alone(),
    row(
        "ISR-X08",
        "pages on the shelf, expired or made stale; then the server ends, or is killed",
        "GET after its start",
        "none is given as fresh",
        |lab| {
            let by_path = lab.path("/plain/{}/");
            let by_tag = lab.path("/tagged/{}/x/");
            let end: [fn(&Lab<'_>); 2] = [|lab| lab.site().stop(), |lab| lab.site().kill_9()];
            for end in end {
                let before = [&by_path, &by_tag].map(|path| lab.get(path).stamp());
                lab.site().restart();
                for (path, before) in [&by_path, &by_tag].into_iter().zip(&before) {
                    let page = lab.get(path);
                    page.is(200, "HIT");
                    assert_eq!(page.stamp(), *before, "{path} is on the shelf");
                }
                lab.revalidate_path(&by_path);
                lab.revalidate(&json!({ "tags": [lab.word], "mode": "stale" }));
                end(lab);
                lab.site().start();
                let page = lab.get(&by_path);
                page.is(200, "MISS");
                assert_ne!(page.stamp(), before[0]);
                assert_ne!(lab.get(&by_tag).cache(), "HIT");
                lab.until("a new page", || (lab.get(&by_tag).stamp() != before[1]).then_some(()));
            }
        },
    )
    .alone(),
    row(
        "ISR-X09",
        "a page; a post with a working copy",
        "explain the page; ask what publishing would change",
        "its state, revision, age, life, reads, cause and cost; every page that would differ",
        |lab| {
            let id = post(lab, "a", "a", "2026-01-01");
            let (path, list) = (lab.path("/post/{}-a/"), lab.path("/list/{}-a/"));
            lab.get(&list);
            lab.republished(&id, &json!({ "markdown": "Another text." }));
            lab.get(&path);
            let page = lab.explain(&path);
            assert_eq!(
                (&page["state"], &page["status"], &page["route"]),
                (&json!("fresh"), &json!(200), &json!("post"))
            );
            for name in ["revision", "age", "renders", "render_ms"] {
                assert!(page[name].is_u64(), "{name}: {page}");
            }
            assert!(page["life_left"].is_null() && page["last_error"].is_null(), "{page}");
            assert!(!page["last_cause"].as_str().unwrap_or_default().is_empty(), "{page}");
            assert!(page["tags"].to_string().contains(&format!("post:{id}")), "{page}");
            assert!(
                page["reads"].as_array().is_some_and(|reads| reads.iter().any(|read| read["kind"] == "post")),
                "{page}"
            );
            let timed = lab.path("/timed/60/{}/");
            lab.get(&timed);
            assert!(lab.explain(&timed)["life_left"].as_u64().is_some_and(|left| left <= 60));

            lab.edit("PATCH", &format!("/posts/{id}"), Some(&json!({ "title": "Another" })));
            let impact = lab.read(&format!("/posts/{id}/impact"));
            for path in [&path, &list] {
                let named = impact["pages"].as_array().into_iter().flatten().find(|page| page["path"] == **path);
                assert!(
                    named.is_some_and(|page| page["effect"] == "changes" && page["reason"].is_string()),
                    "{impact}"
                );
            }
            assert!(!impact["pages"].to_string().contains(&timed), "{impact}");
        },
    ),
    row(
        "ISR-X10",
        "a page some seconds old; a stale page",
        "GET",
        "caches in front are told the seconds that are left, not the whole period",
        |lab| {
            let long = lab.path("/long/{}/");
            lab.get(&long);
            lab.until("an older page", || (lab.explain(&long)["age"].as_u64() >= Some(2)).then_some(()));
            let page = lab.get(&long);
            assert!((800..=898).contains(&page.shared_life()), "{}", page.header("cache-control"));
            let cdn = page.header("cdn-cache-control");
            assert_eq!(number_after(cdn, "max-age="), page.shared_life());
            assert_eq!(number_after(cdn, "stale-while-revalidate="), 2_700);
            let status = page.header("cache-status");
            assert!(status.starts_with("perennial; hit; ttl=89") && !status.contains("key"), "{status}");

            let ageing = lab.path("/ageing/{}/");
            lab.get(&ageing);
            lab.until("a stale page", || (lab.explain(&ageing)["age"].as_u64() >= Some(3)).then_some(()));
            let page = lab.get(&ageing);
            page.is(200, "STALE");
            assert_eq!(page.shared_life(), 0);
            let status = page.header("cache-status");
            assert!(status.starts_with("perennial; hit; ") && status.contains("ttl=-"), "{status}");
            let left = number_after(page.header("cdn-cache-control"), "stale-while-revalidate=");
            assert!((1..=17).contains(&left), "{left}");
        },
    ),
    row(
        "ISR-X11",
        "1,000 addresses of nothing (100,000 with PERENNIAL_CONFORMANCE_FULL=1)",
        "GET each",
        "404; not a byte more on disk; at most 10,000 kept; good pages stay",
        |lab| {
            let path = lab.path("/plain/{}/");
            lab.get(&path);
            let cache = lab.site().data().join("cache");
            lab.until("what was made at start", || {
                let summary = lab.read("/cache/summary");
                (summary["rendering"] == 0 && summary["expired"] == 0).then_some(())
            });
            lab.site().restart();
            let before = bytes(&cache);
            let addresses = if env::var_os("PERENNIAL_CONFORMANCE_FULL").is_some() { 100_000 } else { 1_000 };
            thread::scope(|scope| {
                for part in 0..4 {
                    let get = move |n: usize| assert_eq!(lab.get(&format!("/none-{}-{n}/", lab.word)).status, 404);
                    scope.spawn(move || (0..addresses).filter(|n| n % 4 == part).for_each(get));
                }
            });
            let kept = lab.read("/cache/summary")["not_found"].as_u64();
            assert!(kept >= Some(900) && kept <= Some(10_000), "{kept:?}");
            assert_eq!(bytes(&cache), before);
            lab.get(&path).is(200, "HIT");
        },
    )
    .alone(),
    row(
        "ISR-X12",
        "100 pages with one tag",
        "REV the tag; REV a tag that no page has",
        "one revision each: what is written does not grow with the pages",
        |lab| {
            let paths: Vec<_> = (0..100).map(|n| format!("/tagged/{}/{n}/", lab.word)).collect();
            for path in &paths {
                lab.get(path);
            }
            let revision = |done: Value| done["revision"].as_u64().expect("a revision");
            let before = revision(lab.revalidate(&json!({ "tags": ["of-no-page"] })));
            let begun = Instant::now();
            let done = lab.revalidate(&json!({ "tags": [lab.word] }));
            assert!(begun.elapsed() < Duration::from_millis(500), "it took {:?}", begun.elapsed());
            assert_eq!(done["pages"], 100);
            assert_eq!(revision(done), before + 1);
            assert!(paths.iter().all(|path| lab.get(path).cache() == "MISS"));
        },
    )
    .alone(),
    row(
        "ISR-X13",
        "a template that was changed while the server was down; then one that fails",
        "GET a page that uses it, and others",
        "the page is made with it, or stays as long as it fails; all others stay as they were",
        |lab| {
            let paths = ["/other/a/", "/plain/a/", "/list/a/"];
            let before = paths.map(|path| lab.get(path));
            let deploy = |from: &str, to: &str| {
                lab.site().stop();
                edit_theme(lab, "templates/other.html", from, to);
                lab.site().start();
                let after = paths.map(|path| lab.get(path));
                for n in [1, 2] {
                    after[n].is(200, "HIT");
                    assert_eq!(after[n].body, before[n].body);
                }
                after.into_iter().next().expect("the page")
            };
            let changed = deploy("as it was", "as it is now");
            assert_eq!(changed.says("template"), "as it is now");
            let last_good = deploy("as it is now", "{{ fail('on purpose') }}");
            last_good.is(200, "STALE");
            assert_eq!(last_good.body, changed.body);
            assert_eq!(deploy("{{ fail('on purpose') }}", "mended").says("template"), "mended");
        },
    )
    .alone(),
    row(
        "ISR-X14",
        "a page of which only a post, a menu or a template changed, also within one second",
        "GET with its ETag; with its date",
        "200, never 304",
        |lab| {
            let id = post(lab, "a", "a", "2026-01-01");
            let (path, menu) = (lab.path("/still-post/{}-a/"), "/with-menu/a/");
            for n in 0..3 {
                let before = lab.get(&path);
                lab.republished(&id, &json!({ "title": format!("Title {n}") }));
                differs(lab, &path, &before);
            }
            let before = lab.get(menu);
            lab.edit("PUT", "/menus/main", Some(&json!({ "items": [{ "label": "Another", "url": "/" }] })));
            differs(lab, menu, &before);
            let before = lab.get("/other/a/");
            lab.site().stop();
            edit_theme(lab, "templates/other.html", "as it was", "as it is now");
            lab.site().start();
            differs(lab, "/other/a/", &before);
        },
    )
    .alone(),
];

/// A published post `<word>-<name>` with one tag, `<word>-<tag>`.
fn post(lab: &Lab<'_>, name: &str, tag: &str, day: &str) -> String {
    lab.published(&json!({
        "title": format!("Post {name}"), "slug": format!("{}-{name}", lab.word), "markdown": "Text.",
        "excerpt": "In short.", "tags": [format!("{}-{tag}", lab.word)], "published_at": format!("{day}T10:00:00Z"),
    }))
}

/// Schedules a post for a whole second, so many seconds and a part of one from now.
fn schedule(lab: &Lab<'_>, id: &str, action: &str, seconds: i64) -> SystemTime {
    let at = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() + seconds + 1).expect("a moment");
    lab.post(&format!("/posts/{id}/schedule"), &json!({ "at": at.to_string(), "action": action }));
    at.into()
}

/// Publishes one number after the other until the site goes down; says each that was acknowledged.
fn count_on(editor: &Editor<'_>, id: &str, from: u64, says: &mpsc::Sender<u64>) {
    let path = format!("/posts/{id}");
    for n in from + 1.. {
        let Some(current) = editor.ask("GET", &path, &[], None) else { return };
        let change = json!({ "title": n.to_string() });
        if editor.ask("PATCH", &path, &[("if-match", current.etag())], Some(&change)).is_none() {
            return;
        }
        let published = editor.ask("POST", &format!("{path}/publish"), &[], Some(&json!({})));
        if published.is_none_or(|published| published.status != 200) || says.send(n).is_err() {
            return;
        }
    }
}

fn edit_theme(lab: &Lab<'_>, file: &str, from: &str, to: &str) {
    let file = lab.site().folder().join("themes/conformance").join(file);
    let text = fs::read_to_string(&file).expect("a file of the theme");
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replace(from, to)).expect("a file of the theme");
}

/// Whoever has the page as it was gets the new one.
fn differs(lab: &Lab<'_>, path: &str, before: &crate::lab::Page) {
    for (name, value) in [("if-none-match", before.etag()), ("if-modified-since", before.header("last-modified"))] {
        let page = lab.get_with(path, &[(name, value)]);
        assert_eq!(page.status, 200, "{name} of {path}");
        assert_ne!(page.body, before.body, "{path}");
    }
}

/// Of all files in a folder; none where there is no folder.
fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata().expect("a file") {
        kind if kind.is_dir() => bytes(&entry.path()),
        file => file.len(),
    });
    sizes.sum()
}
