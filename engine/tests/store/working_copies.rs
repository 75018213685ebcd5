//! Edits of a published post wait in its working copy.

use perennial::content::{
    command::post::{PostPatch, Unpublish},
    library,
};

use crate::site::{on_each_database, publish, save, tagged, titled};

#[test]
fn readers_see_an_edit_when_it_is_published() {
    on_each_database(async |site| {
        let id = site.published(titled("Hello")).await;
        assert!(site.tags(save(id, tagged("Better", &["News"]))).await.is_empty());
        assert_eq!(site.public(id).await.unwrap().card.title, "Hello");
        let shown = library::post(&site.db.readers, &site.permalinks, id).await.unwrap().unwrap();
        assert_eq!((shown.summary.title.as_str(), shown.summary.has_changes), ("Better", true));
        assert_eq!(shown.summary.tags[0].name, "News");
        assert_eq!(shown.summary.version, 3);

        site.apply(publish(id)).await;
        assert_eq!(site.public(id).await.unwrap().card.title, "Better");
        let shown = library::post(&site.db.readers, &site.permalinks, id).await.unwrap().unwrap();
        assert!(!shown.summary.has_changes);
    });
}

#[test]
fn an_edit_taken_back_by_hand_leaves_no_working_copy() {
    on_each_database(async |site| {
        let id = site.published(titled("Hello")).await;
        site.apply(save(id, titled("Better"))).await;
        site.apply(save(id, titled("Hello"))).await;
        let shown = library::post(&site.db.readers, &site.permalinks, id).await.unwrap().unwrap();
        assert!(!shown.summary.has_changes);
    });
}

#[test]
fn unpublishing_keeps_the_edits() {
    on_each_database(async |site| {
        let id = site.published(titled("Hello")).await;
        site.apply(save(id, titled("Better"))).await;
        site.apply(Unpublish { id, expected: None }).await;
        let shown = library::post(&site.db.readers, &site.permalinks, id).await.unwrap().unwrap();
        assert_eq!((shown.summary.title.as_str(), shown.summary.has_changes), ("Better", false));
    });
}

#[test]
fn each_published_version_is_kept() {
    on_each_database(async |site| {
        let id = site.published(titled("One")).await;
        site.apply(save(id, titled("Two"))).await;
        site.apply(publish(id)).await;
        let kept = library::revisions(&site.db.readers, id, &Default::default()).await.unwrap();
        let titles: Vec<_> = kept.items.iter().map(|kept| (kept.title.as_str(), kept.version)).collect();
        assert_eq!(titles, [("Two", 4), ("One", 2), ("One", 1)]);
    });
}

#[test]
fn a_preview_shows_what_publishing_would() {
    on_each_database(async |site| {
        let id = site.published(titled("Hello")).await;
        let text = PostPatch { markdown: Some("Some *words*".into()), ..tagged("Better", &["News"]) };
        site.apply(save(id, text)).await;
        let preview = library::preview(&site.db.readers, id, site.now(), false).await.unwrap().unwrap();
        site.apply(publish(id)).await;
        let mut public = (*site.public(id).await.unwrap()).clone();
        public.updated_at = preview.updated_at;
        assert_eq!(preview, public);
    });
}
