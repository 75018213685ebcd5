//! What programs read: feeds, the sitemap, robots.txt.

use perennial::content::{command::post::ImportPost, read::Kind};
use serde_json::Value;

use crate::site::{Posts, on_a_site, on_each_theme, post, term, text};

#[test]
fn feeds_hold_the_newest_twenty_posts_in_full() {
    on_each_theme(async |site| {
        for number in 1..=21 {
            let markdown = format!("Text {number} with [a link](/post-1/) and `code`.");
            site.apply(ImportPost { markdown, tags: term("News"), authors: term("Ada"), ..post(number) }).await;
        }
        for (path, kind, item) in
            [("/rss.xml", "application/rss+xml", "<item>"), ("/atom.xml", "application/atom+xml", "<entry>")]
        {
            let feed = site.render(path).await;
            assert!(feed.content_type.starts_with(kind), "{path}");
            let xml = text(&feed);
            assert!(xml.starts_with("<?xml"), "{path}");
            assert_eq!(xml.matches(item).count(), 20, "{path}");
            assert!(xml.contains("<title>Post 21</title>") && !xml.contains("<title>Post 1</title>"), "{path}");
            assert!(xml.contains("&lt;a href=&quot;https://example.org/post-1/&quot;&gt;a link&lt;/a&gt;"), "{path}");
        }
        let feed: Value = serde_json::from_str(&site.page("/feed.json").await).unwrap();
        assert_eq!(feed["items"].as_array().unwrap().len(), 20);
        assert_eq!(feed["items"][0]["url"], "https://example.org/post-21/");
        assert_eq!(feed["items"][0]["authors"][0]["name"], "Ada");
        assert_eq!(feed["items"][0]["tags"][0], "News");
        assert_eq!(
            feed["items"][0]["content_html"],
            "<p>Text 21 with <a href=\"https://example.org/post-1/\">a link</a> and <code>code</code>.</p>\n"
        );
    });
}

#[test]
fn a_tag_has_a_feed_of_its_own() {
    on_each_theme(async |site| {
        site.apply(ImportPost { tags: term("News"), ..post(1) }).await;
        site.apply(post(2)).await;
        assert!(site.page("/tag/news/").await.contains(r#"href="/tag/news/rss.xml" title="News · Perennial""#));
        let xml = site.page("/tag/news/rss.xml").await;
        assert!(
            xml.contains("<title>News · Perennial</title>") && xml.contains("https://example.org/tag/news/rss.xml")
        );
        assert!(xml.contains("<title>Post 1</title>") && !xml.contains("<title>Post 2</title>"));
        assert_eq!(site.render("/tag/nothing/rss.xml").await.status, 404);
        assert!(site.page("/tag/news/atom.xml").await.contains("<id>https://example.org/tag/news/</id>"));
        let feed: Value = serde_json::from_str(&site.page("/tag/news/feed.json").await).unwrap();
        assert_eq!(feed["feed_url"], "https://example.org/tag/news/feed.json");
        assert_eq!(feed["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn an_author_has_feeds_too() {
    on_a_site(async |site| {
        site.apply(ImportPost { authors: term("Ada"), ..post(1) }).await;
        site.apply(ImportPost { authors: term("Bob"), ..post(2) }).await;
        for file in ["rss.xml", "atom.xml", "feed.json"] {
            let feed = site.page(&format!("/author/ada/{file}")).await;
            assert!(feed.contains("Ada · Perennial") && feed.contains("Post 1") && !feed.contains("Post 2"), "{feed}");
            assert!(site.page("/author/ada/").await.contains(&format!("href=\"/author/ada/{file}\"")));
        }
    });
}

#[test]
fn feeds_of_an_empty_site_are_feeds() {
    on_each_theme(async |site| {
        assert!(site.page("/rss.xml").await.contains("<title>Perennial</title>"));
        assert!(site.page("/atom.xml").await.contains("<updated>"));
        let feed: Value = serde_json::from_str(&site.page("/feed.json").await).unwrap();
        assert_eq!(feed["items"], Value::Array(Vec::new()));
    });
}

#[test]
fn the_sitemap_names_every_page_and_when_it_changed() {
    on_each_theme(async |site| {
        site.apply(ImportPost { tags: term("News"), authors: term("Ada"), ..post(1) }).await;
        site.apply(ImportPost { kind: Kind::Page, ..post(2) }).await;
        let map = site.page("/sitemap.xml").await;
        for path in ["/", "/archive/", "/tags/", "/tag/news/", "/author/ada/"] {
            assert!(map.contains(&format!("<loc>https://example.org{path}</loc>")), "{path}");
        }
        for (path, day) in [("/post-1/", "2026-01-02"), ("/post-2/", "2026-01-03")] {
            let url = format!("<loc>https://example.org{path}</loc><lastmod>{day}T00:00:00Z</lastmod>");
            assert!(map.contains(&url), "{path}");
        }
        assert!(site.page("/robots.txt").await.contains("Sitemap: https://example.org/sitemap.xml"));
    });
}

#[test]
fn the_sitemap_of_a_large_site_has_parts_and_a_new_post_changes_the_last() {
    on_each_theme(async |site| {
        site.apply(Posts((1..=2_100).map(post))).await;
        let index = site.page("/sitemap.xml").await;
        assert!(index.contains("<sitemapindex"));
        let parts: Vec<_> = ["0", "1", "2"].map(|n| format!("<loc>https://example.org/sitemap/{n}/</loc>")).into();
        assert_eq!(index.matches("<loc>").count(), parts.len());
        assert!(parts.iter().all(|part| index.contains(part)));

        assert!(site.page("/sitemap/0/").await.contains("<loc>https://example.org/archive/</loc>"));
        let old = site.render("/sitemap/1/").await;
        let new = site.render("/sitemap/2/").await;
        assert_eq!(text(&old).matches("<url>").count() + text(&new).matches("<url>").count(), 2_100);
        assert_eq!(site.render("/sitemap/3/").await.status, 404);
        site.apply(post(2_101)).await;
        assert!(site.is_still_right(&old).await && !site.is_still_right(&new).await);
    });
}
