//! Uploads.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use img_parts::{ImageEXIF, jpeg::Jpeg};
use perennial_tests::{Site, Start};
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

/// A photograph that lies on its side and tells where it was taken: 1200 pixels wide and 800 high before it is turned.
fn photograph() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(1_200, 800).write_to(&mut file, ImageFormat::Jpeg).expect("a JPEG");
    let mut jpeg = Jpeg::from_bytes(file.into_inner().into()).expect("a JPEG");
    let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPS 52.5200 N".to_vec();
    jpeg.set_exif(Some(exif.into()));
    jpeg.encoder().bytes().to_vec()
}

fn tells_where(bytes: &[u8]) -> bool {
    bytes.windows(7).any(|window| window == b"52.5200")
}

#[test]
fn a_photograph_comes_upright_without_its_secrets_and_in_the_sizes_of_readers_screens() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    assert!(tells_where(&photograph()));
    let form = Form::new().part("file", Part::bytes(photograph()).file_name("Rose.JPG"));
    let media = answer(owner.ask("POST", "/media").multipart(form), 201);
    assert_eq!((&media["width"], &media["height"]), (&json!(800), &json!(1200)));
    let url = media["url"].as_str().expect("a URL");
    assert!(!tells_where(&site.get(url).body));

    let post = json!({ "title": "Rose", "markdown": format!("![A rose]({url})"), "feature_image": url });
    let post = answer(owner.post("/posts", &post), 201);
    answer(owner.ask("POST", &format!("/posts/{}/publish", id(&post))), 200);
    let page = site.warm("/rose/").text();
    let (folder, name) = url.rsplit_once('/').expect("a folder");
    let webp = format!("{folder}/w400/{name}.webp");
    let set = format!("srcset=\"{webp} 400w, {folder}/w800/{name}.webp 800w\"");
    assert_eq!(page.matches(&set).count(), 2, "above the text and in it: {page}");
    assert_eq!(page.matches("width=\"800\" height=\"1200\"").count(), 2, "{page}");

    for (variant, mime) in [(&webp, "image/webp"), (&format!("{folder}/w400/{name}"), "image/jpeg")] {
        let served = site.get(variant);
        assert_eq!((served.status, served.header("content-type")), (200, mime), "{variant}");
        assert!(served.header("cache-control").contains("immutable"));
        let picture = image::load_from_memory(&served.body).expect("a picture");
        assert_eq!((picture.width(), picture.height()), (400, 600), "{variant}");
    }
    for other in ["w401", "w1200", "w0", "w-400", "w99999999999"] {
        let made_up = format!("{folder}/{other}/{name}.webp");
        assert_eq!(site.get(&made_up).status, 404, "nobody makes the server work with widths of their own: {other}");
    }
}

#[test]
fn a_text_shows_the_size_of_a_picture_that_comes_after_it() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let upload = |site: &Site| {
        let owner = Guest::owner(site, "empty");
        let form = Form::new().part("file", Part::bytes(photograph()).file_name("rose.jpg"));
        answer(owner.ask("POST", "/media").multipart(form), 201)["url"].as_str().expect("a URL").to_owned()
    };
    let url = upload(&Start::default().start());
    let post = answer(owner.post("/posts", &json!({ "title": "Rose", "markdown": format!("![A rose]({url})") })), 201);
    answer(owner.ask("POST", &format!("/posts/{}/publish", id(&post))), 200);
    assert!(!site.warm("/rose/").text().contains("srcset"));
    let form = Form::new().part("file", Part::bytes(photograph()).file_name("rose.jpg"));
    assert_eq!(answer(owner.ask("POST", "/media").multipart(form), 201)["url"], url.as_str());
    site.wait_for("the page with the picture's sizes", || site.get("/rose/").text().contains("srcset").then_some(()));
}

