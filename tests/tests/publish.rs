//! The central promise: once an edit is answered, every page is what a site without a cache would make of the same
//! content, and pages that the edit does not change were not made again.

use std::collections::BTreeMap;

use perennial_tests::{Answer, Editor, Postgres, Site, Start, crawl};
use serde_json::{Value, json};

const POSTS: usize = 14;

/// A site that readers know in full.
struct World<'s> {
    editor: Editor<'s>,
    site: &'s Site,
    /// Ids, the oldest post first.
    posts: Vec<String>,
    before: BTreeMap<String, Answer>,
    renders: BTreeMap<String, u64>,
}

impl<'s> World<'s> {
    fn on(site: &'s Site) -> Self {
        let editor = site.signed_in();
        let posts = (0..POSTS).map(|n| {
            editor.published(json!({
                "title": format!("Post {n}"), "slug": format!("post-{n}"), "excerpt": format!("About {n}."),
                "markdown": format!("Text of {n}."), "tags": [if n % 2 == 0 { "Even" } else { "Odd" }, "Numbers"],
                "published_at": format!("2026-01-{:02}T10:00:00Z", n + 1),
            }))
        });
        let posts = posts.collect();
        editor.published(json!({"kind": "page", "title": "About", "slug": "about", "markdown": "Who we are."}));
        editor
            .put("/menus/main", json!({"items": [{"label": "About", "url": "/about/"}, {"label": "", "tag": "even"}]}));
        // Not found yet; an edit may change that.
        let before = crawl(site, ["/new-post/", "/renamed/", "/tag/fresh/"]);
        let renders = renders(&editor);
        Self { editor, site, posts, before, renders }
    }

    fn path(&self, post: usize) -> String {
        format!("/posts/{}", self.posts[post])
    }

    /// Changes a published post and publishes it again.
    fn publish(&self, post: usize, change: Value) -> Value {
        self.editor.patch(&self.path(post), change);
        self.editor.post(&format!("{}/publish", self.path(post)), json!({}))
    }
}

/// How often each page was made.
fn renders(editor: &Editor<'_>) -> BTreeMap<String, u64> {
    let pages = editor.get("/cache/pages?limit=1000");
    assert_eq!(pages["next"], Value::Null);
    let pages = pages["items"].as_array().expect("a list").iter();
    pages
        .map(|page| (page["path"].as_str().expect("a path").into(), page["renders"].as_u64().expect("a number")))
        .collect()
}

/// What an edit did to a site.
struct After {
    /// The paths whose pages are others now.
    changed: Vec<String>,
    /// The paths whose pages were made again and came out as they were.
    in_vain: Vec<String>,
}

impl After {
    #[track_caller]
    fn changed(&self, paths: &[&str]) {
        for path in paths {
            assert!(self.changed.iter().any(|changed| changed == path), "{path} is not among {:?}", self.changed);
        }
    }

    #[track_caller]
    fn unchanged(&self, paths: &[&str]) {
        for path in paths {
            assert!(self.changed.iter().all(|changed| changed != path), "{path} is among {:?}", self.changed);
        }
    }
}

