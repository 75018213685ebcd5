//! Setting up, signing in, and everybody who may not.

use perennial_tests::{
    Site,
    editor::{EMAIL, PASSWORD},
    site::URL,
};
use serde_json::{Value, json};

use crate::{Guest, answer, cookie, refused, send, setup};

#[test]
fn a_site_is_set_up_once_and_by_whoever_reads_the_log() {
    let site = Site::empty();
    let visitor = Guest::stranger(&site);
    assert_eq!(visitor.get("/setup")["needed"], true);
    let mut wrong = setup(&site, "sample");
    wrong["token"] = json!("guessed");
    assert_eq!(refused(visitor.post("/setup", &wrong), 403), "bad_setup_token");
    let mut short = setup(&site, "sample");
    short["password"] = json!("short");
    let problem = answer(visitor.post("/setup", &short), 422);
    assert!(problem["fields"]["password"].is_string(), "{problem}");

    let owner = Guest::owner(&site, "sample");
    let session = owner.get("/session");
    assert_eq!((&session["user"]["role"], &session["site"]["title"]), (&json!("owner"), &json!("Roses")));
    assert_eq!(owner.get("/posts?status=published")["total"], 4);
    assert!(site.get("/welcome/").text().contains("Welcome to your new site"));
    assert_eq!(refused(visitor.post("/setup", &setup(&site, "empty")), 409), "already_set_up");
    assert_eq!(visitor.get("/setup")["needed"], false);
}

#[test]
fn a_session_begins_with_the_password_and_ends_for_good() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let visitor = Guest::stranger(&site);
    assert_eq!(refused(visitor.ask("GET", "/session"), 401), "not_signed_in");
    let signed_in = send(visitor.post("/session", &json!({ "email": "ADA@example.org ", "password": PASSWORD })));
    for word in ["perennial=", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(signed_in.header("set-cookie").contains(word), "{}", signed_in.header("set-cookie"));
    }
    let again = || visitor.ask("GET", "/session").header("cookie", cookie(&signed_in));
    answer(again(), 200);
    answer(visitor.ask("DELETE", "/session").header("cookie", cookie(&signed_in)), 204);
    assert_eq!(refused(again(), 401), "not_signed_in");
    assert_eq!(owner.get("/session")["user"]["name"], "Ada", "other sessions go on");
}

#[test]
fn another_password_ends_all_sessions() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let changed = perennial_tests::perennial(site.folder(), &["user", "password", EMAIL], &[]);
    let password = changed.stdout.lines().last().and_then(|line| line.strip_prefix("The password is ")).expect("it");
    assert_eq!(refused(owner.ask("GET", "/session"), 401), "not_signed_in");
    let visitor = Guest::stranger(&site);
    let with = |password: &str| visitor.post("/session", &json!({ "email": EMAIL, "password": password }));
    assert_eq!(refused(with(PASSWORD), 401), "bad_credentials");
    answer(with(password), 200);
}

#[test]
fn guessing_passwords_is_slowed_down() {
    let site = Site::empty();
    let _owner = Guest::owner(&site, "empty");
    let visitor = Guest::stranger(&site);
    for attempt in 0..60 {
        let email = if attempt % 2 == 0 { EMAIL } else { "nobody@example.org" };
        let refusal = send(visitor.post("/session", &json!({ "email": email, "password": "guessed guessed" })));
        if refusal.status == 429 {
            let wait: u64 = refusal.header("retry-after").parse().expect("seconds");
            assert!((1..=60).contains(&wait) && attempt >= 10, "{wait} s after {attempt}");
            return;
        }
        assert_eq!((refusal.status, &refusal.json()["code"]), (401, &json!("bad_credentials")));
    }
    panic!("nothing stopped sixty attempts");
}

#[test]
fn pages_of_other_sites_change_nothing() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let (_, cookie) = owner.headers.iter().find(|(name, _)| *name == "cookie").expect("it");
    let write = || site.request("POST", "/api/v1/posts").header("cookie", cookie).json(&json!({}));
    assert_eq!(refused(write(), 403), "cross_origin");
    for origin in ["https://evil.example", "null"] {
        assert_eq!(refused(write().header("origin", origin), 403), "cross_origin");
    }
    let sent = write().header("sec-fetch-site", "cross-site").header("origin", URL);
    assert_eq!(refused(sent, 403), "cross_origin");
    let login = site.request("POST", "/api/v1/session").header("origin", "https://evil.example");
    assert_eq!(refused(login.json(&json!({ "email": EMAIL, "password": PASSWORD })), 403), "cross_origin");
    let form = owner.ask("POST", "/posts").header("content-type", "text/plain").body("{}");
    assert_eq!(refused(form, 415), "not_json");
    answer(write().header("sec-fetch-site", "same-origin"), 201);
}

#[test]
fn nobody_gets_anything_without_signing_in() {
    let site = Site::empty();
    let _owner = Guest::owner(&site, "empty");
    let description: Value = site.get("/api/openapi.json").json();
    let open = [
        ("get", "/setup"),
        ("post", "/setup"),
        ("post", "/session"),
        ("post", "/invitations/open"),
        ("post", "/invitations/accept"),
    ];
    let stranger = Guest::stranger(&site);
    let mut asked = 0;
    for (path, item) in description["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            if open.contains(&(method, path)) {
                continue;
            }
            let path = path.replace("{id}", "0198d3a0-0000-7000-8000-000000000000").replace("{name}", "main");
            let query = if path == "/cache/explain" { "?path=/" } else { "" };
            let request = stranger.ask(&method.to_uppercase(), &format!("{path}{query}"));
            let request = request.header("if-match", "\"1\"").json(&json!({}));
            assert_eq!(refused(request, 401), "not_signed_in", "{method} {path}");
            asked += 1;
        }
    }
    assert!(asked > 30, "{asked}");
}
