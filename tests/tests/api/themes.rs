//! Themes: their settings, and the switch from one to another.

use perennial_tests::{Site, Start, Theme};
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::{Guest, answer, id, refused, send};

const SETTINGS: &str = "\
    [settings.greeting]\ntype = \"text\"\nlabel = \"Greeting\"\ndefault = \"Hello\"\n\
    [settings.size]\ntype = \"number\"\nlabel = \"Size\"\ndefault = 3\nmin = 1\nmax = 9\n\
    [settings.layout]\ntype = \"select\"\nlabel = \"Layout\"\ndefault = \"list\"\noptions = [\"list\", \"grid\"]\n";

/// Three pages: one reads the greeting, one the size, one nothing.
fn theme(settings: &str) -> Theme {
    Theme::default()
        .route("greeting", "/greeting/", "", "{{ setting('greeting') }} {{ render.id }}")
        .route("size", "/size/", "", "{{ setting('size') }} {{ setting('layout') }} {{ render.id }}")
        .route("still", "/still/", "", "{{ render.id }}")
        .table(settings)
}

fn setting<'d>(document: &'d Value, name: &str) -> &'d Value {
    let settings = document["settings"].as_array().expect("a list");
    settings.iter().find(|setting| setting["name"] == name).expect("a setting of this name")
}

#[test]
fn a_changed_setting_makes_the_pages_again_that_read_it_and_no_others() {
    let site = Start::default().theme(&theme(SETTINGS)).start();
    let owner = Guest::owner(&site, "empty");
    let before = ["/greeting/", "/size/", "/still/"].map(|path| site.warm(path).text());
    let document = owner.get("/themes/mine/settings");
    assert_eq!(setting(&document, "greeting")["value"], "Hello");
    assert_eq!(setting(&document, "greeting")["affects"], json!(["greeting"]));
    let document = answer(owner.patch("/themes/mine/settings", &document, &json!({ "greeting": "Good <day>" })), 200);
    assert_eq!(document["version"], 1);
    let after = ["/greeting/", "/size/", "/still/"].map(|path| site.warm(path).text());
    assert!(after[0].starts_with("Good &lt;day&gt; "), "{}", after[0]);
    assert_eq!(after[1..], before[1..]);
    let document = answer(owner.patch("/themes/mine/settings", &document, &json!({ "greeting": null })), 200);
    assert_eq!((&document["version"], &setting(&document, "greeting")["value"]), (&json!(2), &json!("Hello")));
    let hello = site.warm("/greeting/").text();
    assert!(hello.starts_with("Hello "));
    answer(owner.patch("/themes/mine/settings", &document, &json!({ "greeting": "Hello" })), 200);
    assert_eq!(site.warm("/greeting/").text(), hello, "the theme says so anyway");
    let audit = owner.get("/audit?q=greeting");
    assert_eq!((&audit["total"], &audit["items"][0]["entity"]), (&json!(3), &json!("theme")));
}

#[test]
fn a_page_that_shows_whether_there_is_an_accent_is_not_made_again_with_every_colour() {
    let page = "{% if site.accented %}own{% else %}none{% endif %} {{ render.id }}";
    let site = Start::default().theme(&Theme::default().route("accented", "/accented/", "", page)).start();
    let owner = Guest::owner(&site, "empty");
    let colored = |color: &str| {
        let settings = owner.get("/settings");
        answer(owner.patch("/settings", &settings, &json!({ "accent_color": color })), 200);
        site.warm("/accented/").text()
    };
    assert!(site.warm("/accented/").text().starts_with("none "));
    let red = colored("#aa0000");
    assert!(red.starts_with("own "), "{red}");
    assert_eq!(colored("#bb0000"), red);
    assert!(colored("#1f6f4a").starts_with("none "));
}

