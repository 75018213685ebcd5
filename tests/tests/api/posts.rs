//! Posts: what publishing answers, and what it is foreseen to do.

use std::collections::BTreeSet;

use perennial_tests::{Site, crawl};
use serde_json::{Value, json};

use crate::{Guest, answer, id, refused};

#[test]
fn publishing_answers_when_readers_have_it() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let receipt = owner.published("Red roses", "Flowers");
    assert_eq!(receipt["post"]["status"], "published");
    assert_eq!(
        (&receipt["pages"][0]["path"], &receipt["pages"][0]["reason"]),
        (&json!("/red-roses/"), &json!("this post"))
    );
    assert_eq!(receipt["affected"], receipt["fresh"], "{receipt}");
    let page = site.get("/red-roses/");
    assert_eq!((page.status, page.cache()), (200, "HIT"));

    let path = format!("/posts/{}", id(&receipt["post"]));
    let saved = answer(owner.patch(&path, &receipt["post"], &json!({ "title": "White roses" })), 200);
    assert_eq!(saved["has_changes"], true);
    assert!(site.get("/red-roses/").text().contains("Red roses"), "a working copy is nobody else's");
    let stale = owner.ask("POST", &format!("{path}/publish")).header("if-match", "\"1\"");
    assert_eq!(refused(stale, 412), "version_mismatch");
    let receipt = answer(owner.ask("POST", &format!("{path}/publish")), 200);
    assert!(site.get("/red-roses/").text().contains("White roses"));
    let revisions = owner.get(&format!("{path}/revisions"));
    assert_eq!(
        (&revisions["items"][0]["title"], &revisions["items"][0]["reason"]),
        (&json!("White roses"), &json!("publish"))
    );

    answer(owner.delete(&path, &receipt["post"]), 200);
    assert_eq!(site.get("/red-roses/").status, 410);
    assert_eq!(answer(owner.ask("POST", &format!("{path}/restore")), 200)["status"], "draft");
}

#[test]
fn a_kept_version_can_be_read_and_gone_back_to() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let receipt = owner.published("Red roses", "Flowers");
    let path = format!("/posts/{}", id(&receipt["post"]));
    let saved = answer(owner.patch(&path, &receipt["post"], &json!({ "title": "White roses" })), 200);
    let kept = answer(owner.ask("POST", &format!("{path}/revisions")), 201);
    assert_eq!(
        (&kept["version"], &kept["reason"], &kept["title"]),
        (&saved["version"], &json!("save"), &json!("White roses"))
    );

    let first = &receipt["post"]["version"];
    let old = owner.get(&format!("{path}/revisions/{first}"));
    assert_eq!((&old["title"], &old["markdown"]), (&json!("Red roses"), &receipt["post"]["markdown"]));
    let stale = owner.ask("POST", &format!("{path}/revisions/{first}/restore")).header("if-match", "\"1\"");
    assert_eq!(refused(stale, 412), "version_mismatch");
    let back = answer(owner.ask("POST", &format!("{path}/revisions/{first}/restore")), 200);
    assert_eq!(back["title"], "Red roses");
    assert_eq!(refused(owner.ask("GET", &format!("{path}/revisions/99")), 404), "not_found");
    assert_eq!(owner.get(&format!("{path}/revisions"))["items"][0]["title"], "White roses", "nothing was lost");
    assert_eq!(owner.get("/audit?q=GO+BACK+red")["items"][0]["detail"]["title"], "Red roses");
    assert_eq!(owner.get("/audit?q=purple")["total"], 0);
}

#[test]
fn a_post_is_scheduled_and_taken_back() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let post = answer(owner.post("/posts", &json!({ "title": "Roses" })), 201);
    let path = format!("/posts/{}", id(&post));
    let at = json!({ "at": "2099-05-01T10:00:00+02:00" });
    let scheduled = answer(owner.post(&format!("{path}/schedule"), &at), 200);
    assert_eq!((&scheduled["status"], &scheduled["publish_at"]), (&json!("scheduled"), &json!("2099-05-01T08:00:00Z")));
    assert_eq!(site.get("/roses/").status, 404);
    assert_eq!(answer(owner.ask("POST", &format!("{path}/unpublish")), 200)["post"]["status"], "draft");
    assert_eq!(refused(owner.post(&format!("{path}/schedule"), &json!({ "at": "soon" })), 400), "malformed");
}

#[test]
fn an_impact_is_what_then_happens() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "sample");
    // Only what was made can be foreseen to change.
    crawl(&site, ["/not-there/"]);
    let path = format!("/posts/{}", id(&owner.get("/posts?q=shortcuts")["items"][0]));
    assert_eq!(owner.get(&path)["slug"], "welcome");
    assert_eq!(owner.get(&format!("{path}/impact"))["total"], 0, "nothing was changed yet");
    for change in [
        json!({ "markdown": "Another text." }),
        json!({ "title": "Welcome, reader" }),
        json!({ "tags": ["Roses"] }),
        json!({ "slug": "hello" }),
    ] {
        let seen = owner.get(&path);
        answer(owner.patch(&path, &seen, &change), 200);
        let foreseen = owner.get(&format!("{path}/impact?action=publish"));
        let receipt = answer(owner.ask("POST", &format!("{path}/publish")), 200);
        assert_eq!(paths(&foreseen), paths(&receipt), "{change}");
        assert!(paths(&foreseen).contains("/welcome/"), "{foreseen}");
    }
    let foreseen = owner.get(&format!("{path}/impact?action=unpublish"));
    let own = foreseen["pages"].as_array().expect("pages").iter().find(|page| page["path"] == "/hello/");
    assert_eq!(own.expect("the own page")["effect"], "removed");
    assert_eq!(owner.get(&path)["status"], "published", "foreseeing changes nothing");
}

fn paths(document: &Value) -> BTreeSet<String> {
    let pages = document["pages"].as_array().expect("pages");
    pages.iter().map(|page| page["path"].as_str().expect("a path").to_owned()).collect()
}
