//! What a restart keeps, and what it refuses to believe.

use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::{Path, PathBuf},
};

use perennial_tests::{Site, Start, Theme};

/// Pages that tell which render made them.
fn stamped() -> Theme {
    Theme::default().route("note", "/note/{name}/", "params = []", "{{ params.name }} {{ render.id }}")
}

#[test]
fn pages_survive_a_restart_as_they_were() {
    let site = Start::default().theme(&stamped()).start();
    let names: Vec<_> = (0..20).map(|n| format!("/note/{n}/")).collect();
    let before: Vec<_> = names.iter().map(|path| site.get(path)).collect();
    site.restart();
    for (path, before) in names.iter().zip(before) {
        let after = site.get(path);
        assert_eq!((before.cache(), after.cache()), ("MISS", "HIT"), "{path}");
        assert_eq!(after.body, before.body, "{path}");
        assert_eq!(after.etag(), before.etag(), "{path}");
        assert_eq!(after.header("last-modified"), before.header("last-modified"), "{path}");
    }
}

#[test]
fn a_shelved_page_that_is_broken_is_made_again_and_told_to_the_operator() {
    for (kind, damage) in
        [("pages", flip_last_byte as fn(&Path)), ("bodies", cut_in_half), ("pages", empty), ("bodies", flip_last_byte)]
    {
        let site = Start::default().theme(&stamped()).start();
        // The made page of a later render, so that a page made anew cannot have the same number.
        let before = (0..50).map(|n| site.get(&format!("/note/{n}/"))).last().expect("pages");
        site.stop();
        for file in shelved(&site, kind) {
            damage(&file);
        }
        site.start();
        let after = site.get("/note/49/");
        assert_eq!(after.status, 200);
        assert_ne!(after.text(), before.text(), "the broken page was served");
        site.log().says("a shelved page was broken");
    }
}

#[test]
fn the_shelf_of_another_site_is_not_believed() {
    let other = Start::default().theme(&stamped()).start();
    other.get("/note/a/");
    other.stop();
    let place = format!("fs:{}", other.data().join("cache").display());
    let site = Start::default().theme(&stamped()).with("PERENNIAL_CACHE_URL", &place).start();
    assert_eq!(site.get("/note/a/").cache(), "MISS");
}

#[test]
fn a_changed_template_is_seen_after_a_restart() {
    let site = Start::default().theme(&stamped()).start();
    site.get("/note/a/");
    site.stop();
    Theme::default()
        .route("note", "/note/{name}/", "params = []", "changed {{ params.name }}")
        .write(&site.folder().join("themes"));
    site.start();
    assert_eq!(site.get("/note/a/").text(), "changed a");
}

#[test]
fn a_site_that_is_told_to_end_does_so_though_readers_keep_connections_open() {
    let site = Site::empty();
    site.warm("/");
    let _idle = TcpStream::connect(site.address()).expect("a connection");
    let mut half = TcpStream::connect(site.address()).expect("a connection");
    half.write_all(b"GET / HTTP/1.1\r\nhost: ").expect("half a request");
    site.stop();
}

#[test]
fn a_site_that_was_killed_starts_again_with_the_pages_it_had_shelved() {
    let site = Start::default().theme(&stamped()).start();
    let pages: Vec<_> = (0..10).map(|n| site.get(&format!("/note/{n}/"))).collect();
    // Feeds and the like are shelved too.
    site.wait_for("shelved pages", || (shelved(&site, "pages").len() >= pages.len()).then_some(()));
    site.kill_9();
    site.start();
    let ready = site.get("/readyz").json();
    assert_eq!(ready["status"], "ready");
    for (n, before) in pages.iter().enumerate() {
        let after = site.get(&format!("/note/{n}/"));
        assert_eq!(after.status, 200);
        if after.cache() == "HIT" {
            assert_eq!(after.body, before.body);
        }
    }
}

#[test]
fn without_a_shelf_pages_are_made_anew() {
    let site = Start::default().theme(&stamped()).with("PERENNIAL_CACHE_URL", "memory:").start();
    site.get("/note/a/");
    assert_eq!(site.get("/note/a/").cache(), "HIT");
    site.restart();
    assert_eq!(site.get("/note/a/").cache(), "MISS");
    assert!(!site.data().join("cache").exists());
}

/// The records of pages on the shelf, or their bodies.
fn shelved(site: &Site, kind: &str) -> Vec<PathBuf> {
    let inside = |folder: PathBuf| fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let sites = inside(site.data().join("cache"));
    sites.flat_map(|site| inside(site.join(kind))).flat_map(inside).collect()
}

fn flip_last_byte(file: &Path) {
    let mut bytes = fs::read(file).expect("a file");
    *bytes.last_mut().expect("bytes") ^= 1;
    fs::write(file, bytes).expect("a file");
}

fn cut_in_half(file: &Path) {
    let bytes = fs::read(file).expect("a file");
    fs::write(file, &bytes[..bytes.len() / 2]).expect("a file");
}

fn empty(file: &Path) {
    fs::write(file, "").expect("a file");
}
