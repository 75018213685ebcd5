//! What a post was before can be looked at and gone back to, and nothing is lost by that.

use perennial::content::{
    command::post::{GoBack, KeepRevision, PostPatch},
    library,
};

use crate::site::{Site, on_each_database, publish, save, tagged, titled};

async fn titles(site: &Site, post: uuid::Uuid) -> Vec<String> {
    let kept = library::revisions(&site.db.readers, post, &Default::default()).await.unwrap();
    kept.items.into_iter().map(|kept| kept.title).collect()
}

#[test]
fn going_back_keeps_what_was_there_and_shows_readers_nothing() {
    on_each_database(async |site| {
        let id = site.published(PostPatch { markdown: Some("Old".into()), ..tagged("One", &["News"]) }).await;
        site.apply(save(id, PostPatch { markdown: Some("New".into()), ..tagged("Two", &[]) })).await;
        assert!(site.tags(GoBack { id, expected: None, to: 2 }).await.is_empty());

        let shown = library::post(&site.db.readers, &site.permalinks, id).await.unwrap().unwrap();
        assert_eq!((shown.summary.title.as_str(), shown.markdown.as_str()), ("One", "Old"));
        assert_eq!(shown.summary.tags[0].name, "News");
        assert!(!shown.summary.has_changes, "it is what readers see");
        assert_eq!(titles(&site, id).await, ["Two", "One", "One"]);

        let kept = library::revision(&site.db.readers, id, 3).await.unwrap().unwrap();
        assert_eq!((kept.summary.title.as_str(), kept.markdown.as_str(), kept.tags.len()), ("Two", "New", 0));
        site.apply(GoBack { id, expected: None, to: 3 }).await;
        site.apply(publish(id)).await;
        assert_eq!(site.public(id).await.unwrap().card.title, "Two");
    });
}

#[test]
fn a_version_is_kept_once_however_often_it_is_asked_for() {
    on_each_database(async |site| {
        let id = site.published(titled("One")).await;
        site.apply(save(id, titled("Two"))).await;
        assert_eq!(site.apply(KeepRevision { id, expected: None }).await, 3);
        assert_eq!(site.apply(KeepRevision { id, expected: Some(3) }).await, 3);
        assert_eq!(titles(&site, id).await, ["Two", "One", "One"]);
        assert!(library::revision(&site.db.readers, id, 9).await.unwrap().is_none());
    });
}
