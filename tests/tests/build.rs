//! `perennial build`: the site as files, the same to readers as the site itself.

use std::{fs, path::Path, thread};

use actix_files::Files;
use actix_web::{App, HttpServer};
use perennial_tests::{Finished, Site, Start, Theme, crawl, perennial, site::URL};
use reqwest::blocking::Client;
use serde_json::json;

fn build(site: &Site, out: &Path) -> Finished {
    let out = out.to_str().expect("text");
    perennial(site.folder(), &["build", "--out", out], &[("PERENNIAL_SITE_URL", URL)])
}

/// Serves a folder as any web server would; its address.
fn serve(folder: &Path) -> String {
    let folder = folder.to_owned();
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || App::new().service(Files::new("/", &folder).index_file("index.html")));
            let server = server.workers(1).disable_signals().bind("127.0.0.1:0").expect("a port");
            sender.send(server.addrs()[0]).expect("somebody waits");
            server.run().await.expect("it serves");
        });
    });
    format!("http://{}", receiver.recv().expect("an address"))
}

#[test]
fn a_built_site_is_the_site() {
    let site = Site::empty();
    let editor = site.signed_in();
    for n in 0..25 {
        let tag = if n % 2 == 0 { "Even" } else { "Odd" };
        editor.published(json!({
            "title": format!("Post {n}"), "slug": format!("post-{n}"), "markdown": format!("Text of **{n}**."),
            "tags": [tag], "published_at": format!("2026-01-{:02}T10:00:00Z", n + 1),
        }));
    }
    editor.published(json!({"kind": "page", "title": "Café", "slug": "café", "markdown": "Open."}));
    editor.published(json!({"title": "Old", "path": "/2015/old.html", "markdown": "Still there."}));
    editor.post("/posts", json!({"title": "A draft", "slug": "draft", "markdown": "Canary."}));
    editor.post("/redirects", json!({"from": "/was/here/", "to": "/post-3/"}));
    fs::create_dir_all(site.data().join("media/2026")).expect("a folder");
    fs::write(site.data().join("media/2026/rose.svg"), "<svg/>").expect("a file");
    let pages = crawl(&site, ["/café/", "/2015/old.html", "/accent.css"]);

    let out = site.folder().join("public");
    let built = build(&site, &out);
    assert_eq!(built.code, Some(0), "{built:?}");
    assert!(built.stdout.contains("1 files of the media library"), "{}", built.stdout);

    let (address, client) = (serve(&out), Client::builder().no_proxy().build().expect("a client"));
    let get = |path: &str| {
        let answer = client.get(format!("{address}{path}")).send().expect("an answer");
        (answer.status().as_u16(), answer.bytes().expect("all of it").to_vec())
    };
    let mut compared = 0;
    for (path, page) in &pages {
        if page.status == 200 && !path.contains('?') && page.cache() != "BYPASS" {
            assert!(get(path) == (200, page.decoded()), "{path} is another page");
            compared += 1;
        }
    }
    assert!(compared > 40, "only {compared} pages were compared");
    assert!(fs::read(out.join("404.html")).expect("the page") == site.get("/404").decoded());
    assert_eq!(get("/media/2026/rose.svg").1, b"<svg/>");
    let home = site.get("/").text();
    let asset = home.split("\"/assets/").nth(1).and_then(|rest| rest.split('"').next()).expect("an asset");
    assert_eq!(get(&format!("/assets/{asset}")), (200, site.get(&format!("/assets/{asset}")).decoded()));

    let moved = get("/was/here/");
    assert!(String::from_utf8(moved.1).expect("text").contains("url=&#x2f;post-3&#x2f;"));
    assert!(fs::read_to_string(out.join("_redirects")).expect("rules").contains("/was/here/ /post-3/ 308\n"));
    let policy = format!("/*\n  Content-Security-Policy: {}\n", site.get("/").header("content-security-policy"));
    assert!(fs::read_to_string(out.join("_headers")).expect("rules").starts_with(&policy));
    assert!(
        fs::read_to_string(out.join("_headers"))
            .expect("rules")
            .contains("/rss.xml\n  Content-Type: application/rss+xml")
    );
    assert_eq!(get("/draft/").0, 404);

    // A second build leaves nothing of the first one that is not on the site any more.
    let post = editor.get("/posts?q=post-7&limit=1")["items"][0]["id"].as_str().expect("an id").to_owned();
    editor.post(&format!("/posts/{post}/unpublish"), json!({}));
    assert_eq!(build(&site, &out).code, Some(0));
    assert!(!out.join("post-7").exists() && out.join("post-8/index.html").is_file());
}

