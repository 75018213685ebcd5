//! Pages that people read.

use perennial::content::{
    command::{
        menu::PutMenu,
        post::ImportPost,
        settings::{PatchSettings, SettingsPatch},
    },
    menu::Item,
    read::Kind,
};

use crate::site::{on_a_site, post, term, text};

#[test]
fn an_empty_site_says_so_kindly_on_every_page() {
    on_a_site(async |site| {
        assert!(site.page("/").await.contains("Nothing has been published yet."));
        assert!(site.page("/archive/").await.contains("Nothing has been published yet."));
        assert!(site.page("/tags/").await.contains("No post has a topic yet."));
    });
}

#[test]
fn what_is_not_there_gets_a_page_that_helps() {
    on_a_site(async |site| {
        site.apply(post(1)).await;
        for path in [
            "/nothing/",
            "/a/b/c",
            "/tag/nothing/",
            "/author/nobody/",
            "/archive/2/",
            "/archive/x/",
            "/tag/nothing/page/1/",
        ] {
            let page = site.render(path).await;
            assert_eq!(page.status, 404, "{path}");
            let html = text(&page);
            assert!(html.contains("<h1>Page not found</h1>"), "{path}");
            assert!(html.contains(r#"<a href="/">"#) && html.contains(r#"<a href="/archive/">"#), "{path}");
        }
    });
}

#[test]
fn a_post_shows_its_text_and_leads_on() {
    on_a_site(async |site| {
        for number in 1..=3 {
            site.apply(ImportPost { tags: term("Garden notes"), authors: term("Ada"), ..post(number) }).await;
        }
        let html = site.page("/post-2/").await;
        assert!(html.contains("<title>Post 2 · Perennial</title>"));
        assert!(html.contains("<h1>Post 2</h1>"));
        assert!(html.contains("<p>The text of post 2.</p>"));
        assert!(html.contains(r#"<time datetime="2026-01-03T00:00:00Z">3 January 2026</time>"#));
        assert!(html.contains(r#"<a rel="author" href="/author/ada/">Ada</a>"#));
        assert!(html.contains(r#"<a rel="tag" href="/tag/garden-notes/">Garden notes</a>"#));
        assert!(
            html.contains(r#"<a rel="prev" href="/post-1/">"#) && html.contains(r#"<a rel="next" href="/post-3/">"#)
        );
        assert!(html.contains(r#"<link rel="canonical" href="https://example.org/post-2/">"#));
    });
}

#[test]
fn a_page_has_neither_date_nor_neighbours() {
    on_a_site(async |site| {
        site.apply(post(1)).await;
        site.apply(ImportPost { kind: Kind::Page, ..post(2) }).await;
        let html = site.page("/post-2/").await;
        assert!(html.contains("<h1>Post 2</h1>"));
        assert!(!html.contains("<time") && !html.contains("Other posts"));
        assert!(!site.page("/").await.contains("Post 2"));
    });
}

#[test]
fn what_editors_write_is_text_wherever_it_is_shown() {
    on_a_site(async |site| {
        let hostile = r#"</title><script>alert("1")</script>'&"#;
        site.apply(ImportPost {
            title: hostile.into(),
            excerpt: Some(hostile.into()),
            tags: term(hostile),
            authors: term(hostile),
            feature_image: Some(format!("/media/\"{hostile}.jpg")),
            feature_image_alt: Some(hostile.into()),
            ..post(1)
        })
        .await;
        let patch = SettingsPatch {
            title: Some(hostile.into()),
            description: Some(hostile.into()),
            ..SettingsPatch::default()
        };
        site.apply(PatchSettings { expected: None, patch }).await;
        for path in ["/", "/post-1/", "/archive/", "/tags/", "/rss.xml", "/atom.xml", "/nothing/"] {
            assert!(!text(&site.render(path).await).contains("<script>alert"), "{path}");
        }
        let feed: serde_json::Value = serde_json::from_str(&site.page("/feed.json").await).unwrap();
        assert_eq!(feed["items"][0]["title"], hostile);
    });
}

#[test]
fn language_direction_and_accent_follow_the_settings() {
    on_a_site(async |site| {
        let html = site.page("/").await;
        assert!(html.contains(r#"<html lang="en" data-typeface"#) && !html.contains("/accent.css"));
        let patch = SettingsPatch {
            language: Some("ar".into()),
            accent_color: Some("#aa3300".into()),
            ..SettingsPatch::default()
        };
        site.apply(PatchSettings { expected: None, patch }).await;
        let html = site.page("/").await;
        assert!(html.contains(r#"<html lang="ar" dir="rtl""#));
        assert!(html.contains(r#"<link rel="stylesheet" href="/accent.css">"#));
        let accent = site.render("/accent.css").await;
        assert!(accent.content_type.starts_with("text/css") && text(&accent).contains("--accent: #aa3300;"));
    });
}

#[test]
fn a_text_loads_the_colours_of_code_when_it_has_code() {
    on_a_site(async |site| {
        site.apply(post(1)).await;
        site.apply(ImportPost { markdown: "```rust\nfn main() {}\n```".into(), ..post(2) }).await;
        assert!(!site.page("/post-1/").await.contains("/assets/code."));
        assert!(site.page("/post-2/").await.contains("/assets/code."));
    });
}

#[test]
fn the_menu_takes_the_place_of_the_usual_links() {
    on_a_site(async |site| {
        assert!(site.page("/").await.contains(r#"<li><a href="/tags/">Topics</a></li>"#));
        let item = |label: &str, url: &str| Item { label: label.into(), url: Some(url.into()), ..Item::default() };
        let items = vec![
            item("Start", "/"),
            Item { children: vec![item("Inside", "/archive/")], ..item("More", "https://elsewhere.example/") },
        ];
        site.apply(PutMenu { name: "main".into(), expected: None, items }).await;
        let html = site.page("/").await;
        assert!(html.contains(r#"<li><a href="/">Start</a></li>"#) && !html.contains("Topics"));
        assert!(html.contains("<summary>More</summary>"));
        assert!(html.contains(r#"<a href="https://elsewhere.example/">More</a>"#));
        assert!(html.contains(r#"<li><a href="/archive/">Inside</a></li>"#));
    });
}
