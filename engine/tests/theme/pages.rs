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

use crate::site::{on_a_site, on_a_site_with, on_each_theme, post, term, text};

#[test]
fn an_empty_site_says_so_kindly_on_every_page() {
    on_each_theme(async |site| {
        assert!(site.page("/").await.contains("Nothing has been published yet."));
        assert!(site.page("/archive/").await.contains("Nothing has been published yet."));
        assert!(site.page("/tags/").await.contains("No post has a topic yet."));
    });
}

#[test]
fn what_is_not_there_gets_a_page_that_helps() {
    on_each_theme(async |site| {
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
    on_each_theme(async |site| {
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
    on_each_theme(async |site| {
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
    on_each_theme(async |site| {
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
    on_each_theme(async |site| {
        let html = site.page("/").await;
        assert!(html.contains(r#"<html lang="en""#) && !html.contains("dir=") && !html.contains("/accent.css"));
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
    on_each_theme(async |site| {
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

#[test]
fn a_theme_without_folds_shows_all_of_the_menu() {
    on_a_site_with("plain", async |site| {
        let item = |label: &str| Item { label: label.into(), url: Some(format!("/{label}/")), ..Item::default() };
        let items = vec![Item { children: vec![item("inside")], ..item("more") }];
        site.apply(PutMenu { name: "main".into(), expected: None, items }).await;
        let html = site.page("/").await;
        assert!(html.contains(r#"<a href="/more/">more</a>"#) && html.contains(r#"<a href="/inside/">inside</a>"#));
    });
}

#[test]
fn the_plain_theme_has_no_script_but_what_machines_read() {
    on_a_site_with("plain", async |site| {
        site.apply(ImportPost { tags: term("News"), authors: term("Ada"), ..post(1) }).await;
        for path in ["/", "/post-1/", "/archive/", "/tags/", "/tag/news/", "/author/ada/", "/nothing/"] {
            let html = text(&site.render(path).await);
            let scripts = html.matches("<script").count();
            assert_eq!(scripts, html.matches(r#"<script type="application/ld+json">"#).count(), "{path}");
        }
    });
}

#[test]
fn a_long_text_says_what_it_contains() {
    on_each_theme(async |site| {
        site.apply(ImportPost { markdown: "## One\n\n## Two & `x`\n\n### Inside\n\n".into(), ..post(1) }).await;
        site.apply(ImportPost { markdown: "## One\n\n## Two\n\n".into(), ..post(2) }).await;
        let html = site.page("/post-1/").await;
        assert!(html.contains("<summary>Contents</summary>"));
        assert!(html.contains(r##"<li><a href="#two-x">Two &amp; x</a></li>"##));
        assert!(html.contains(r##"<li class="below"><a href="#inside">Inside</a></li>"##));
        assert!(!site.page("/post-2/").await.contains("Contents"));
    });
}

#[test]
fn the_headings_of_a_text_come_under_its_title() {
    on_each_theme(async |site| {
        site.apply(ImportPost { markdown: "# One\n\n#### Two\n\n# Three\n\n".into(), ..post(1) }).await;
        let html = site.page("/post-1/").await;
        assert_eq!(html.matches("<h1").count(), 1);
        assert!(html.contains(r#"<h2 id="one">One"#) && html.contains(r#"<h3 id="two">Two"#));
        assert!(html.contains(r#"<h2 id="three">Three"#));
    });
}

#[test]
fn a_post_leads_to_others_of_its_topic() {
    on_each_theme(async |site| {
        for number in 1..=5 {
            site.apply(ImportPost { tags: term("Garden"), ..post(number) }).await;
        }
        site.apply(post(6)).await;
        let html = site.page("/post-5/").await;
        let (_, related) = html.split_once(r#"<h2 id="related">More on Garden</h2>"#).unwrap();
        assert!(related.contains(">Post 4<") && related.contains(">Post 2<") && !related.contains(">Post 1<"));
        assert!(!site.page("/post-6/").await.contains("More on"));
        let page = site.render("/post-5/").await;
        assert!(page.reads.iter().any(|read| read.tags.iter().any(|tag| tag.to_string() == "related")));
    });
}

#[test]
fn frames_of_other_sites_wait_until_they_are_wanted() {
    on_each_theme(async |site| {
        let markdown = r#"<iframe src="https://www.youtube.com/embed/abc" title="A film"></iframe>"#;
        site.apply(ImportPost { markdown: markdown.into(), ..post(1) }).await;
        let html = site.page("/post-1/").await;
        assert!(!html.contains("<iframe"));
        assert!(html.contains(r#"<a class="embed frame" href="https://www.youtube.com/embed/abc">A film</a>"#));
    });
}