#[test]
fn what_needs_a_server_is_named_and_what_fails_writes_nothing() {
    let theme = |broken: &str| {
        Theme::default()
            .route("home", "/", "", "<a href=\"/now/\">now</a> <a href=\"/nowhere/\">nowhere</a>")
            .route("not_found", "/404", "", "Nothing")
            .route("now", "/now/", "revalidate = 0", "{{ render.id }}")
            .route("hidden", "/hidden/", "", "{{ revalidate(0) }}")
            .route("find", "/find/", "query = [\"q\"]", "{{ query.q | default(\"nothing\") }}")
            .route("more", "/more/", "prerender = \"none\"", broken)
    };
    let site = Start::default().theme(&theme("More")).start();
    site.signed_in();
    let out = site.folder().join("public");
    let settings = [("PERENNIAL_THEME", "mine")];
    let run = || perennial(site.folder(), &["build", "--out", "public"], &settings);
    let built = run();
    assert_eq!(built.code, Some(0), "{built:?}");
    assert!(
        built.stdout.contains("need a server: /find/?q=…, /hidden/, /now/, /search, /search.json\n"),
        "{}",
        built.stdout
    );
    assert!(built.stdout.contains("/nowhere/"), "{}", built.stdout);
    assert!(out.join("more/index.html").is_file() && !out.join("now").exists() && !out.join("hidden").exists());

    theme("{{ 1 / 0 }}").write(&site.folder().join("themes"));
    let failed = run();
    assert!(failed.code == Some(1) && failed.stderr.contains("/more/ (more.html:1: "), "{failed:?}");
    assert!(out.join("more/index.html").is_file(), "what was there stays");

    fs::create_dir(site.folder().join("home")).expect("a folder");
    fs::write(site.folder().join("home/letter.txt"), "Dear Ada").expect("a file");
    let foreign = perennial(site.folder(), &["build", "--out", "home"], &settings);
    assert!(foreign.code == Some(1) && foreign.stderr.contains("choose a new or empty folder"), "{foreign:?}");
    let left = fs::read_dir(site.folder()).expect("a folder").flatten().map(|entry| entry.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with('.')).collect();
    assert!(left.is_empty(), "nothing half done is left: {left:?}");
}

#[test]
fn a_built_site_keeps_private_originals_to_itself() {
    let site = Site::empty();
    let editor = site.signed_in();
    let media = site.data().join("media/2026");
    fs::create_dir_all(&media).expect("a folder");
    image::DynamicImage::new_rgb8(2_600, 100).save(media.join("rose.png")).expect("a picture");
    fs::write(media.join("no.png"), "no picture").expect("a file");
    let out = site.folder().join("public");
    let width = || image::open(out.join("media/2026/rose.png")).ok().map(|picture| picture.width());
    let built = build(&site, &out);
    assert_eq!((built.code, width()), (Some(0), Some(2_600)), "{built:?}");

    editor.patch("/settings", json!({"private_originals": true}));
    assert_eq!(build(&site, &out).code, Some(0));
    let shown = fs::read(out.join("media/2026/rose.png")).expect("a file");
    assert_eq!(image::load_from_memory(&shown).expect("a picture").width(), 2_000);
    assert!(!out.join("media/2026/no.png").exists(), "of what cannot be read there is nothing smaller");
}