/// A picture of one colour.
fn picture(format: ImageFormat, width: u32, shade: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let filled = image::RgbImage::from_pixel(width, width / 2, image::Rgb([shade, shade, shade]));
    DynamicImage::from(filled).write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

fn form(name: &str, content: Vec<u8>) -> Form {
    Form::new().part("file", Part::bytes(content).file_name(name.to_owned()))
}

#[test]
fn a_file_that_is_replaced_is_shown_wherever_the_old_one_was() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let old = answer(owner.ask("POST", "/media").multipart(form("rose.png", picture(ImageFormat::Png, 900, 10))), 201);
    let old_url = old["url"].as_str().expect("a URL").to_owned();
    let text = format!("![A rose]({old_url})");
    let post =
        answer(owner.post("/posts", &json!({ "title": "Roses", "markdown": text, "feature_image": old_url })), 201);
    let path = format!("/posts/{}", id(&post));
    answer(owner.ask("POST", &format!("{path}/publish")), 200);
    let live = owner.get(&path);
    answer(owner.patch(&path, &live, &json!({ "markdown": format!("{text}\n\nNot yet.") })), 200);
    let page = live["url"].as_str().expect("a path");
    assert!(site.warm(page).text().contains(&old_url));
    let untouched = owner.published("Moss", "Green")["post"]["url"].as_str().expect("a path").to_owned();
    let before = site.warm(&untouched);

    let place = format!("/media/{}/file", id(&old));
    let sound = owner.ask("PUT", &place).multipart(form("rose.mp3", b"ID3\x04\0\0\0\0\0\0".to_vec()));
    assert_eq!(refused(sound, 422), "invalid");
    let files = || std::fs::read_dir(site.data().join("media")).expect("the folder").count();
    assert_eq!(files(), 2, "the picture, and where files arrive: what was refused leaves nothing behind");
    let new = answer(owner.ask("PUT", &place).multipart(form("rose.jpg", picture(ImageFormat::Jpeg, 700, 200))), 200);
    let new_url = new["url"].as_str().expect("a URL");
    assert_eq!((id(&new), &new["width"]), (id(&old), &json!(700)));
    let html = site.get(page).text();
    assert!(html.contains(new_url) && !html.contains(&old_url), "{html}");
    assert_eq!(site.get(&untouched).etag(), before.etag());
    let draft = owner.get(&path);
    assert_eq!(
        draft["markdown"],
        json!(format!("![A rose]({new_url})\n\nNot yet.")),
        "what is not published yet stays"
    );
    let moved = site.get(&old_url);
    assert_eq!((moved.status, moved.header("location")), (308, new_url));
    let back = owner.ask("PUT", &place).multipart(form("rose.png", picture(ImageFormat::Png, 900, 10)));
    assert_eq!(answer(back, 200)["url"], json!(old_url), "what was replaced can be put back");
    assert_eq!((site.get(&old_url).status, site.get(new_url).header("location")), (200, old_url.as_str()));
    answer(owner.ask("PUT", &place).multipart(form("rose.jpg", picture(ImageFormat::Jpeg, 700, 200))), 200);
    let twice = owner.ask("POST", "/media").multipart(form("rose.png", picture(ImageFormat::Png, 900, 10)));
    let twin = answer(twice, 201);
    let same = owner.ask("PUT", &format!("/media/{}/file", id(&twin)));
    assert_eq!(refused(same.multipart(form("a.jpg", picture(ImageFormat::Jpeg, 700, 200))), 409), "wrong_state");
}

