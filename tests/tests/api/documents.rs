//! Documents: versions, strict input, terms, menus, settings.

use perennial_tests::Site;
use serde_json::json;

use crate::{Guest, answer, id, refused, send, version};

#[test]
fn a_document_changes_only_in_the_version_that_was_seen() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let first = answer(owner.post("/posts", &json!({ "title": "Roses" })), 201);
    let path = format!("/posts/{}", id(&first));
    assert_eq!(refused(owner.ask("PATCH", &path).json(&json!({ "title": "X" })), 428), "version_needed");
    let saved = send(owner.patch(&path, &first, &json!({ "title": "Red roses" })));
    let second = saved.json();
    assert_eq!(saved.etag(), version(&second));

    let problem = answer(owner.patch(&path, &first, &json!({ "title": "White roses" })), 412);
    assert_eq!(problem["code"], "version_mismatch");
    assert_eq!((&problem["your_version"], &problem["current"]["title"]), (&first["version"], &json!("Red roses")));
    assert_eq!(owner.get(&path)["title"], "Red roses");
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let problem = answer(owner.post("/posts", &json!({ "title": "A", "status": "published" })), 400);
    assert_eq!((&problem["code"], problem["fields"]["status"].is_string()), (&json!("unknown_field"), true));
    assert_eq!(refused(owner.post("/posts", &json!({ "title": 1 })), 400), "malformed");
    assert_eq!(refused(owner.ask("GET", "/posts?staus=draft"), 400), "unknown_field");
    assert_eq!(refused(owner.ask("GET", "/posts?limit=many"), 400), "malformed");
    assert_eq!(refused(owner.post("/posts", &json!({ "markdown": "x".repeat(9 << 20) })), 413), "too_large");
    assert_eq!(refused(owner.ask("GET", "/posts/12abc"), 404), "not_found");
    assert_eq!(refused(owner.ask("GET", "/nothing"), 404), "no_such_endpoint");
    let put = send(owner.ask("PUT", "/posts"));
    assert_eq!((put.status, put.header("allow")), (405, "GET, POST"));
    assert_eq!(put.header("cache-control"), "private, no-store");
}

#[test]
fn a_tag_is_made_renamed_and_deleted() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let tag = answer(owner.post("/tags", &json!({ "name": "Roses" })), 201);
    let path = format!("/tags/{}", id(&tag));
    let renamed = answer(owner.patch(&path, &tag, &json!({ "name": "Red roses", "slug": "red" })), 200);
    assert_eq!((&renamed["slug"], &renamed["posts"]), (&json!("red"), &json!(0)));
    assert_eq!(refused(owner.post("/tags", &json!({ "name": "red ROSES" })), 409), "name_taken");
    assert_eq!(refused(owner.delete(&path, &tag), 412), "version_mismatch");
    answer(owner.delete(&path, &renamed), 204);
    assert_eq!(owner.get("/tags?q=roses")["total"], 0);
}

#[test]
fn an_author_stays_as_long_as_posts_name_it() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let author = answer(owner.post("/authors", &json!({ "name": "Vita", "bio": "Gardens." })), 201);
    let new = json!({ "title": "Roses", "authors": [id(&author)] });
    let post = answer(owner.post("/posts", &new), 201);
    let path = format!("/authors/{}", id(&author));
    assert_eq!(refused(owner.delete(&path, &author), 409), "in_use");
    answer(owner.patch(&format!("/posts/{}", id(&post)), &post, &json!({ "authors": [] })), 200);
    answer(owner.delete(&path, &author), 204);
}

#[test]
fn a_menu_is_written_by_whoever_saw_it() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let menu = json!({ "items": [{ "label": "Home", "url": "/" }] });
    let put = || owner.ask("PUT", "/menus/footer").json(&menu);
    assert_eq!(refused(put(), 428), "version_needed");
    let made = answer(put().header("if-none-match", "*"), 200);
    assert_eq!(made["items"][0]["url"], "/");
    assert_eq!(refused(put().header("if-none-match", "*"), 412), "version_mismatch");
    answer(put().header("if-match", version(&made)), 200);
}

#[test]
fn settings_are_checked_before_they_are_kept() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let settings = owner.get("/settings");
    let changed = answer(owner.patch("/settings", &settings, &json!({ "accent_color": "#aa0033" })), 200);
    assert_eq!(changed["accent_color"], "#aa0033");
    let problem = answer(owner.patch("/settings", &changed, &json!({ "accent_color": "red" })), 422);
    assert!(problem["fields"]["accent_color"].is_string(), "{problem}");
}

#[test]
fn a_redirect_leads_readers_elsewhere_until_it_is_deleted() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    owner.published("Roses", "Flowers");
    assert_eq!(site.get("/old/").status, 404);
    answer(owner.post("/redirects", &json!({ "from": "/old/", "to": "/roses/" })), 204);
    let moved = site.get("/old/");
    assert_eq!((moved.status, moved.header("location")), (308, "/roses/"));
    assert_eq!(owner.get("/redirects")["items"][0]["to"], "/roses/");
    answer(owner.ask("DELETE", "/redirects?from=/old/"), 204);
    assert_eq!(site.get("/old/").status, 404);
}
