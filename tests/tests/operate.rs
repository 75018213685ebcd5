//! What an operator does beside serving: looking after the configuration, saving the site, bringing it back.

use std::fs;

use perennial_tests::{Answer, Editor, Site, Start, crawl, perennial};
use serde_json::json;
use tempfile::tempdir;

#[test]
fn the_doctor_shows_where_each_setting_comes_from_and_what_is_wrong() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("perennial.toml"), "cache_memory = \"64MiB\"\n").unwrap();
    let settings = [
        ("PERENNIAL_LISTEN", "127.0.0.1:0"),
        ("PERENNIAL_OWNER_EMAIL", "ada@example.org"),
        ("PERENNIAL_OWNER_PASSWORD", "correct horse"),
    ];
    let run = perennial(folder.path(), &["--data-dir", "site", "doctor"], &settings);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    let line = |name: &str| {
        let found = run.stdout.lines().find(|line| line.split_whitespace().next() == Some(name));
        found.unwrap_or_else(|| panic!("no {name}: {}", run.stdout)).split_whitespace().skip(1).collect::<Vec<_>>()
    };
    assert_eq!(line("cache_memory"), ["64MiB", "perennial.toml"]);
    assert_eq!(line("listen"), ["127.0.0.1:0", "PERENNIAL_LISTEN"]);
    assert_eq!(line("data_dir"), ["site", "--data-dir"]);
    assert_eq!(line("theme"), ["default", "default"]);
    assert_eq!(line("owner_password"), ["…", "PERENNIAL_OWNER_PASSWORD"]);
    assert!(run.stdout.contains("ok    database      made at the first start\n"), "{}", run.stdout);
    assert!(!folder.path().join("site").exists(), "it only looks");

    assert_eq!(perennial(folder.path(), &["migrate"], &[]).code, Some(0));
    let run = perennial(folder.path(), &["doctor"], &settings);
    assert!(run.stdout.contains("revision 0, schema up to date"), "{run:?}");
    let run = perennial(folder.path(), &["doctor"], &[("PERENNIAL_THEME", "nowhere")]);
    assert_eq!((run.code, run.stderr.lines().count()), (Some(1), 1), "{run:?}");
    assert!(run.stdout.contains("wrong theme "), "{}", run.stdout);
}

/// What readers get, without what is different each time.
fn read(site: &Site) -> Vec<(String, u16, String)> {
    let text =
        |page: Answer| if page.header("content-type").starts_with("text/") { page.text() } else { String::new() };
    crawl(site, []).into_iter().map(|(path, page)| (path, page.status, text(page))).collect()
}

fn written() -> (Site, String) {
    let site = Site::empty();
    let editor = site.signed_in();
    let id = editor.published(json!({"title": "Roses", "slug": "roses", "markdown": "Red.", "tags": ["Flowers"]}));
    editor.post("/posts", json!({"title": "A draft"}));
    fs::create_dir_all(site.data().join("media/2026")).unwrap();
    fs::write(site.data().join("media/2026/rose.svg"), "<svg/>").unwrap();
    (site, id)
}

#[test]
fn a_site_is_saved_while_it_runs_and_brought_back_elsewhere() {
    let (site, id) = written();
    let before = read(&site);
    let file = site.folder().join("site.zip");
    let name = file.to_str().expect("text");
    let saved = perennial(site.folder(), &["backup", name], &[]);
    assert_eq!(saved.code, Some(0), "{saved:?}");
    assert!(saved.stdout.contains("1 files of the media library"), "{}", saved.stdout);
    let again = perennial(site.folder(), &["backup", name], &[]);
    assert!(again.code == Some(1) && again.stderr.contains("is there already"), "{again:?}");
    let editor = Editor::sign_in(&site);
    editor.patch(&format!("/posts/{id}"), json!({"title": "Tulips"}));
    editor.post(&format!("/posts/{id}/publish"), json!({}));
    site.warm("/roses/");

    let elsewhere = Start::default();
    let back = elsewhere.run(&["restore", name]);
    assert_eq!(back.code, Some(0), "{back:?}");
    let elsewhere = elsewhere.start();
    assert_eq!(read(&elsewhere), before);
    assert_eq!(elsewhere.get("/media/2026/rose.svg").body, b"<svg/>");
    assert_eq!(Editor::sign_in(&elsewhere).get("/posts?status=draft")["total"], 1);

    // Brought back in its own place, it shows nothing of the time after.
    site.stop();
    for part in ["perennial.db", "perennial.db-wal", "perennial.db-shm"] {
        let part = site.data().join(part);
        if part.exists() {
            let occupied = perennial(site.folder(), &["restore", name], &[]);
            let says = format!("{} belongs to a site", part.strip_prefix(site.folder()).unwrap().display());
            assert!(occupied.code == Some(1) && occupied.stderr.contains(&says), "{occupied:?}");
            fs::remove_file(part).unwrap();
        }
    }
    assert_eq!(perennial(site.folder(), &["restore", name], &[]).code, Some(0));
    site.start();
    assert!(site.get("/roses/").text().contains("Roses"));
    assert_eq!(read(&site), before);
}

#[test]
fn what_is_no_backup_is_refused_and_leaves_nothing() {
    let folder = tempdir().unwrap();
    for content in ["", "PK", "Dear Ada"] {
        fs::write(folder.path().join("letter.zip"), content).unwrap();
        let run = perennial(folder.path(), &["restore", "letter.zip"], &[]);
        assert_eq!((run.code, run.stderr.lines().count()), (Some(1), 1), "{run:?}");
        assert!(run.stderr.contains("letter.zip is no backup"), "{run:?}");
    }
    assert!(!folder.path().join("data").exists());
    assert_eq!(perennial(folder.path(), &["restore"], &[]).code, Some(2));
}
