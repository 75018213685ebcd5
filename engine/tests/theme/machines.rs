//! What search engines and social sites are told of a page.

use perennial::content::{command::post::ImportPost, read::Kind};
use serde_json::Value;

use crate::site::{Site, on_a_site, on_each_theme, post, term};

/// The page's structured data by type.
async fn told(site: &Site, path: &str, kind: &str) -> Option<Value> {
    let html = site.page(path).await;
    let data = html.split_once(r#"<script type="application/ld+json">"#).unwrap().1.split_once("</script>").unwrap().0;
    let data: Value = serde_json::from_str(data).unwrap();
    data["@graph"].as_array().unwrap().iter().find(|thing| thing["@type"] == kind).cloned()
}

#[test]
fn each_kind_of_page_says_what_it_is() {
    on_each_theme(async |site| {
        site.apply(ImportPost { tags: term("News"), authors: term("Ada"), ..post(1) }).await;
        site.apply(ImportPost { kind: Kind::Page, ..post(2) }).await;
        let article = told(&site, "/post-1/", "BlogPosting").await.unwrap();
        assert_eq!(article["headline"], "Post 1");
        assert_eq!(article["datePublished"], "2026-01-02T00:00:00Z");
        assert_eq!(article["author"][0]["url"], "https://example.org/author/ada/");
        let trail = told(&site, "/post-1/", "BreadcrumbList").await.unwrap();
        let steps: Vec<_> = trail["itemListElement"].as_array().unwrap().iter().map(|step| &step["item"]).collect();
        assert_eq!(steps, ["https://example.org/", "https://example.org/tag/news/", "https://example.org/post-1/"]);

        assert_eq!(told(&site, "/post-2/", "WebPage").await.unwrap()["name"], "Post 2");
        assert!(told(&site, "/post-2/", "BlogPosting").await.is_none());
        assert_eq!(told(&site, "/tag/news/", "CollectionPage").await.unwrap()["name"], "News");
        let profile = told(&site, "/author/ada/", "ProfilePage").await.unwrap();
        assert_eq!(profile["mainEntity"]["name"], "Ada");
        assert_eq!(told(&site, "/", "WebSite").await.unwrap()["url"], "https://example.org/");
        assert_eq!(told(&site, "/", "Blog").await.unwrap()["name"], "Perennial");
        assert_eq!(article["isPartOf"]["@id"], told(&site, "/", "Blog").await.unwrap()["@id"]);
        let trail = told(&site, "/author/ada/", "BreadcrumbList").await.unwrap();
        assert_eq!(trail["itemListElement"][1]["name"], "Ada");
    });
}

#[test]
fn a_post_is_an_article_for_social_sites_and_a_page_is_none() {
    on_each_theme(async |site| {
        let image = Some("/media/a.jpg".to_owned());
        let one = ImportPost { tags: term("News"), authors: term("Ada"), ..post(1) };
        site.apply(ImportPost { feature_image: image, excerpt: Some("In short".into()), ..one }).await;
        site.apply(ImportPost { kind: Kind::Page, ..post(2) }).await;
        let html = site.page("/post-1/").await;
        for (property, content) in [
            ("og:type", "article"),
            ("og:title", "Post 1"),
            ("og:description", "In short"),
            ("og:image", "https://example.org/media/a.jpg"),
            ("article:published_time", "2026-01-02T00:00:00Z"),
            ("article:section", "News"),
            ("article:tag", "News"),
            ("article:author", "https://example.org/author/ada/"),
        ] {
            assert!(html.contains(&format!(r#"<meta property="{property}" content="{content}">"#)), "{property}");
        }
        assert!(site.page("/post-2/").await.contains(r#"<meta property="og:type" content="website">"#));
    });
}

#[test]
fn pages_of_a_list_name_those_beside_them() {
    on_a_site(async |site| {
        for number in 1..=35 {
            site.apply(ImportPost { tags: term("News"), ..post(number) }).await;
        }
        let html = site.page("/tag/news/page/2/").await;
        assert!(html.contains(r#"<link rel="prev" href="/tag/news/page/3/">"#), "{html}");
        assert!(html.contains(r#"<link rel="next" href="/tag/news/page/1/">"#), "{html}");
        assert!(!site.page("/post-1/").await.contains(r#"<link rel="next""#));
    });
}