#[test]
fn readers_see_a_pictures_colour_before_it_comes_and_its_focal_point_when_it_is_cut() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let media =
        answer(owner.ask("POST", "/media").multipart(form("rose.png", picture(ImageFormat::Png, 900, 10))), 201);
    let url = media["url"].as_str().expect("a URL");
    let text = format!("![A rose]({url})");
    let post = answer(owner.post("/posts", &json!({ "title": "Roses", "markdown": text, "feature_image": url })), 201);
    answer(owner.ask("POST", &format!("/posts/{}/publish", id(&post))), 200);
    let untouched = owner.published("Moss", "Green")["post"]["url"].as_str().expect("a path").to_owned();
    let before = site.warm(&untouched);
    let shown = |style: &str| site.get("/roses/").text().matches(&format!(r#" style="{style}""#)).count();
    assert_eq!(shown("background-color:#0a0a0a"), 2, "above the text and in it");

    let path = format!("/media/{}", id(&media));
    let focus = |focus| owner.ask("PATCH", &path).json(&json!({ "focus": focus }));
    assert_eq!(answer(focus(json!({ "x": 30, "y": 0 })), 200)["focus"], json!({ "x": 30, "y": 0 }));
    site.wait_for("the point", || (shown("background-color:#0a0a0a;object-position:30% 0%") == 2).then_some(()));
    assert_eq!(site.get(&untouched).etag(), before.etag());
    for beyond in [json!({ "x": 101, "y": 0 }), json!({ "x": 0, "y": 255 })] {
        assert_eq!(refused(focus(beyond), 422), "invalid");
    }
    assert_eq!(answer(owner.ask("PATCH", &path).json(&json!({ "alt": "Red" })), 200)["focus"]["x"], 30);
    assert_eq!(answer(focus(json!(null)), 200)["focus"], json!(null));
    site.wait_for("no point", || (shown("background-color:#0a0a0a") == 2).then_some(()));

    answer(focus(json!({ "x": 1, "y": 2 })), 200);
    let other = form("rose.png", picture(ImageFormat::Png, 800, 250));
    let other = answer(owner.ask("PUT", &format!("{path}/file")).multipart(other), 200);
    assert_eq!(other["focus"], json!(null), "it was a point of the other picture");
    site.wait_for("the other colour", || (shown("background-color:#fafafa") == 2).then_some(()));
}

#[test]
fn a_file_that_is_used_is_deleted_only_all_the_same() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let made = answer(owner.ask("POST", "/media").multipart(form("rose.png", picture(ImageFormat::Png, 900, 10))), 201);
    let url = made["url"].as_str().expect("a URL").to_owned();
    let small = url.replace("/rose.png", "/w400/rose.png.webp");
    assert_eq!(site.get(&small).status, 200);
    answer(owner.post("/posts", &json!({ "title": "Roses", "markdown": format!("![A rose]({url})") })), 201);
    let path = format!("/media/{}", id(&made));
    let described = answer(owner.ask("PATCH", &path).json(&json!({ "alt": "A rose", "name": "Rose" })), 200);
    assert_eq!((&described["alt"], &described["name"]), (&json!("A rose"), &json!("Rose")));
    assert_eq!(refused(owner.ask("DELETE", &path), 409), "in_use");
    assert_eq!(site.get(&url).status, 200);
    assert_eq!(refused(Guest::member(&site, "author").ask("DELETE", &format!("{path}?force=true")), 403), "forbidden");
    let settings = owner.get("/settings");
    answer(owner.patch("/settings", &settings, &json!({ "logo": url })), 200);
    assert_eq!(refused(owner.ask("DELETE", &format!("{path}?force=true")), 409), "in_use", "the logo stays");
    let settings = owner.get("/settings");
    answer(owner.patch("/settings", &settings, &json!({ "logo": null })), 200);
    answer(owner.ask("DELETE", &format!("{path}?force=true")), 204);
    assert_eq!((site.get(&url).status, site.get(&small).status), (404, 404));
    assert_eq!(owner.get("/media")["total"], 0);
    let folder = site.data().join("media").join(url.split('/').nth(2).expect("a folder"));
    assert!(!folder.exists(), "{}", folder.display());
}

#[test]
fn originals_stay_with_the_editors_if_the_site_says_so() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let add = |name: &str, content| answer(owner.ask("POST", "/media").multipart(form(name, content)), 201);
    let url = |media: &serde_json::Value| media["url"].as_str().expect("a URL").to_owned();
    let photograph = add("rose.jpg", picture(ImageFormat::Jpeg, 2_600, 90));
    let drawing = add("plan.png", picture(ImageFormat::Png, 300, 90));
    let vector = add("leaf.svg", br#"<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>"#.to_vec());
    let width = |body: &[u8]| image::load_from_memory(body).expect("a picture").width();
    let whole = site.get(&url(&photograph));
    assert_eq!((width(&whole.body), whole.header("cache-control").contains("immutable")), (2_600, true));

    let set = |private: bool| {
        let settings = owner.get("/settings");
        answer(owner.patch("/settings", &settings, &json!({ "private_originals": private })), 200)
    };
    assert_eq!(set(true)["private_originals"], json!(true));
    for ask in ["GET", "HEAD"] {
        let smaller = site.send(ask, &url(&photograph), &[]);
        assert_eq!((smaller.status, smaller.header("content-type")), (200, "image/jpeg"));
        assert_eq!(smaller.header("cache-control"), "public, max-age=86400", "the site may change its mind");
    }
    assert_eq!(width(&site.get(&url(&photograph)).body), 2_000);
    let redrawn = site.get(&url(&drawing));
    assert_eq!((width(&redrawn.body), redrawn.header("content-type")), (300, "image/webp"));
    assert_eq!(site.get(&url(&vector)).header("content-type"), "image/svg+xml");

    let original = format!("/media/{}/original", id(&photograph));
    let seen = owner.ask("GET", &original).send().expect("an answer");
    assert_eq!(seen.headers()["cache-control"], "private, no-store");
    assert_eq!(seen.bytes().expect("a file"), whole.body);
    assert_eq!(refused(site.request("GET", &format!("/api/v1{original}")), 401), "not_signed_in");
    set(false);
    assert_eq!(site.get(&url(&photograph)).body, whole.body);
}
