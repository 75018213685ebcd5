//! The switch from one theme to another, as readers see it who never stop reading.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use perennial_tests::{Editor, Site, Start, Theme};
use serde_json::json;

const POSTS: usize = 60;

/// A theme whose pages say a word, with one route for each way in which a page comes about.
fn theme(word: &str, extra: &str) -> Theme {
    let page = |heading: &str| {
        format!(
            "<!doctype html>\n<html lang=\"{{{{ site.language }}}}\"{{% if site.language == \"ar\" %}} dir=\"rtl\"{{% endif %}}>\n\
             <head>\n<meta name=\"viewport\" content=\"width=device-width\">\n{{{{ head() }}}}\n\
             <link rel=\"stylesheet\" href=\"{{{{ asset(\"style.css\") }}}}\">\n</head>\n<body>\n<main>\n<h1>{heading}</h1>\n\
             <p>{word} site</p>\n</main>\n</body>\n</html>\n"
        )
    };
    let post =
        "{% set post = post(slug=params.slug) or not_found() %}\n".to_owned() + extra + &page("{{ post.title }}");
    let shared = page("Home {% call cached(\"shared\") %}{{ posts(limit=3).total }} in the WORD part{% endcall %}");
    Theme::default()
        .route("home", "/", "", &shared.replace("WORD", word))
        .route("post", "/{slug}/", "params = \"posts\"", &post)
        .route("cold", "/cold/{n}/", "params = []", &page("Cold {{ params.n }}"))
        .route("dynamic", "/dynamic/", "revalidate = 0", &page("Dynamic {{ render.id }}"))
        .file("assets/style.css", &format!("p::before {{ content: \"{word}\" }}\n"))
        .table("[csp]\n")
}

/// A site that serves `old` and could serve the other themes.
fn site(others: &[(&str, Theme)]) -> Site {
    let start = Start::default();
    let themes = start.folder().join("themes");
    theme("old", "").write_as(&themes, "old");
    for (name, theme) in others {
        theme.write_as(&themes, name);
    }
    start.with("PERENNIAL_THEME", "old").start()
}

fn write_posts(owner: &Editor<'_>) {
    for n in 0..POSTS {
        owner.published(json!({ "title": format!("Post {n}"), "slug": format!("post-{n}"), "markdown": "Text." }));
    }
}

fn activate(owner: &Editor<'_>, theme: &str) {
    let answer = owner.ask("POST", &format!("/themes/{theme}/activate"), &[], None).expect("an answer");
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.json()["theme"], theme);
}

/// Waits until the switch has ended like this.
fn ended(site: &Site, owner: &Editor<'_>, state: &str) -> serde_json::Value {
    site.wait_for(&format!("switch that is {state}"), || {
        let switch = owner.get("/themes")["switch"].clone();
        (switch["state"] == state).then_some(switch)
    })
}

fn word(site: &Site, path: &str) -> String {
    let answer = site.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    let text = answer.text().to_owned();
    let word = text.split("<p>").nth(1).and_then(|rest| rest.split(" site</p>").next()).expect("a word").to_owned();
    if path == "/" {
        assert!(text.contains(&format!("in the {word} part")), "a part of another theme: {text}");
    }
    let asset =
        text.split("stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a stylesheet");
    let style = site.get(asset);
    assert!(style.status == 200 && style.text().contains(&word), "{path}: its stylesheet {asset} is {}", style.status);
    word
}

/// Reads until it is told to stop: every page is whole, and after the first new one there is no old one.
fn read_on(site: &Site, reader: usize, stop: &AtomicBool) -> (usize, usize) {
    let (mut old, mut new) = (0, 0);
    for n in reader.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let path = match n % 5 {
            0 => "/".to_owned(),
            1 => "/dynamic/".to_owned(),
            2 => format!("/cold/{n}/"),
            _ => format!("/post-{}/", n * 7 % POSTS),
        };
        match word(site, &path).as_str() {
            "old" => {
                assert_eq!(new, 0, "{path} is of the old site, after {new} pages of the new one");
                old += 1;
            }
            _ => new += 1,
        }
    }
    (old, new)
}

