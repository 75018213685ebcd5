//! Paths that something left lead to where it is, in one step and never in a circle.

use perennial::content::{
    command::{
        post::{PostPatch, Restore, Trash, Unpublish},
        redirect::{DeleteRedirect, PutRedirect},
        redirects::PutRedirects,
        tag::{DeleteTag, UpdateTag},
        visits::{CountVisits, MOST_MISSING},
    },
    library,
    read::{Answer, Claim, Read},
};
use uuid::Uuid;

use crate::site::{Site, on_each_database, on_sqlite, publish, save, set, tagged, titled};

async fn rename(site: &Site, id: Uuid, slug: &str) {
    site.apply(save(id, PostPatch { slug: Some(slug.into()), ..Default::default() })).await;
    site.apply(publish(id)).await;
}

async fn leads_to(site: &Site, path: &str) -> Option<String> {
    match site.ask(&Read::At { path: path.into() }).await.answer {
        Answer::At(Some(Claim::Redirect { to, .. })) => Some(to),
        _ => None,
    }
}

fn put(from: &str, to: &str) -> PutRedirect {
    PutRedirect { from: from.into(), to: to.into(), status: 308 }
}

#[test]
fn a_renamed_post_is_found_under_all_its_names() {
    on_each_database(async |site| {
        let id = site.published(titled("A")).await;
        rename(&site, id, "b").await;
        rename(&site, id, "c").await;
        assert_eq!(leads_to(&site, "/a/").await.as_deref(), Some("/c/"));
        assert_eq!(leads_to(&site, "/b/").await.as_deref(), Some("/c/"));
        rename(&site, id, "a").await;
        assert_eq!(leads_to(&site, "/a/").await, None, "it is read there");
        assert_eq!(leads_to(&site, "/b/").await.as_deref(), Some("/a/"));
        assert_eq!(leads_to(&site, "/c/").await.as_deref(), Some("/a/"));
    });
}

#[test]
fn a_rename_announces_every_path_that_leads_elsewhere_now() {
    on_each_database(async |site| {
        let id = site.published(titled("A")).await;
        rename(&site, id, "b").await;
        site.apply(save(id, PostPatch { slug: Some("c".into()), ..Default::default() })).await;
        let tags = site.tags(publish(id)).await;
        for tag in ["path:/a/", "path:/b/", "slug:post:b", "slug:post:c"] {
            assert!(tags.contains(tag), "{tag} in {tags:?}");
        }
        assert!(!tags.contains("posts:post"), "no list changed its members: {tags:?}");
    });
}

#[test]
fn a_new_post_takes_its_path_from_a_redirect() {
    on_each_database(async |site| {
        let first = site.published(titled("A")).await;
        rename(&site, first, "b").await;
        let second = site.draft(titled("A")).await;
        assert!(site.tags(publish(second)).await.contains("path:/a/"));
        assert_eq!(leads_to(&site, "/a/").await, None);
        site.apply(Trash { id: second, expected: None }).await;
    });
}

#[test]
fn redirects_by_hand_are_flattened_and_never_a_circle() {
    on_each_database(async |site| {
        site.apply(put("/x/", "/y/")).await;
        assert!(site.tags(put("/y/", "/z/")).await.contains("path:/x/"));
        assert_eq!(leads_to(&site, "/x/").await.as_deref(), Some("/z/"));
        site.apply(put("/w/", "/x/")).await;
        assert_eq!(leads_to(&site, "/w/").await.as_deref(), Some("/z/"));
        assert_eq!(site.refused(put("/z/", "/x/")).await, "invalid");
        assert_eq!(site.refused(put("/z/", "/z/")).await, "invalid");
        assert_eq!(site.refused(put("z", "/x/")).await, "invalid");
        assert_eq!(site.refused(put("/q/", "javascript:alert(1)")).await, "invalid");
        site.apply(put("/q/", "https://example.org/")).await;
        assert!(site.tags(put("/q/", "https://example.org/")).await.is_empty(), "nothing changed");
        assert_eq!(site.tags(DeleteRedirect { from: "/q/".into() }).await.len(), 1);
        assert_eq!(site.refused(DeleteRedirect { from: "/q/".into() }).await, "not_found");
    });
}

#[test]
fn what_is_thrown_away_is_gone_until_something_is_published_there() {
    on_each_database(async |site| {
        let gone =
            async |path: &str| site.ask(&Read::At { path: path.into() }).await.answer == Answer::At(Some(Claim::Gone));
        let id = site.published(titled("A")).await;
        assert!(site.tags(Trash { id, expected: None }).await.contains("path:/a/"));
        assert!(gone("/a/").await);
        site.apply(Restore { id, expected: None }).await;
        assert!(gone("/a/").await, "nothing is there yet");
        site.apply(publish(id)).await;
        assert!(!gone("/a/").await);

        site.apply(Unpublish { id, expected: None }).await;
        assert!(!gone("/a/").await, "it may come back");
        site.apply(Trash { id, expected: None }).await;
        assert!(gone("/a/").await, "readers saw it once");

        let other = site.published(titled("A")).await;
        assert!(!gone("/a/").await);
        site.apply(Unpublish { id: other, expected: None }).await;
        let draft = site.draft(titled("Never seen")).await;
        site.apply(Trash { id: draft, expected: None }).await;
        assert!(!gone("/never-seen/").await, "nobody saw it");
    });
}

