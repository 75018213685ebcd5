//! Paths that something left lead to where it is, in one step and never in a circle.

use perennial::content::{
    command::{
        post::{PostPatch, Trash},
        redirect::{DeleteRedirect, PutRedirect},
        tag::UpdateTag,
    },
    read::{Answer, Claim, Read},
};
use uuid::Uuid;

use crate::site::{Site, on_each_database, publish, save, tagged, titled};

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
