//! Who may do what: roles and scopes.

use perennial_tests::{Site, perennial};
use serde_json::json;

use crate::{Guest, answer, id, refused};

#[test]
fn a_token_does_what_its_scopes_say() {
    let site = Site::empty();
    let _owner = Guest::owner(&site, "empty");
    let receipt = Guest::program(&site, "admin").published("Roses", "Flowers");
    let reader = Guest::program(&site, "content:read");
    assert_eq!(reader.get("/posts")["total"], 1);
    assert_eq!(refused(reader.post("/posts", &json!({})), 403), "forbidden");
    assert_eq!(refused(reader.post("/revalidate", &json!({ "tags": ["x"] })), 403), "forbidden");
    let outside = Guest::program(&site, "revalidate");
    answer(outside.post("/revalidate", &json!({ "paths": [receipt["post"]["url"]] })), 200);
    assert_eq!(refused(outside.ask("GET", "/posts"), 403), "forbidden");
    let guessed = Guest::stranger(&site).ask("GET", "/posts").bearer_auth("prn_guessed");
    assert_eq!(refused(guessed, 401), "bad_token");
    let root = perennial(site.folder(), &["token", "create", "--name", "x", "--scopes", "root"], &[]);
    assert!(root.code == Some(1) && root.stderr.contains("revalidate"), "{}", root.stderr);
}

#[test]
fn a_token_is_shown_once_and_can_be_taken_back() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let made = answer(owner.post("/tokens", &json!({ "name": "deploy", "scopes": ["content:read"] })), 201);
    let secret = made["token"].as_str().expect("a token");
    let read = || site.request("GET", "/api/v1/posts").bearer_auth(secret);
    answer(read(), 200);
    let listed = owner.get("/tokens");
    assert_eq!(listed["items"][0]["name"], "deploy");
    assert!(!listed.to_string().contains(secret));
    answer(owner.ask("DELETE", &format!("/tokens/{}", id(&made))), 204);
    assert_eq!(refused(read(), 401), "bad_token");
}

#[test]
fn a_role_that_is_changed_counts_at_once_and_owners_are_changed_by_owners() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let author = Guest::member(&site, "author");
    let administrator = Guest::member(&site, "administrator");
    let people = owner.get("/users");
    let of = |role: &str| {
        let all = people["items"].as_array().expect("a list");
        format!("/users/{}", id(all.iter().find(|user| user["role"] == role).expect("somebody")))
    };
    let change = |who: &Guest, path: &str, patch| who.ask("PATCH", path).json(&patch);
    assert_eq!(refused(author.ask("GET", "/users"), 403), "forbidden");
    answer(change(&administrator, &of("author"), json!({ "role": "editor" })), 200);
    answer(author.post("/tags", &json!({ "name": "Roses" })), 201);
    assert_eq!(refused(change(&administrator, &of("owner"), json!({ "role": "author" })), 403), "forbidden");
    assert_eq!(refused(change(&administrator, &of("author"), json!({ "role": "owner" })), 403), "forbidden");
    assert_eq!(refused(administrator.ask("DELETE", &of("owner")), 403), "forbidden");
    assert_eq!(refused(change(&owner, &of("author"), json!({ "password": "short" })), 422), "invalid");
    assert_eq!(refused(owner.ask("DELETE", &of("owner")), 409), "wrong_state");
    answer(owner.ask("DELETE", &of("author")), 204);
    assert_eq!(refused(author.ask("GET", "/posts"), 401), "not_signed_in");
}

#[test]
fn authors_keep_to_their_own() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let foreign = answer(owner.post("/posts", &json!({ "title": "Secret" })), 201);
    let author = Guest::member(&site, "author");
    assert_eq!(author.get("/posts")["total"], 0);
    let path = format!("/posts/{}", id(&foreign));
    assert_eq!(refused(author.ask("GET", &path), 404), "not_found");
    assert_eq!(refused(author.patch(&path, &foreign, &json!({ "title": "Mine" })), 404), "not_found");
    assert_eq!(refused(author.ask("POST", &format!("{path}/publish")), 404), "not_found");
    author.published("By an author", "Flowers");
    assert_eq!(author.get("/posts")["total"], 1);
}

#[test]
fn contributors_keep_to_drafts() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let contributor = Guest::member(&site, "contributor");
    let draft = answer(contributor.post("/posts", &json!({ "title": "A draft" })), 201);
    let path = format!("/posts/{}", id(&draft));
    for verb in ["publish", "unpublish"] {
        assert_eq!(refused(contributor.ask("POST", &format!("{path}/{verb}")), 403), "forbidden");
    }
    let at = json!({ "at": "2020-01-01T00:00:00Z" });
    assert_eq!(refused(contributor.post(&format!("{path}/schedule"), &at), 403), "forbidden");
    answer(owner.ask("POST", &format!("{path}/publish")), 200);
    let live = contributor.get(&path);
    assert_eq!(refused(contributor.patch(&path, &live, &json!({ "title": "Live" })), 403), "forbidden");
}

#[test]
fn editors_leave_the_site_itself_to_its_owner() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let editor = Guest::member(&site, "editor");
    answer(editor.post("/tags", &json!({ "name": "Roses" })), 201);
    let settings = owner.get("/settings");
    assert_eq!(refused(editor.patch("/settings", &settings, &json!({ "title": "Mine" })), 403), "forbidden");
    for path in ["/users", "/tokens", "/audit"] {
        assert_eq!(refused(editor.ask("GET", path), 403), "forbidden");
    }
    assert_eq!(owner.get("/users")["total"], 2);
    assert!(owner.get("/audit")["total"].as_u64() > Some(2));
    let administrator = Guest::member(&site, "administrator");
    let new = json!({ "email": "x@example.org", "name": "X", "role": "owner", "password": "long enough" });
    assert_eq!(refused(administrator.post("/users", &new), 403), "forbidden");
}
