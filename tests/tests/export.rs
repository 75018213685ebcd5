//! `perennial export`: what it writes, `perennial import` brings back as it was.

use std::{collections::BTreeMap, fs, path::Path};

use perennial_tests::{Editor, Site, crawl, perennial};
use serde_json::{Value, json};

/// A text with everything in it that an import of another program's site would change.
const TEXT: &str = "\n# Roses {#their-id}\n\n{{ not(a=\"shortcode\") }} and {% raw %}\n\n![A rose](/media/2026/rose.svg)\n\n\
                    <!-- more -->\n\n[other](/other/) `{{ code }}`  \n\n```liquid\n{% if %}\n```\n";

fn written(site: &Site) {
    let editor = site.signed_in();
    fs::create_dir_all(site.data().join("media/2026")).expect("a folder");
    fs::write(site.data().join("media/2026/rose.svg"), "<svg/>").expect("a file");
    editor.published(json!({
        "title": "Roses: \"red\" & café", "slug": "roses", "markdown": TEXT, "tags": ["Flowers", "Red & green"],
        "excerpt": "Of\n---\nroses.", "feature_image": "/media/2026/rose.svg", "feature_image_alt": "A rose",
        "featured": true, "seo_title": "On roses", "seo_description": "All of them", "published_at": "2026-01-02T03:04:05Z",
    }));
    let tags = editor.get("/tags")["items"].clone();
    let tag = tags.as_array().and_then(|tags| tags.iter().find(|tag| tag["name"] == "Flowers")).expect("the tag");
    let tag = format!("/tags/{}", tag["id"].as_str().expect("an id"));
    editor.patch(&tag, json!({"description": "What grows.", "slug": "what-grows"}));
    editor.published(
        json!({"title": "2013", "slug": "other", "markdown": "Other.", "published_at": "2026-01-03T10:00:00Z"}),
    );
    editor.published(
        json!({"title": "Old", "path": "/2015/old.html", "markdown": "Still.", "published_at": "2015-01-03T10:00:00Z"}),
    );
    editor.published(
        json!({"kind": "page", "title": "About", "markdown": "Us.", "published_at": "2026-01-03T10:00:00Z"}),
    );
    editor.post("/posts", json!({"title": "A draft", "markdown": "Not yet."}));
    editor.post("/redirects", json!({"from": "/was/here/", "to": "/roses/"}));
    let trashed = editor.post("/posts", json!({"title": "Trashed"}))["id"].as_str().expect("an id").to_owned();
    editor.delete(&format!("/posts/{trashed}"));
}

/// Every post by its address, without what is another site's own.
fn posts(editor: &Editor<'_>) -> BTreeMap<String, Value> {
    let listed = editor.get("/posts?limit=1000");
    let items = listed["items"].as_array().expect("a list").iter();
    items
        .map(|post| {
            let mut post = editor.get(&format!("/posts/{}", post["id"].as_str().expect("an id")));
            let url = post["url"].as_str().expect("a path").to_owned();
            let fields = post.as_object_mut().expect("a document");
            for name in ["id", "version", "created_at", "updated_at"] {
                fields.remove(name);
            }
            for terms in ["tags", "authors"] {
                for term in fields[terms].as_array_mut().expect("a list") {
                    term.as_object_mut().expect("a term").remove("id");
                }
            }
            (url, post)
        })
        .collect()
}

fn pages(site: &Site) -> BTreeMap<String, (u16, String)> {
    let is_html = |kind: &str| kind.starts_with("text/html");
    let pages = crawl(site, ["/was/here/"]).into_iter().filter(|(_, page)| is_html(page.header("content-type")));
    pages.map(|(path, page)| (path, (page.status, page.text()))).collect()
}

fn brought_back(export: &Path, from: &BTreeMap<String, Value>, shown: &BTreeMap<String, (u16, String)>) {
    let site = Site::empty();
    site.signed_in();
    let export = export.to_str().expect("text");
    let import = || perennial(site.folder(), &["import", export], &[]);
    let run = import();
    assert_eq!(run.code, Some(0), "{run:?}");
    site.restart();
    let editor = Editor::sign_in(&site);
    assert_eq!(&posts(&editor), from);
    assert_eq!(site.get("/was/here/").header("location"), "/roses/");
    assert!(fs::read_dir(site.data().join("media")).expect("a folder").next().is_some());
    let again = pages(&site);
    assert_eq!(again.keys().collect::<Vec<_>>(), shown.keys().collect::<Vec<_>>());
    for (path, page) in &again {
        // The picture has the address that the library gives to its content.
        let plain = |text: &str| text.lines().filter(|line| !line.contains("rose.svg")).collect::<Vec<_>>().join("\n");
        assert_eq!((page.0, plain(&page.1)), (shown[path].0, plain(&shown[path].1)), "{path}");
    }
    let revision = editor.get("/cache/summary")["revision"].clone();
    assert_eq!(import().code, Some(0));
    assert_eq!(editor.get("/cache/summary")["revision"], revision, "a second import changes nothing");
}

#[test]
fn an_export_is_brought_back_as_it_was() {
    let site = Site::empty();
    written(&site);
    // A file that came through the library has this address anyway; this one was put there by hand.
    let key = format!("{}/rose.svg", &blake3::hash(b"<svg/>").to_hex()[..16]);
    let mut from = posts(&Editor::sign_in(&site));
    let image = format!("/media/{key}");
    for post in from.values_mut() {
        for name in ["feature_image", "markdown"] {
            if let Some(text) = post[name].as_str() {
                post[name] = json!(text.replace("/media/2026/rose.svg", &image));
            }
        }
    }
    let shown = pages(&site);
    for name in ["folder", "file.zip"] {
        let out = site.folder().join(name);
        let run = perennial(site.folder(), &["export", out.to_str().expect("text")], &[]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.stdout.starts_with("5 texts and 1 files of the media library are in "), "{run:?}");
        brought_back(&out, &from, &shown);
        let again = perennial(site.folder(), &["export", out.to_str().expect("text")], &[]);
        assert!(again.code == Some(1) && again.stderr.contains("name a new"), "{again:?}");
    }
    let post = fs::read_to_string(site.folder().join("folder/posts/roses.md")).expect("the text");
    assert!(post.starts_with("---\ntitle: ") && post.ends_with(&format!("---\n{TEXT}")), "{post}");
    assert!(post.contains("\naliases:\n- /was/here/\n"), "{post}");
}