#[test]
fn readers_see_the_old_site_or_the_new_one_never_a_mix_and_never_an_error() {
    let site = site(&[("new", theme("new", ""))]);
    let owner = site.signed_in();
    write_posts(&owner);
    site.warm("/post-0/");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..4)
            .map(|reader| {
                let (site, stop) = (&site, &stop);
                scope.spawn(move || read_on(site, reader, stop))
            })
            .collect();
        activate(&owner, "new");
        // An edit on the way: the new site shows it.
        let id = owner.get("/posts?q=Post%201")["items"][0]["id"].as_str().expect("a post").to_owned();
        owner.patch(&format!("/posts/{id}"), json!({ "title": "Edited on the way" }));
        owner.post(&format!("/posts/{id}/publish"), json!({}));
        let switch = ended(&site, &owner, "done");
        assert!(switch["done"] == switch["total"] && switch["total"].as_u64() > Some(POSTS as u64), "{switch}");
        for n in 0..POSTS {
            assert_eq!(word(&site, &format!("/post-{n}/")), "new");
        }
        stop.store(true, Ordering::Relaxed);
        for (old, new) in readers.into_iter().map(|reader| reader.join().expect("a reader without complaint")) {
            assert!(old > 0, "it began before the switch");
            println!("{old} pages of the old site, {new} of the new one");
        }
        let slug = owner.get(&format!("/posts/{id}"))["slug"].as_str().expect("a slug").to_owned();
        assert!(site.get(&format!("/{slug}/")).text().contains("Edited on the way"));
    });
    let hit = site.get("/post-5/");
    assert_eq!(hit.cache(), "HIT", "the pages were made before the switch");

    site.restart();
    assert_eq!(word(&site, "/post-5/"), "new", "what was activated wins over what is configured");
    let owner = Editor::sign_in(&site);
    let themes = owner.get("/themes");
    assert_eq!((&themes["active"], &themes["previous"]), (&json!("new"), &json!("old")));
    assert_eq!(owner.ask("POST", "/themes/rollback", &[], None).expect("an answer").status, 202);
    ended(&site, &owner, "done");
    assert_eq!(word(&site, "/post-5/"), "old");
    let audit = owner.get("/audit?q=activate");
    assert_eq!(audit["total"], 2, "{audit}");
}

#[test]
fn a_theme_that_fails_on_one_page_leaves_readers_the_one_they_have() {
    let failing = theme("new", "{% if post.title == \"Post 7\" %}{{ fail(\"no sevens\") }}{% endif %}\n");
    let site = site(&[("failing", failing)]);
    let owner = site.signed_in();
    write_posts(&owner);
    activate(&owner, "failing");
    let switch = ended(&site, &owner, "failed");
    let error = switch["error"].as_str().expect("a reason");
    assert!(error.contains("/post-7/") && error.contains("no sevens"), "{error}");
    assert_eq!(word(&site, "/post-7/"), "old");
    site.restart();
    assert_eq!(word(&site, "/"), "old");
}

#[test]
fn a_theme_that_the_check_refuses_is_not_activated() {
    let headless = Theme::default().route("home", "/", "", "<p>{{ site.title }}</p>");
    let site = site(&[("headless", headless)]);
    let owner = site.signed_in();
    let answer = owner.ask("POST", "/themes/headless/activate", &[], None).expect("an answer");
    assert_eq!((answer.status, &answer.json()["code"]), (422, &json!("theme_refused")));
    let findings = answer.json()["findings"].clone();
    let found = findings.as_array().expect("a list").iter().any(|finding| {
        finding["rule"] == "no_head" && finding["file"] == "templates/home.html" && finding["line"] == 1
    });
    assert!(found, "{findings}");
    assert_eq!(owner.get("/themes")["switch"], json!(null));
    assert_eq!(word(&site, "/"), "old");
}

#[test]
fn a_link_shows_any_page_with_another_theme_and_readers_notice_nothing() {
    let site = site(&[("new", theme("new", ""))]);
    let owner = site.signed_in();
    write_posts(&owner);
    let before = site.warm("/post-3/");
    let link = owner.post("/themes/new/preview", json!({ "path": "/post-3/" }));
    let path = link["url"].as_str().and_then(|url| url.strip_prefix("http://site.test")).expect("a URL of the site");
    let shown = site.get(path);
    assert!(shown.status == 200 && shown.text().contains("<p>new site</p>"), "{}", shown.text());
    assert_eq!((shown.cache(), shown.header("x-robots-tag")), ("BYPASS", "noindex, nofollow"));
    assert!(shown.header("cache-control").contains("no-store"));
    let query = link["query"].as_str().expect("a query");
    assert_eq!(word(&site, &format!("/cold/9/{query}")), "new", "any page, with its stylesheet");
    for path in
        ["/post-3/".to_owned(), format!("/post-3/{}x", query.replace("new", "old")), format!("/post-3/{query}x")]
    {
        let usual = site.get(&path);
        assert_eq!((usual.text(), usual.etag()), (before.text(), before.etag()), "{path}");
    }
    assert_eq!(word(&site, "/cold/9/"), "old");
}