#[test]
fn a_tag_that_is_deleted_is_gone_and_comes_back_with_a_post() {
    on_each_database(async |site| {
        let id = site.published(tagged("Hello", &["News"])).await;
        let tag = site.public(id).await.unwrap().card.tags[0].id;
        let at = async || site.ask(&Read::At { path: "/tag/news/".into() }).await.answer;
        site.apply(DeleteTag { id: tag, expected: None }).await;
        assert_eq!(at().await, Answer::At(Some(Claim::Gone)));
        site.published(tagged("Again", &["News"])).await;
        assert_eq!(at().await, Answer::At(None));
    });
}

#[test]
fn rules_lead_many_paths_and_never_in_a_circle() {
    on_each_database(async |site| {
        let to = async |path: &str| match site.ask(&Read::Rules).await.answer {
            Answer::Rules(rules) => rules.lead(path).map(|led| led.to(str::to_owned)),
            other => panic!("no rules: {other:?}"),
        };
        assert_eq!(site.tags(put("/old/{rest*}", "/new/{rest}")).await, set(["redirects".into()]));
        site.apply(put("/blog/*", "/*")).await;
        assert_eq!(to("/old/a/b").await.as_deref(), Some("/new/a/b"));
        assert_eq!(to("/blog/hello/").await.as_deref(), Some("/hello/"));
        assert_eq!(site.ask(&Read::At { path: "/blog/*".into() }).await.answer, Answer::At(None), "a rule is no path");
        for (from, to) in
            [("/new/*", "/old/*"), ("/x/{a*}", "/x/y/{a}"), ("/{a", "/"), ("/{a}/", "/{b}/"), ("/q/*", "")]
        {
            assert_eq!(site.refused(put(from, to)).await, "invalid", "{from}");
        }
        assert_eq!(to("/new/a").await, None, "what was refused is not there");
        let table = (1..).zip([put("/one/", "/1/"), put("two", "/2/")]).collect();
        assert_eq!(site.refused(PutRedirects { lines: table }).await, "invalid");
        assert_eq!(leads_to(&site, "/one/").await, None, "all of them, or none");
    });
}

#[test]
fn what_readers_meet_is_counted_and_changes_no_page() {
    on_each_database(async |site| {
        site.apply(put("/a/", "/b/")).await;
        site.apply(put("/old/*", "/new/*")).await;
        let before = site.revision().await;
        let counts = |paths: &[(&str, u32)]| paths.iter().map(|(path, count)| ((*path).into(), *count)).collect();
        for _ in 0..2 {
            let led = counts(&[("/a/", 2), ("/old/x", 1), ("/old/y", 1), ("/archive", 5)]);
            site.apply(CountVisits { led, missed: counts(&[("/lost/", 3), ("/old-lost/", 1)]) }).await;
        }
        assert_eq!(site.revision().await, before);
        let hits = library::redirects(&site.db.readers, &Default::default()).await.unwrap();
        let hits: Vec<_> = hits.items.iter().map(|row| (row.from.as_str(), row.hits)).collect();
        assert_eq!(hits, [("/a/", 4), ("/old/*", 4)]);
        let lost = async || library::missing(&site.db.readers, &Default::default()).await.unwrap();
        assert_eq!((lost().await.total, lost().await.items[0].path.as_str()), (2, "/lost/"));
        site.apply(put("/lost/", "/b/")).await;
        assert_eq!(lost().await.items[0].path, "/old-lost/");
        site.apply(put("/{any}/", "/new/page/")).await;
        assert_eq!(lost().await.total, 0);
    });
}

#[test]
fn no_reader_makes_the_list_of_missing_paths_grow_for_ever() {
    on_sqlite(async |site| {
        site.apply(CountVisits { missed: [("/wanted/".to_owned(), 2)].into(), ..Default::default() }).await;
        for round in 0..6 {
            let missed = (0..1_000).map(|n| (format!("/bogus-{round}-{n}/"), 1)).collect();
            site.apply(CountVisits { missed, ..Default::default() }).await;
        }
        let lost = library::missing(&site.db.readers, &Default::default()).await.unwrap();
        assert_eq!((lost.total, lost.items[0].path.as_str()), (MOST_MISSING, "/wanted/"));
    });
}

#[test]
fn a_renamed_tag_leads_from_its_old_page_and_moves_posts_below_it() {
    on_each_database(async |mut site| {
        site.permalinks.post = "/{primary_tag}/{slug}/".parse().unwrap();
        let id = site.published(tagged("Hello", &["News"])).await;
        let tag = site.public(id).await.unwrap().card.tags[0].id;
        let tags = site.tags(UpdateTag { id: tag, slug: Some("aktuell".into()), ..Default::default() }).await;
        assert!(tags.contains("path:/news/hello/") && tags.contains("path:/tag/news/"), "{tags:?}");
        assert_eq!(leads_to(&site, "/tag/news/").await.as_deref(), Some("/tag/aktuell/"));
        assert_eq!(leads_to(&site, "/news/hello/").await.as_deref(), Some("/aktuell/hello/"));
    });
}