/// Does an edit and looks at the whole site at once: it is as a fresh one would be, and what is as it was kept its validator.
fn after(edit: impl FnOnce(&World<'_>)) -> After {
    let site = Site::empty();
    let world = World::on(&site);
    edit(&world);
    let warm = crawl(&site, world.before.keys().map(String::as_str));
    let fresh = Start::default().with("PERENNIAL_CACHE_URL", "off").copy_of(&site).start();
    compare(&warm, &fresh);
    let renders = renders(&world.editor);
    let mut after = After { changed: Vec::new(), in_vain: Vec::new() };
    for (path, page) in warm {
        match world.before.get(&path) {
            Some(before) if before.body == page.body && before.status == page.status => {
                assert_eq!(page.etag(), before.etag(), "{path}");
                if renders.get(&path) != world.renders.get(&path) {
                    after.in_vain.push(path);
                }
            }
            _ => after.changed.push(path),
        }
    }
    after
}

fn compare(warm: &BTreeMap<String, Answer>, fresh: &Site) {
    for (path, page) in warm {
        let expected = fresh.get(path);
        assert_eq!(page.status, expected.status, "{path}");
        assert_eq!(page.text(), expected.text(), "{path}");
        for name in ["content-type", "location"] {
            assert_eq!(page.header(name), expected.header(name), "{path}");
        }
    }
}

/// As [`after`], and no page was made in vain. (It may be where a page asks for what it does not show, such as a card's tags.)
fn exactly_after(edit: impl FnOnce(&World<'_>)) -> After {
    let after = after(edit);
    assert_eq!(after.in_vain, [""; 0], "made again, and as they were");
    after
}

#[test]
fn after_an_edit_of_a_title_every_page_that_shows_it_is_new() {
    let after = exactly_after(|world| {
        let receipt = world.publish(3, json!({"title": "Another title"}));
        assert_eq!(receipt["affected"], receipt["fresh"], "{receipt}");
        assert!(world.site.get("/post-3/").text().contains("Another title"));
    });
    after.changed(&["/post-3/", "/tag/odd/"]);
    after.unchanged(&["/about/", "/tag/even/"]);
}

#[test]
fn after_an_edit_of_a_text_no_list_is_made_again() {
    let after = exactly_after(|world| {
        world.publish(3, json!({"markdown": "Other words."}));
    });
    after.changed(&["/post-3/"]);
    after.unchanged(&["/", "/archive/", "/tag/odd/", "/tag/numbers/", "/post-2/", "/post-4/"]);
}

#[test]
fn after_a_first_publication_the_post_is_everywhere_it_belongs() {
    let after = exactly_after(|world| {
        world
            .editor
            .published(json!({"title": "New post", "slug": "new-post", "markdown": "New.", "tags": ["Fresh", "Even"]}));
        assert_eq!(world.site.get("/new-post/").status, 200);
        assert_eq!(world.site.get("/tag/fresh/").status, 200);
    });
    after.changed(&["/", "/new-post/", "/tag/fresh/", "/tag/even/", "/rss.xml", "/sitemap.xml"]);
    after.unchanged(&["/tag/odd/"]);
}

#[test]
fn a_draft_changes_nothing_for_readers() {
    let after = exactly_after(|world| {
        world
            .editor
            .post("/posts", json!({"title": "Draft", "slug": "new-post", "markdown": "Not yet.", "tags": ["Even"]}));
        world.editor.patch(&world.path(3), json!({"title": "A working copy"}));
    });
    assert_eq!(after.changed, [""; 0]);
}

#[test]
fn after_other_tags_the_lists_of_old_and_new_tags_are_new() {
    let after = after(|world| {
        world.publish(3, json!({"tags": ["Even", "Fresh"]}));
    });
    after.changed(&["/tag/odd/", "/tag/even/", "/tag/fresh/", "/tag/numbers/", "/post-3/"]);
}

#[test]
fn after_another_slug_the_old_address_leads_to_the_new_one() {
    exactly_after(|world| {
        world.publish(3, json!({"slug": "renamed"}));
        let old = world.site.get("/post-3/");
        assert!((300..400).contains(&old.status), "{}", old.status);
        assert_eq!(old.header("location"), "/renamed/");
        assert_eq!(world.site.get("/renamed/").status, 200);
    });
}

#[test]
fn an_unpublished_post_is_nowhere_any_more() {
    exactly_after(|world| {
        world.editor.post(&format!("{}/unpublish", world.path(3)), json!({}));
        assert_eq!(world.site.get("/post-3/").status, 404);
        for (path, page) in crawl(world.site, []) {
            assert!(!page.text().contains("Post 3<") && !page.text().contains("Text of 3."), "{path}");
        }
    });
}

#[test]
fn a_trashed_post_is_gone_and_a_restored_one_stays_a_draft() {
    exactly_after(|world| {
        world.editor.delete(&world.path(3));
        assert!(matches!(world.site.get("/post-3/").status, 404 | 410));
        world.editor.post(&format!("{}/restore", world.path(3)), json!({}));
        assert!(matches!(world.site.get("/post-3/").status, 404 | 410));
    });
}

#[test]
fn after_another_name_of_a_tag_every_page_that_shows_it_is_new() {
    let after = after(|world| {
        let tags = world.editor.get("/tags");
        let tag = tags["items"].as_array().unwrap().iter().find(|tag| tag["slug"] == "even").expect("the tag");
        world.editor.patch(&format!("/tags/{}", tag["id"].as_str().unwrap()), json!({"name": "Even ones"}));
        assert!(world.site.get("/post-4/").text().contains("Even ones"));
    });
    // It stands in the menu of every page.
    after.changed(&["/about/", "/tags/"]);
}

#[test]
fn after_another_menu_every_page_shows_it() {
    let after = exactly_after(|world| {
        world.editor.put("/menus/main", json!({"items": [{"label": "Who", "url": "/about/"}]}));
        assert!(world.site.get("/post-5/").text().contains("Who"));
    });
    after.changed(&["/post-0/"]);
    after.unchanged(&["/sitemap.xml"]);
}

#[test]
fn after_another_title_of_the_site_every_page_shows_it() {
    let after = exactly_after(|world| {
        world.editor.patch("/settings", json!({"title": "Another name"}));
        assert!(world.site.get("/no-such-page/").text().contains("Another name"));
    });
    after.changed(&["/post-0/", "/rss.xml"]);
}

#[test]
fn on_postgresql_it_is_the_same() {
    let Some(database) = Postgres::new() else {
        println!("skipped: no PostgreSQL");
        return;
    };
    let site = Start::default().with("PERENNIAL_DATABASE_URL", &database.url()).start();
    let world = World::on(&site);
    world.publish(3, json!({"title": "Another title", "tags": ["Even", "Fresh"]}));
    world.publish(4, json!({"slug": "renamed"}));
    world.editor.post(&format!("{}/unpublish", world.path(5)), json!({}));
    world.editor.patch("/settings", json!({"title": "Another name"}));
    let warm = crawl(&site, world.before.keys().map(String::as_str));
    let fresh = Start::default().with("PERENNIAL_DATABASE_URL", &database.url()).with("PERENNIAL_CACHE_URL", "off");
    compare(&warm, &fresh.start());
    site.stop();
}

#[test]
fn a_change_that_was_made_while_the_site_was_down_is_seen_after_its_start() {
    let site = Site::empty();
    let world = World::on(&site);
    world.publish(3, json!({"title": "Before the kill"}));
    site.kill_9();
    site.start();
    assert!(site.get("/post-3/").text().contains("Before the kill"));
    assert!(site.get("/rss.xml").text().contains("Before the kill"));
}