#[test]
fn a_setting_takes_what_the_theme_allows_and_says_what_that_is() {
    let site = Start::default().theme(&theme(SETTINGS)).start();
    let owner = Guest::owner(&site, "empty");
    let document = owner.get("/themes/mine/settings");
    let patch = |values: Value| owner.patch("/themes/mine/settings", &document, &values);
    let problem = send(patch(json!({ "size": 10, "layout": "heap", "greeting": "x" })));
    assert_eq!(problem.status, 422);
    let fields = &problem.json()["fields"];
    assert_eq!((&fields["size"], &fields["greeting"]), (&json!("Use a number from 1 to 9."), &Value::Null));
    assert_eq!(fields["layout"], "Use one of: list, grid.");
    assert_eq!(refused(patch(json!({ "nothing": 1 })), 400), "unknown_field");
    let unversioned = owner.ask("PATCH", "/themes/mine/settings").json(&json!({ "size": 2 }));
    assert_eq!(refused(unversioned, 428), "version_needed");
    answer(patch(json!({ "size": 2 })), 200);
    assert_eq!(refused(patch(json!({ "size": 4 })), 412), "version_mismatch");
    assert_eq!(refused(owner.ask("GET", "/themes/nowhere/settings"), 404), "not_found");
    let editor = Guest::member(&site, "editor");
    assert_eq!(refused(editor.patch("/themes/mine/settings", &document, &json!({ "size": 2 })), 403), "forbidden");
}

#[test]
fn a_value_that_a_new_version_does_not_allow_is_told_and_the_default_is_shown() {
    let site = Start::default().theme(&theme(SETTINGS)).start();
    let owner = Guest::owner(&site, "empty");
    let document = owner.get("/themes/mine/settings");
    answer(owner.patch("/themes/mine/settings", &document, &json!({ "layout": "grid", "size": 8 })), 200);
    assert!(site.warm("/size/").text().starts_with("8 grid "));
    site.stop();
    let newer = SETTINGS.replace(", \"grid\"", ", \"wall\"");
    theme(&newer).write(&site.folder().join("themes"));
    site.start();
    let owner = Guest::sign_in(&site, perennial_tests::editor::EMAIL);
    site.wait_for("the default", || site.get("/size/").text().starts_with("8 list ").then_some(()));
    let document = owner.get("/themes/mine/settings");
    let layout = setting(&document, "layout");
    assert_eq!((&layout["value"], &layout["refused"]), (&json!("list"), &json!("grid")));
    assert_eq!(layout["problem"], "Use one of: list, wall.");
}

#[test]
fn a_theme_comes_and_goes_as_a_package_and_a_bad_one_leaves_nothing_behind() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let upload = |bytes: Vec<u8>| {
        owner.ask("POST", "/themes").multipart(Form::new().part("file", Part::bytes(bytes).file_name("theme.zip")))
    };
    let package = send(owner.ask("GET", "/themes/default/download"));
    assert_eq!((package.status, package.header("content-type")), (200, "application/zip"));
    let theme = answer(upload(package.body.to_vec()), 201);
    assert_eq!(
        (&theme["origin"], &theme["active"], &theme["passes"]),
        (&json!("uploaded"), &json!(false), &json!(true))
    );
    let id = id(&theme).to_owned();
    assert!(id.starts_with("default-"), "the name is taken: {id}");
    assert_eq!(refused(upload(package.body.to_vec()), 409), "in_use");
    assert_eq!(refused(upload(b"no package".to_vec()), 422), "invalid");
    assert_eq!(refused(upload(vec![0; (20 << 20) + 1]), 413), "too_large");
    let left = || std::fs::read_dir(site.data().join("themes")).expect("the folder").count();
    assert_eq!(left(), 1, "what is refused leaves nothing behind");

    assert_eq!(refused(owner.ask("DELETE", "/themes/default"), 409), "in_use");
    let editor = Guest::member(&site, "editor");
    for (method, path) in [("GET", "/themes"), ("POST", "/themes/rollback"), ("DELETE", "/themes/default")] {
        assert_eq!(refused(editor.ask(method, path), 403), "forbidden");
    }
    assert_eq!(refused(owner.ask("POST", "/themes/rollback"), 409), "wrong_state");
    answer(owner.ask("DELETE", &format!("/themes/{id}")), 204);
    assert_eq!(refused(owner.ask("GET", &format!("/themes/{id}")), 404), "not_found");
    assert_eq!(left(), 0);
    assert_eq!(owner.get("/audit?q=default-")["total"], 2);
}

#[test]
fn the_themes_that_come_with_it_have_settings() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let document = owner.get("/themes/default/settings");
    assert!(document["settings"].as_array().is_some_and(|settings| settings.len() >= 6), "{document}");
}
