//! The shelf: what outlives the process, in a folder and in Redis, and what an outage of either costs.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use perennial_tests::{Redis, Site, Source, Start, Theme, perennial};
use serde_json::json;

/// Pages that tell which render made them; `/timed/` for an hour, `/fetched/` with an answer and a part good for an hour.
fn theme(source: &Source) -> Theme {
    let address = source.address;
    let fetched = format!(
        "{{{{ fetch('http://{address}/', revalidate=3600).text }}}} \
         {{% call cached('part', revalidate=3600) %}}{{{{ render.id }}}}{{% endcall %}} {{{{ render.id }}}}"
    );
    Theme::default()
        .route("note", "/note/{n}/", "params = []", "{{ params.n }} {{ render.id }}")
        .route("same", "/same/{n}/", "params = []", "The same on every page.")
        .route("timed", "/timed/", "revalidate = 3600\nprerender = \"none\"", "{{ render.id }}")
        .route("fetched", "/fetched/", "prerender = \"none\"\ntags = [\"made\"]", &fetched)
}

fn start(source: &Source) -> Start {
    Start::default().theme(&theme(source)).with("PERENNIAL_FETCH_ALLOW", &source.address.to_string())
}

/// Seconds of life left, as caches are told.
fn left(site: &Site, path: &str) -> u64 {
    let answer = site.get(path);
    let control = answer.header("cache-control").to_owned();
    assert_eq!(answer.cache(), "HIT", "{path}");
    control.rsplit_once("s-maxage=").expect("a lifetime").1.parse().expect("seconds")
}

fn outlives(site: &Site, source: &Source) {
    // So that no render after the restart has the number of one before.
    (0..30).for_each(|n| drop(site.get(&format!("/note/{n}/"))));
    let fetched = site.get("/fetched/");
    let timed = site.get("/timed/");
    assert_eq!((fetched.cache(), timed.cache(), source.asked()), ("MISS", "MISS", 1));
    let made = Instant::now();
    site.restart();
    assert_eq!(site.get("/timed/").text(), timed.text());
    let (left, age) = (left(site, "/timed/"), made.elapsed().as_secs());
    assert!(left <= 3600 && left >= 3600 - age - 2, "{left} left after {age} seconds");

    // The page is made anew, what it is made of is not.
    let editor = site.signed_in();
    editor.post("/revalidate", json!({"tags": ["made"]}));
    let again = site.get("/fetched/");
    let (before, after) = (fetched.text(), again.text());
    let inner = |text: &str| text.rsplit_once(' ').map(|(inner, _)| inner.to_owned());
    assert_eq!((again.cache(), inner(&after)), ("MISS", inner(&before)));
    assert_ne!(after, before);
    assert_eq!(source.asked(), 1);
}

#[test]
fn lifetimes_of_pages_and_of_what_they_are_made_of_outlive_a_restart() {
    let source = Source::start();
    outlives(&start(&source).start(), &source);
}

#[test]
fn what_was_fetched_serves_a_page_that_is_made_after_a_restart() {
    let source = Source::start();
    let first = Theme::default().route("one", "/one/", "prerender = \"none\"", &part(&source, "one"));
    let site = start(&source).theme(&first).start();
    let before = site.get("/one/").text();
    site.stop();
    source.answer(503);
    // Another page of a changed theme, which nobody has seen, with the same answer in it.
    let second = first.route("two", "/two/", "prerender = \"none\"", &part(&source, "two"));
    second.write(&site.folder().join("themes"));
    site.start();
    assert_eq!(site.get("/two/").text(), before.replace("one", "two"));
    assert_eq!(source.asked(), 1);
    // Its source fails: the last good answer serves on.
    site.signed_in().post("/revalidate", json!({"tags": ["news"]}));
    let page = site.get("/two/");
    assert_eq!((page.status, page.text()), (200, before.replace("one", "two")));
    assert_eq!(source.asked(), 2, "it was asked, in vain");
}

fn part(source: &Source, name: &str) -> String {
    format!("{name} {{{{ fetch('http://{}/', revalidate=3600, tags=['news']).text }}}}", source.address)
}

#[test]
fn a_full_shelf_keeps_what_was_made_last_and_equal_bodies_once() {
    let source = Source::start();
    let site = start(&source).with("PERENNIAL_CACHE_DISK", "64KiB").start();
    for n in 0..20 {
        site.get(&format!("/same/{n}/"));
    }
    for n in 0..60 {
        site.get(&format!("/note/{n}/"));
    }
    site.stop();
    let bytes = bytes_below(&site.data().join("cache"));
    assert!(bytes > 16 << 10 && bytes <= 64 << 10, "{bytes}");
    site.start();
    assert_eq!(site.get("/note/59/").cache(), "HIT");
    assert_eq!(site.get("/same/0/").cache(), "MISS");
}

#[test]
fn a_shelf_that_is_removed_while_the_site_runs_costs_only_renders() {
    let source = Source::start();
    let site = start(&source).with("PERENNIAL_CACHE_MEMORY", "64KiB").start();
    let pages = || (0..60).map(|n| site.get(&format!("/note/{n}/"))).collect::<Vec<_>>();
    pages();
    site.wait_for("an end of writing", || fs::remove_dir_all(site.data().join("cache")).ok());
    assert!(pages().iter().all(|page| page.status == 200));
    site.restart();
    assert!(pages().iter().filter(|page| page.cache() == "HIT").count() > 10, "it is written anew");
}

