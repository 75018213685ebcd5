//! Lists: what they show, how their pages are numbered, and what a new post changes.

use perennial::content::command::post::ImportPost;

use crate::site::{Posts, on_a_site, on_each_theme, post, term};

fn tagged(number: u16) -> ImportPost {
    ImportPost { tags: term("News"), authors: term("Ada"), ..post(number) }
}

#[test]
fn the_home_page_shows_the_newest_posts_first() {
    on_each_theme(async |site| {
        site.apply(Posts((1..=12).map(post))).await;
        let html = site.page("/").await;
        assert!(html.find(">Post 12<") < html.find(">Post 11<"));
        assert!(html.contains(">Post 3<") && !html.contains(">Post 2<"), "ten posts");
        assert!(html.contains(r#"<a href="/archive/">All posts</a>"#));
    });
}

#[test]
fn the_archive_counts_its_pages_from_the_oldest_post() {
    on_each_theme(async |site| {
        site.apply(Posts((1..=120).map(post))).await;
        let newest = site.page("/archive/").await;
        assert!(newest.contains(">Post 120<") && newest.contains(">Post 51<") && !newest.contains(">Post 50<"));
        assert!(newest.contains(r#"<a rel="next" href="/archive/1/">"#));

        let first = site.page("/archive/1/").await;
        assert!(first.contains(">Post 50<") && first.contains(">Post 1<") && !first.contains(">Post 51<"));
        assert!(first.contains(r#"<a rel="prev" href="/archive/2/">"#));
        assert!(first.contains(r#"rel="canonical" href="https://example.org/archive/1/""#));

        // The newest page has a number too, and says that its address is the one without.
        assert!(site.page("/archive/2/").await.contains(r#"rel="canonical" href="https://example.org/archive/""#));
        assert_eq!(site.render("/archive/3/").await.status, 404);
    });
}

#[test]
fn a_new_post_leaves_old_pages_of_lists_as_they_are() {
    on_each_theme(async |site| {
        site.apply(Posts((1..=120).map(tagged))).await;
        let old = ["/archive/1/", "/tag/news/page/3/", "/author/ada/page/3/", "/post-60/", "/tag/news/page/9/"];
        let mut pages = Vec::new();
        for path in old {
            pages.push((path, site.render(path).await));
        }
        let newest = site.render("/tag/news/").await;
        let home = site.render("/").await;
        site.apply(tagged(121)).await;
        for (path, page) in &pages {
            assert!(site.is_still_right(page).await, "{path}");
        }
        assert!(!site.is_still_right(&newest).await && !site.is_still_right(&home).await);
    });
}

#[test]
fn a_tag_and_an_author_list_their_posts_on_pages_of_their_own() {
    on_each_theme(async |site| {
        site.apply(Posts((1..=30).map(tagged))).await;
        site.apply(ImportPost { tags: term("Other"), ..post(31) }).await;
        for (path, name) in [("/tag/news/", "News"), ("/author/ada/", "Ada")] {
            let html = site.page(path).await;
            assert!(html.contains(&format!("<h1>{name}</h1>")), "{path}");
            assert!(html.contains(">Post 30<") && !html.contains(">Post 31<") && !html.contains(">Post 20<"), "{path}");
            assert!(html.contains(&format!(r#"<a rel="next" href="{path}page/2/">"#)), "{path}");
            let older = site.page(&format!("{path}page/2/")).await;
            assert!(older.contains(&format!("<h1>{name}, page 2</h1>")), "{path}");
            assert!(older.contains(">Post 20<") && older.contains(">Post 11<"), "{path}");
            assert_eq!(site.render(&format!("{path}page/4/")).await.status, 404);
        }
        let topics = site.page("/tags/").await;
        assert!(topics.contains(r#"<a href="/tag/news/">News</a> <span>30 posts</span>"#));
        assert!(topics.contains(r#"<a href="/tag/other/">Other</a> <span>1 post</span>"#));
    });
}

#[test]
fn what_is_featured_stands_before_the_newest_posts_and_not_among_them() {
    on_a_site(async |site| {
        site.apply(ImportPost { featured: true, ..post(1) }).await;
        site.apply(post(2)).await;
        let html = site.page("/").await;
        assert_eq!(html.matches(">Post 1<").count(), 1);
        assert!(html.contains(r#"<section class="featured" aria-label="Featured">"#));
        assert!(html.find(">Post 1<") < html.find(">Post 2<"));
    });
}
