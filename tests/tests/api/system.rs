//! What operators see in the admin: the state of the server, and who is there.

use perennial_tests::Site;
use serde_json::{Value, json};

use crate::{Guest, answer, id, refused};

#[test]
fn the_state_of_the_server_is_told_with_what_to_do_and_without_secrets() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let system = owner.get("/system");
    let checks = system["checks"].as_array().expect("checks");
    let of = |part: &str| checks.iter().find(|check| check["part"] == part).expect(part);
    for part in ["database", "data folder", "media folder", "page cache", "cache storage"] {
        assert_eq!(of(part)["state"], "ok", "{system}");
    }
    assert_eq!(of("owners")["state"], "warn");
    assert!(of("owners")["mend"].as_str().expect("what to do").contains("second factor"), "{system}");
    let settings = system["settings"].as_array().expect("settings");
    assert!(settings.iter().any(|setting| setting["name"] == "theme" && setting["origin"] == "default"), "{system}");
    assert!(system["version"].is_string() && system["complaints"].is_array(), "{system}");
    assert_eq!(refused(Guest::member(&site, "editor").ask("GET", "/system"), 403), "forbidden");
}

#[test]
fn two_people_in_one_post_know_of_each_other() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let editor = Guest::member(&site, "editor");
    let post = answer(owner.post("/posts", &json!({ "title": "Roses" })), 201);
    let path = format!("/posts/{}/presence", id(&post));
    let people = || {
        let items = owner.get("/presence")["items"].clone();
        let people = items[0]["people"].as_array().cloned().unwrap_or_default();
        people.iter().map(|person| person["name"].clone()).collect::<Vec<_>>()
    };
    answer(owner.ask("PUT", &path), 200);
    let there = answer(editor.ask("PUT", &path), 200);
    assert_eq!(there["people"].as_array().map(Vec::len), Some(2), "{there}");
    let mut both = people();
    both.sort_by_key(Value::to_string);
    assert_eq!(both, ["Ada", "editor"]);
    answer(editor.ask("DELETE", &path), 204);
    assert_eq!(people(), ["Ada"]);
    let author = Guest::member(&site, "author");
    assert_eq!(refused(author.ask("PUT", &path), 404), "not_found");
}
