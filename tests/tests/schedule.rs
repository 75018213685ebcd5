//! Plans: a post is published and taken back within a second of the time that was set, without a visitor.

use std::{
    io::{BufRead, BufReader},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;
use perennial_tests::{Editor, Site, site::URL};
use serde_json::{Value, json};

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    i64::try_from(since.as_millis()).expect("not that late")
}

/// In so many milliseconds.
fn soon(ms: i64) -> (i64, String) {
    let at = now() + ms;
    (at, Timestamp::from_millisecond(at).expect("a time").to_string())
}

/// What watchers are told of posts from now on: each event's data with the moment at which it came.
fn watch(site: &Site, editor: &Editor<'_>) -> impl Iterator<Item = (i64, Value)> + use<> {
    let request = site.request("GET", "/api/v1/events").header("origin", URL).header("cookie", editor.cookie());
    let mut lines = BufReader::new(request.send().expect("an answer")).lines().map(|line| line.expect("text"));
    assert_eq!(lines.next().as_deref(), Some(": connected"));
    let mut event = String::new();
    lines.filter_map(move |line| {
        if let Some(name) = line.strip_prefix("event: ") {
            event = name.to_owned();
        }
        let data = line.strip_prefix("data: ").filter(|_| event == "post")?;
        Some((now(), serde_json::from_str(data).expect("JSON")))
    })
}

#[test]
fn a_post_comes_and_goes_at_its_times() {
    let site = Site::empty();
    let editor = site.signed_in();
    site.warm("/");
    let post = editor.post("/posts", json!({"title": "A fair", "slug": "fair", "markdown": "Tonight."}));
    let path = format!("/posts/{}", post["id"].as_str().expect("an id"));
    let mut events = watch(&site, &editor);
    let ((begin, begins), (end, ends)) = (soon(1_500), soon(3_000));
    editor.post(&format!("{path}/schedule"), json!({"at": begins}));
    let planned = editor.post(&format!("{path}/schedule"), json!({"at": ends, "action": "unpublish"}));
    assert_eq!((&planned["publish_at"], &planned["unpublish_at"]), (&json!(begins), &json!(ends)));
    for (due, status) in [(begin, "published"), (end, "draft")] {
        let told = events.find(|(_, post)| post["status"] == status);
        let (at, told) = told.expect("an event");
        assert_eq!(told["id"], post["id"]);
        assert!((due..due + 1_000).contains(&at), "{status} {} ms after its time", at - due);
        if status == "published" {
            site.wait_for("page that nobody asked for", || {
                let page = editor.get("/cache/explain?path=/fair/");
                (page["state"] == "fresh" && page["status"] == 200).then_some(())
            });
            assert!(site.get("/fair/").cache() == "HIT" && site.get("/").text().contains("A fair"));
        }
    }
    assert_eq!(site.get("/fair/").status, 404);
    assert!(!site.get("/").text().contains("A fair"));
    assert_eq!(editor.get(&path)["unpublish_at"], Value::Null);
}

#[test]
fn what_was_due_while_the_site_was_down_is_done_at_its_start() {
    let site = Site::empty();
    let editor = site.signed_in();
    let post = editor.post("/posts", json!({"title": "Roses", "slug": "roses", "markdown": "Red."}));
    let path = format!("/posts/{}", post["id"].as_str().expect("an id"));
    let (at, begins) = soon(300);
    editor.post(&format!("{path}/schedule"), json!({"at": begins}));
    site.kill_9();
    // Its time passes.
    std::thread::sleep(Duration::from_millis((at - now()).max(0).unsigned_abs()));
    site.start();
    let page = site.wait_for("the post", || Some(site.get("/roses/")).filter(|page| page.status == 200));
    assert!(page.text().contains("Roses"));
    let editor = Editor::sign_in(&site);
    assert_eq!(editor.get(&path)["published_at"], json!(begins), "it carries the date that was set");
    let audit = editor.get("/audit");
    let lines = audit["items"].as_array().expect("a list").iter();
    let done = lines.filter(|line| line["action"] == "publish" && line["entity_id"] == post["id"]);
    assert_eq!(done.count(), 1, "{audit}");
}

#[test]
fn a_plan_that_cannot_be_is_refused() {
    let site = Site::empty();
    let editor = site.signed_in();
    let id = editor.published(json!({"title": "Roses", "markdown": "Red."}));
    let plan =
        |body: Value| editor.ask("POST", &format!("/posts/{id}/schedule"), &[], Some(&body)).expect("an answer").status;
    assert_eq!(plan(json!({"at": "2099-01-01T00:00:00Z"})), 409, "it is published already");
    assert_eq!(plan(json!({"action": "unpublish"})), 400, "null is said, not left out");
    assert_eq!(plan(json!({"at": null})), 422);
    assert_eq!(plan(json!({"at": "2099-01-01T00:00:00Z", "action": "trash"})), 400);
    assert_eq!(plan(json!({"at": "2099-01-01T00:00:00Z", "action": "unpublish"})), 200);
    assert_eq!(editor.get(&format!("/posts/{id}"))["unpublish_at"], "2099-01-01T00:00:00Z");
    assert_eq!(plan(json!({"at": null, "action": "unpublish"})), 200);
    assert_eq!(editor.get(&format!("/posts/{id}"))["unpublish_at"], Value::Null);
}
