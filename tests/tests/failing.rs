//! Pages that cannot be made: readers keep the last good one, what crashes the renderer is left alone until something that
//! may mend it changes, and addresses that lead nowhere cost nobody anything.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::TcpListener,
    path::Path,
    thread,
};

use perennial_tests::{Editor, Site, Start, Theme};
use serde_json::{Value, json};

/// A post that is called `Endless` prints without end, in line 2 of its template. `/stamp/` counts attempts to render.
fn endless() -> Theme {
    let template = "{% set it = post(slug=params.slug) %}\n{% if it.title == 'Endless' %}\
                    {% for n in range(100) %}{{ ('x' * 1000000) | safe }}{{ n }}{% endfor %}{% endif %}\n{{ it.title }}";
    Theme::default().route("post", "/{slug}/", "params = \"posts\"\nprerender = \"none\"", template).route(
        "stamp",
        "/stamp/",
        "revalidate = 0",
        "{{ render.id }}",
    )
}

fn explained(editor: &Editor<'_>, path: &str) -> Value {
    editor.get(&format!("/cache/explain?path={path}"))
}

#[test]
fn a_page_that_crashed_twice_is_left_alone_until_its_content_changes() {
    let site = Start::default().theme(&endless()).start();
    let editor = site.signed_in();
    let stamp = || site.get("/stamp/").text().parse::<u64>().expect("a number");
    let post = editor.published(json!({"title": "Endless", "slug": "heavy", "markdown": "Text."}));
    assert_eq!((site.get("/heavy/").status, site.get("/heavy/").status), (500, 500));
    let before = stamp();
    assert!((0..5).all(|_| site.get("/heavy/").status == 500));
    assert_eq!(stamp(), before + 1, "nothing was tried");

    let page = explained(&editor, "/heavy/");
    assert_eq!(page["state"], "failed", "{page}");
    let error = page["last_error"].as_str().expect("an error");
    assert!(error.contains("post.html:2") && error.contains("twice"), "{error}");
    let failed = editor.get("/cache/pages?state=failed");
    assert_eq!((failed["total"].as_u64(), failed["items"][0]["path"].as_str()), (Some(1), Some("/heavy/")));
    assert_eq!(failed["items"][0]["last_error"], error);

    site.restart();
    assert_eq!(site.get("/heavy/").status, 500);
    stamp();
    assert!(!site.log().lines().iter().any(|line| line.contains("/heavy/")), "a restart mends nothing");

    let editor = Editor::sign_in(&site);
    editor.patch(&format!("/posts/{post}"), json!({"title": "Light"}));
    editor.post(&format!("/posts/{post}/publish"), json!({}));
    let page = site.get("/heavy/");
    assert_eq!((page.status, page.text().trim()), (200, "Light"));
    assert_eq!(explained(&editor, "/heavy/")["state"], "fresh");
}

#[test]
fn readers_keep_the_last_good_page_of_one_that_is_left_alone() {
    let site = Start::default().theme(&endless()).start();
    let editor = site.signed_in();
    let post = editor.published(json!({"title": "Good", "slug": "heavy", "markdown": "Text."}));
    site.warm("/heavy/");
    editor.patch(&format!("/posts/{post}"), json!({"title": "Endless"}));
    editor.post(&format!("/posts/{post}/publish"), json!({}));
    let refreshed = editor.post("/revalidate", json!({"paths": ["/heavy/"], "mode": "refresh"}));
    assert_eq!(refreshed["results"][0]["state"], "failed", "{refreshed}");
    assert!(refreshed["results"][0]["error"].as_str().expect("an error").contains("post.html:2"));
    let page = site.get("/heavy/");
    assert_eq!((page.status, page.cache(), page.text().trim()), (200, "STALE", "Good"));
    assert!(explained(&editor, "/heavy/")["last_error"].as_str().expect("an error").contains("twice"));

    // Whoever asks for it by name has one more attempt.
    editor.post("/revalidate", json!({"paths": ["/heavy/"]}));
    let page = site.get("/heavy/");
    assert_eq!((page.status, page.cache(), page.text().trim()), (200, "STALE", "Good"));

    editor.patch(&format!("/posts/{post}"), json!({"title": "Light"}));
    editor.post(&format!("/posts/{post}/publish"), json!({}));
    assert_eq!(site.get("/heavy/").text().trim(), "Light");
}

