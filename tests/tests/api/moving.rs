//! Moving in and out: sites that come and go as ZIP files.

use std::io::{Cursor, Read, Write};

use perennial_tests::Site;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{Guest, answer, refused, send};

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a name");
        writer.write_all(content).expect("room");
    }
    writer.finish().expect("an archive").into_inner()
}

fn picture() -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(500, 100).write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    png.into_inner()
}

fn blog() -> Vec<u8> {
    zipped(&[
        ("blog/hugo.toml", b"baseURL = 'https://old.example/'\n"),
        (
            "blog/content/posts/roses.md",
            b"---\ntitle: Roses\ndate: 2020-05-01\naliases: [/old/roses/]\n---\n\n![A rose](rose.png)\n",
        ),
        ("blog/content/posts/rose.png", &picture()),
        ("blog/content/posts/moss.md", b"---\ntitle: Moss\ndate: 2020-06-01\ndraft: true\n---\n\nGreen.\n"),
        ("blog/content/broken.md", b"---\ntitle: [\n---\n\nNo head.\n"),
        ("__MACOSX/blog/._roses.md", b"what a program left"),
    ])
}

/// Sends a site, and waits until it was looked through.
fn looked(site: &Site, owner: &Guest, package: Vec<u8>) -> Value {
    let form = Form::new().part("file", Part::bytes(package).file_name("blog.zip"));
    let begun = answer(owner.ask("POST", "/import").multipart(form), 202);
    assert_eq!(begun["name"], "blog.zip");
    rested(site, owner)
}

fn rested(site: &Site, owner: &Guest) -> Value {
    site.wait_for("an import that rests", || {
        Some(owner.get("/import")).filter(|import| import["step"] != "looking" && import["step"] != "running")
    })
}

#[test]
fn a_site_comes_in_when_somebody_has_seen_what_it_would_bring() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    assert_eq!((&owner.get("/import")["step"], &owner.get("/posts")["total"]), (&json!("idle"), &json!(0)));
    assert_eq!(refused(owner.ask("POST", "/import/run"), 409), "wrong_state");

    let ready = looked(&site, &owner, blog());
    assert_eq!((&ready["step"], &ready["format"]), (&json!("ready"), &json!("hugo")), "{ready}");
    let totals = &ready["totals"];
    assert_eq!((&totals["posts"], &totals["drafts"], &totals["created"]), (&json!(2), &json!(1), &json!(2)), "{ready}");
    assert_eq!(ready["items"][0]["file"], "content/broken.md", "what does not come in stands first: {ready}");
    assert_eq!(
        (&owner.get("/posts")["total"], &owner.get("/media")["total"]),
        (&json!(0), &json!(0)),
        "nothing came in"
    );

    answer(owner.ask("POST", "/import/run"), 202);
    let done = rested(&site, &owner);
    assert_eq!(
        (&done["step"], &done["totals"]["created"], &done["totals"]["media"]),
        (&json!("done"), &json!(2), &json!(1))
    );
    let left = || std::fs::read_dir(site.data().join(".import")).expect("the folder").count();
    assert_eq!(left(), 0, "what came in is not kept a second time");
    let page = site.warm("/posts/roses/");
    assert!(page.status == 200 && page.text().contains("/rose.png"), "{}", page.text());
    assert_eq!(site.get("/old/roses/").header("location"), "/posts/roses/");
    let audit = owner.get("/audit?q=import");
    assert!(audit["items"][0]["actor"].as_str().is_some_and(|actor| actor != "command line"), "{audit}");
    let report = send(owner.ask("GET", "/import/report"));
    assert!(report.header("content-disposition").contains("import-report.json"));
    assert_eq!(report.json()["items"].as_array().map(Vec::len), Some(5), "each file once: {}", report.text());

    let again = looked(&site, &owner, blog());
    assert_eq!((&again["totals"]["created"], &again["totals"]["unchanged"]), (&json!(0), &json!(2)), "{again}");
    answer(owner.ask("DELETE", "/import"), 204);
    assert_eq!(owner.get("/import")["step"], "idle");
    assert_eq!(left(), 0, "nothing of what was looked through is left");
}

#[test]
fn what_is_no_site_is_said_to_be_none_and_nobody_but_its_keepers_moves_a_site() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let failed = looked(&site, &owner, b"no archive".to_vec());
    assert_eq!(failed["step"], "failed");
    assert!(failed["problem"].as_str().is_some_and(|problem| problem.contains("blog.zip is no ZIP file")), "{failed}");
    let empty = looked(&site, &owner, zipped(&[]));
    assert!(empty["problem"].as_str().is_some_and(|problem| problem.contains("holds no files")), "{empty}");
    let out = looked(&site, &owner, zipped(&[("../../evil.md", b"# Evil\n"), ("a.md", b"# Good\n")]));
    assert_eq!((&out["step"], &out["totals"]["pages"]), (&json!("ready"), &json!(1)), "{out}");
    assert!(!site.folder().join("evil.md").exists() && !site.data().join("evil.md").exists());
    assert_eq!(refused(owner.ask("POST", "/import").multipart(Form::new().text("other", "x")), 400), "malformed");

    let editor = Guest::member(&site, "editor");
    for (method, path) in [("GET", "/import"), ("POST", "/import/run"), ("DELETE", "/import"), ("GET", "/export")] {
        assert_eq!(refused(editor.ask(method, path), 403), "forbidden", "{method} {path}");
    }
}

#[test]
fn a_site_leaves_as_it_can_come_back() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let form = Form::new().part("file", Part::bytes(picture()).file_name("rose.png"));
    let media = answer(owner.ask("POST", "/media").multipart(form), 201);
    let text = format!("A ![rose]({}).", media["url"].as_str().expect("a URL"));
    answer(owner.post("/posts", &json!({ "title": "Roses", "markdown": text })), 201);
    let export = send(owner.ask("GET", "/export"));
    assert_eq!((export.status, export.header("content-type")), (200, "application/zip"));
    assert!(export.header("content-disposition").contains("site.zip"));
    let mut archive = ZipArchive::new(Cursor::new(export.body.clone())).expect("an archive");
    let mut roses = String::new();
    archive.by_name("posts/roses.md").expect("the post").read_to_string(&mut roses).expect("text");
    assert!(roses.contains("title: Roses") && roses.contains("draft: true") && roses.ends_with(&text), "{roses}");
    assert_eq!(archive.file_names().flatten().filter(|name| name.starts_with("media/")).count(), 1);
    assert_eq!(std::fs::read_dir(site.data().join(".import")).expect("the folder").count(), 0);

    let other = Site::empty();
    let host = Guest::owner(&other, "empty");
    let ready = looked(&other, &host, export.body);
    assert_eq!((&ready["format"], &ready["totals"]["created"]), (&json!("perennial"), &json!(1)), "{ready}");
    answer(host.ask("POST", "/import/run"), 202);
    assert_eq!(rested(&other, &host)["step"], "done");
    assert_eq!(host.get("/posts")["items"][0]["title"], "Roses");
}
