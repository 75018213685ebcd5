//! Uploads.

use perennial_tests::Site;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::json;

use crate::{Guest, answer, id, refused};

#[test]
fn only_files_that_are_what_they_say_enter_the_library() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let upload = |name: &str, content: &[u8]| {
        let form = Form::new().part("file", Part::bytes(content.to_vec()).file_name(name.to_owned()));
        owner.ask("POST", "/media").multipart(form)
    };
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>"#;
    let media = answer(upload("../../Rose Garden.html", svg), 201);
    assert_eq!((&media["mime"], &media["bytes"]), (&json!("image/svg+xml"), &json!(svg.len())));
    let url = media["url"].as_str().expect("a URL");
    assert!(url.ends_with("/rose-garden.svg"), "{url}");
    let served = site.get(url);
    assert_eq!((served.status, served.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(id(&answer(upload("again.svg", svg), 201)), id(&media));

    for (name, content) in [
        ("a.jpg", &b"<!doctype html><script>alert(1)</script>"[..]),
        ("a.svg", b"<svg xmlns='x' onload='alert(1)'/>"),
        ("a.png", b"MZ\x90"),
        ("empty.gif", b""),
    ] {
        assert_eq!(refused(upload(name, content), 415), "unsupported_media", "{name}");
    }
    let mut large = b"%PDF-1.7 ".to_vec();
    large.resize((50 << 20) + 1, b'x');
    assert_eq!(refused(upload("large.pdf", &large), 413), "too_large");
    assert_eq!(refused(owner.post("/media", &json!({})), 415), "unsupported_media");
    let other = owner.ask("POST", "/media").multipart(Form::new().text("other", "x"));
    assert_eq!(refused(other, 400), "malformed");
    assert_eq!(owner.get("/media")["total"], 1);
    let left = std::fs::read_dir(site.data().join("media/.incoming")).expect("the folder").count();
    assert_eq!(left, 0, "what is refused leaves nothing behind");
}

#[test]
fn a_file_knows_where_it_is_used() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>"#;
    let form = Form::new().part("file", Part::bytes(svg.to_vec()).file_name("rose.svg"));
    let media = answer(owner.ask("POST", "/media").multipart(form), 201);
    let usage = format!("/media/{}/usage", id(&media));
    assert_eq!(owner.get(&usage)["items"], json!([]));

    let url = media["url"].as_str().expect("a URL");
    answer(owner.post("/posts", &json!({ "title": "Elsewhere", "markdown": "![Other](/media/other.svg)" })), 201);
    answer(owner.post("/posts", &json!({ "title": "Text", "markdown": format!("![Rose]({url})") })), 201);
    let live = owner.published("Live", "Words");
    let path = format!("/posts/{}", id(&live["post"]));
    answer(owner.patch(&path, &live["post"], &json!({ "feature_image": url })), 200);
    let found = owner.get(&usage);
    let titles: Vec<_> = found["items"].as_array().expect("a list").iter().map(|used| &used["title"]).collect();
    assert_eq!(titles, ["Live", "Text"]);
    assert_eq!((&found["items"][0]["feature"], &found["items"][1]["feature"]), (&json!(true), &json!(false)));
}