#[test]
fn pages_of_another_address_are_not_given_out() {
    let source = Source::start();
    let site = start(&source).start();
    site.get("/note/1/");
    site.stop();
    let place = format!("fs:{}", site.data().join("cache").display());
    // The same site, with everything it has, at another address.
    let moved = start(&source).copy_of(&site).with("PERENNIAL_CACHE_URL", &place);
    let moved = moved.with("PERENNIAL_SITE_URL", "https://moved.test").start();
    assert_eq!(moved.get("/note/1/").cache(), "MISS");
}

#[test]
fn a_shelf_in_redis_outlives_the_process() {
    let Some(redis) = Redis::start() else { return };
    let source = Source::start();
    let site = start(&source).with("PERENNIAL_CACHE_URL", &redis.url()).start();
    outlives(&site, &source);
    assert!(!site.data().join("cache").exists());
}

#[test]
fn an_outage_of_redis_costs_nothing_but_the_shelf() {
    let Some(mut redis) = Redis::start() else { return };
    let source = Source::start();
    let start = start(&source).with("PERENNIAL_CACHE_URL", &redis.url()).with("PERENNIAL_CACHE_MEMORY", "64KiB");
    let site = start.start();
    let pages = || (0..60).map(|n| site.get(&format!("/note/{n}/"))).collect::<Vec<_>>();
    pages();
    redis.end();
    let begun = Instant::now();
    // More than memory holds: some are made again.
    assert!(pages().iter().all(|page| page.status == 200));
    assert!(begun.elapsed().as_secs() < 15, "{:?}", begun.elapsed());
    site.log().says("Redis does not answer");
    let shelf = || site.get("/readyz").json()["parts"]["shelf"].clone();
    assert_eq!(shelf(), "does not answer");
    redis.begin();
    site.wait_for("pages in Redis", || {
        pages();
        redis.tell("DBSIZE").filter(|size| size.trim() != ":0")
    });
    site.log().says("Redis answers again");
    site.wait_for("readiness of the shelf", || {
        pages();
        (shelf() == "ok").then_some(())
    });
}

#[test]
fn the_doctor_asks_redis() {
    let Some(mut redis) = Redis::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let url = redis.url();
    let settings = [("PERENNIAL_CACHE_URL", url.as_str()), ("PERENNIAL_LISTEN", "127.0.0.1:0")];
    let run = perennial(folder.path(), &["doctor"], &settings);
    assert!(run.code == Some(0) && run.stdout.contains("ok    cache         Redis answers\n"), "{run:?}");
    redis.end();
    let run = perennial(folder.path(), &["doctor"], &settings);
    assert!(run.code == Some(1) && run.stdout.contains("wrong cache         Redis does not answer"), "{run:?}");
}

#[test]
fn readers_do_not_wait_for_a_redis_that_hangs() {
    let Some(redis) = Redis::start() else { return };
    let source = Source::start();
    let start = start(&source).with("PERENNIAL_CACHE_URL", &redis.url()).with("PERENNIAL_CACHE_MEMORY", "64KiB");
    let site = start.start();
    let pages = || (0..60).map(|n| site.get(&format!("/note/{n}/"))).collect::<Vec<_>>();
    pages();
    redis.hang();
    let mut longest = Duration::ZERO;
    for n in 0..60 {
        let begun = Instant::now();
        assert_eq!(site.get(&format!("/note/{n}/")).status, 200);
        longest = longest.max(begun.elapsed());
    }
    assert!(longest < Duration::from_secs(3), "{longest:?}");
    site.stop();
}

#[test]
fn an_older_page_never_replaces_a_newer_one_in_redis() {
    let Some(redis) = Redis::start() else { return };
    let source = Source::start();
    let site = start(&source).with("PERENNIAL_CACHE_URL", &redis.url()).start();
    let before = site.get("/timed/").text();
    let records = || {
        let keys = redis.tell("KEYS perennial:*:pages:*").expect("an answer");
        keys.split_whitespace().filter(|word| word.starts_with("perennial:")).map(str::to_owned).collect::<Vec<_>>()
    };
    let records = site.wait_for("a page in Redis", || Some(records()).filter(|records| records.len() > 5));
    // As if another instance had made them from content that this one has not seen.
    for record in &records {
        redis.tell(&format!("HSET {record} revision 1000000"));
    }
    let editor = site.signed_in();
    editor.post("/revalidate", json!({"paths": ["/"], "type": "subtree"}));
    assert_ne!(site.get("/timed/").text(), before);
    site.stop();
    for record in &records {
        let revision = redis.tell(&format!("HGET {record} revision")).expect("an answer");
        assert!(revision.contains("1000000"), "{revision}");
    }
}

#[test]
fn a_site_starts_without_its_redis() {
    let Some(mut redis) = Redis::start() else { return };
    redis.end();
    let source = Source::start();
    let site = start(&source).with("PERENNIAL_CACHE_URL", &redis.url()).start();
    assert_eq!(site.get("/note/1/").cache(), "MISS");
    assert_eq!(site.get("/note/1/").cache(), "HIT");
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries
        .map(|entry| match entry.metadata().expect("a file") {
            folder if folder.is_dir() => bytes_below(&entry.path()),
            file => file.len(),
        })
        .sum()
}
