//! Redirects, what is gone, and what is missing, as readers and editors meet them.

use perennial_tests::{Answer, Editor, Site};
use serde_json::{Value, json};

fn led(site: &Site, path: &str) -> (u16, String) {
    let answer = site.get(path);
    (answer.status, answer.header("location").to_owned())
}

fn tested(editor: &Editor<'_>, path: &str) -> Value {
    editor.post("/redirects/test", json!({ "path": path }))
}

fn csv(editor: &Editor<'_>, table: &str) -> Answer {
    let request = editor.site().request("POST", "/api/v1/redirects/csv").header("origin", perennial_tests::site::URL);
    let request = request.header("cookie", editor.cookie()).header("content-type", "text/csv").body(table.to_owned());
    request.send().and_then(Answer::of).expect("an answer")
}

#[test]
fn many_paths_are_led_on_in_one_step_and_pages_win() {
    let site = Site::empty();
    let editor = site.signed_in();
    editor.published(json!({"kind": "post", "title": "Hello", "markdown": "Text."}));
    assert_eq!(led(&site, "/blog/2020/hello").0, 404);
    editor.post("/redirects", json!({"from": "/blog/{year}/{slug}", "to": "/{slug}"}));
    editor.post("/redirects", json!({"from": "/older/*", "to": "/blog/2020/*", "status": 301}));
    assert_eq!(led(&site, "/blog/2020/hello"), (308, "/hello/".into()), "in one step");
    assert_eq!(led(&site, "/older/hello"), (308, "/hello/".into()));
    assert_eq!(led(&site, "/older/caf%C3%A9%3F"), (404, String::new()), "no page can be called so");
    assert_eq!(led(&site, "/older/caf%C3%A9").1, "/caf%C3%A9");
    editor.post("/redirects", json!({"from": "/{any}/", "to": "/elsewhere/{any}/"}));
    assert_eq!(site.get("/hello/").status, 200, "what is published wins over a rule");
    assert_eq!(led(&site, "/lost/"), (308, "/elsewhere/lost/".into()));

    let test = tested(&editor, "/older/hello");
    assert_eq!((&test["status"], &test["to"]), (&json!(308), &json!("/hello/")));
    let steps: Vec<_> = test["steps"].as_array().expect("steps").iter().map(|step| &step["from"]).collect();
    assert_eq!(steps, ["/older/*", "/blog/{year}/{slug}"], "{test}");
    let test = tested(&editor, "/hello/");
    assert_eq!((&test["status"], &test["to"], &test["steps"]), (&json!(200), &Value::Null, &json!([])));
}

#[test]
fn what_was_thrown_away_is_gone_and_comes_back() {
    let site = Site::empty();
    let editor = site.signed_in();
    let id = editor.published(json!({"kind": "post", "title": "Hello", "markdown": "Text."}));
    site.warm("/hello/");
    editor.delete(&format!("/posts/{id}"));
    let gone = site.get("/hello/");
    assert_eq!((gone.status, gone.header("content-type")), (410, "text/html; charset=utf-8"));
    assert_eq!(gone.header("cache-control"), "public, max-age=0, s-maxage=3");
    assert!(gone.text().contains("Page not found") && !gone.text().contains("Text."));
    assert_eq!(site.get("/never-there/").status, 404, "and that is something else");
    assert_eq!(site.get("/hello/").status, 410);
    editor.post(&format!("/posts/{id}/restore"), json!({}));
    editor.post(&format!("/posts/{id}/publish"), json!({}));
    assert_eq!(site.get("/hello/").status, 200);

    editor.post("/redirects", json!({"from": "/closed/*", "status": 410}));
    assert_eq!((site.get("/closed/").status, site.get("/closed/a/b").status), (410, 410));
}

#[test]
fn editors_see_what_is_used_and_what_is_missing() {
    let site = Site::empty();
    let editor = site.signed_in();
    editor.post("/redirects", json!({"from": "/was/", "to": "/"}));
    for _ in 0..3 {
        site.get("/was/");
        site.get("/lost/?a=b");
    }
    let used = site.wait_for("the count", || {
        let row = editor.get("/redirects")["items"][0].clone();
        (row["hits"] == 3).then_some(row)
    });
    assert!(used["last_hit"].is_string(), "{used}");
    let lost = site.wait_for("the count", || {
        let row = editor.get("/missing?q=lost")["items"][0].clone();
        (row["hits"] == 3).then_some(row)
    });
    assert_eq!(lost["path"], "/lost/");
    editor.post("/redirects", json!({"from": "/lost/", "to": "/"}));
    assert_eq!(editor.get("/missing?q=lost")["total"], 0);
}

#[test]
fn redirects_leave_and_come_as_a_table() {
    let site = Site::empty();
    let editor = site.signed_in();
    let taken = csv(&editor, "from,to,status\r\n/a/,/b/\r\n\"/old/*\",https://example.org/*,301\r\n/c/,,410\r\n");
    assert_eq!((taken.status, taken.json()["count"].as_u64()), (200, Some(3)), "{}", taken.text());
    assert_eq!(led(&site, "/old/x"), (301, "https://example.org/x".into()));
    let table = editor.ask("GET", "/redirects/csv", &[], None).expect("an answer");
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(table.text(), "from,to,status\r\n/a/,/b/,308\r\n/c/,,410\r\n/old/*,https://example.org/*,301\r\n");
    let wrong = csv(&editor, "/d/,/e/\nnowhere,/e/\n/f/,/f/\n");
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    let wrong = wrong.json();
    assert!(wrong["fields"]["line 2"].is_string() && wrong["fields"]["line 3"].is_string(), "{wrong}");
    assert_eq!(led(&site, "/d/").0, 404, "nothing of it was taken");
    assert_eq!(csv(&editor, "/a/,/b/,soon\n").status, 400);
}