#[test]
fn a_page_during_which_the_process_ended_twice_is_left_alone_and_no_other() {
    let source = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = source.local_addr().expect("an address");
    let template = format!("{{{{ fetch('http://{address}/').text }}}}");
    let theme = Theme::default().route("deadly", "/deadly/", "prerender = \"none\"", &template).route(
        "other",
        "/other/",
        "",
        "Well {{ render.id }}",
    );
    let site = Start::default().theme(&theme).with("PERENNIAL_FETCH_ALLOW", &address.to_string()).start();
    for _ in 0..2 {
        thread::scope(|scope| {
            // It breaks with the process.
            scope.spawn(|| site.request("GET", "/deadly/").send().is_ok());
            let _asked = source.accept().expect("a connection");
            site.kill_9();
        });
        site.start();
    }
    source.set_nonblocking(true).expect("a socket");
    assert_eq!(site.get("/deadly/").status, 500);
    assert_eq!(source.accept().expect_err("nobody asks").kind(), ErrorKind::WouldBlock);
    assert_eq!(site.get("/other/").status, 200);
    let editor = site.signed_in();
    let page = explained(&editor, "/deadly/");
    assert_eq!(page["state"], "failed");
    assert!(page["last_error"].as_str().expect("an error").contains("the process ended"), "{page}");

    source.set_nonblocking(false).expect("a socket");
    editor.post("/revalidate", json!({"paths": ["/deadly/"]}));
    thread::scope(|scope| {
        let reader = scope.spawn(|| site.get("/deadly/"));
        let (mut asked, _) = source.accept().expect("a connection");
        let _ = asked.read(&mut [0; 4096]).expect("a request");
        asked.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nalive").expect("an answer");
        assert_eq!(reader.join().expect("an answer").text(), "alive");
    });
}

#[test]
fn addresses_that_lead_nowhere_neither_fill_the_cache_nor_push_out_a_page() {
    for place in ["fs:", "memory:"] {
        let theme = Theme::default().route(
            "note",
            "/note/{n}/",
            "params = [{n = \"1\"}]\ndynamic_params = false",
            "{{ render.id }}",
        );
        let start = Start::default().theme(&theme).with("PERENNIAL_CACHE_MEMORY", "256KiB");
        let site = start.with("PERENNIAL_CACHE_URL", place).start();
        let editor = site.signed_in();
        let before = site.warm("/note/1/");
        let files = files_below(&site.data().join("cache"));
        thread::scope(|scope| {
            for thread in 0..4 {
                let site = &site;
                scope.spawn(move || {
                    for n in 0..250 {
                        assert_eq!(site.get(&format!("/note/{thread}-{n}/")).status, 404);
                    }
                });
            }
        });
        let after = site.get("/note/1/");
        assert_eq!((after.cache(), after.text()), ("HIT", before.text()));
        let written = files_below(&site.data().join("cache"));
        assert!(written < files + 50, "{files} files became {written}");
        let summary = editor.get("/cache/summary");
        let not_found = summary["not_found"].as_u64().expect("a number");
        assert!((1..=128).contains(&not_found), "{summary}");
        assert!(summary["pages"].as_u64() < Some(not_found + 50), "{summary}");
    }
}

#[test]
fn every_address_that_leads_nowhere_shows_the_same_page() {
    let site = Site::empty();
    let (one, other) = (site.get("/no/one/"), site.get("/no/other/"));
    assert_eq!((one.status, one.text()), (404, other.text()));
}

fn files_below(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files_below(&entry.path()) } else { 1 }).sum()
}
