//! What editors find: filters, search, order, pages.

use perennial::{
    content::{
        command::post::{PostPatch, Trash},
        library::{self, PostPage, PostQuery, PostSort, StatusCounts},
    },
    model::post::Status,
};

use crate::site::{Site, on_each_database, tagged, titled};

async fn found(site: &Site, query: PostQuery) -> PostPage {
    library::posts(&site.db.readers, &site.permalinks, &query).await.unwrap()
}

fn titles(page: &PostPage) -> Vec<&str> {
    page.items.iter().map(|post| post.title.as_str()).collect()
}

#[test]
fn posts_are_filtered_and_counted() {
    on_each_database(async |site| {
        site.published(tagged("One", &["News"])).await;
        site.draft(tagged("Two", &["News"])).await;
        let three = site.draft(titled("Three")).await;
        site.apply(Trash { id: three, expected: None }).await;

        let all = found(&site, PostQuery::default()).await;
        assert_eq!((titles(&all), all.total), (vec!["Two", "One"], 2));
        assert_eq!(all.counts, StatusCounts { draft: 1, published: 1, trashed: 1, ..Default::default() });
        let drafts = found(&site, PostQuery { status: Some(Status::Draft), ..Default::default() }).await;
        assert_eq!((titles(&drafts), drafts.total), (vec!["Two"], 1));
        assert_eq!(drafts.counts, all.counts, "the other tabs keep their numbers");
        let trash = found(&site, PostQuery { status: Some(Status::Trashed), ..Default::default() }).await;
        assert_eq!(titles(&trash), ["Three"]);
        let tagged = found(&site, PostQuery { tag: Some("news".into()), ..Default::default() }).await;
        assert_eq!(tagged.total, 2);
        assert_eq!(tagged.items[0].tags[0].name, "News");
        assert_eq!(library::tags(&site.db.readers, &Default::default()).await.unwrap().items[0].posts, 2);
    });
}

#[test]
fn words_are_found_in_any_case_and_taken_as_they_are() {
    on_each_database(async |site| {
        site.published(PostPatch { markdown: Some("Vom **ÄPFEL** Pflücken".into()), ..titled("Obst") }).await;
        site.published(titled("100% wool_en")).await;
        let search = async |q: &str| {
            let page = found(&site, PostQuery { q: Some(q.into()), ..Default::default() }).await;
            titles(&page).join(" ")
        };
        assert_eq!(search("äpfel").await, "Obst");
        assert_eq!(search("PFLÜCKEN obst").await, "Obst");
        assert_eq!(search("birne").await, "");
        assert_eq!(search("100%").await, "100% wool_en");
        assert_eq!(search("wool").await, "100% wool_en");
        assert_eq!(search("apf").await, "Obst", "the last word goes on, and accents may be left out");
        assert_eq!(search("%").await, "");
        assert_eq!(search("o_e").await, "");
        assert_eq!(search(" ").await, "100% wool_en Obst", "nothing was asked");
    });
}

#[test]
fn every_order_goes_through_all_posts_once() {
    on_each_database(async |site| {
        for title in ["b", "a", "~tilde~", "a"] {
            site.published(titled(title)).await;
        }
        site.draft(titled("c")).await;
        site.draft(titled("d")).await;
        for (sort, expected) in [
            (PostSort::UpdatedLast, "d c a ~tilde~ a b"),
            (PostSort::UpdatedFirst, "b a ~tilde~ a c d"),
            (PostSort::PublishedLast, "d c a ~tilde~ a b"),
            (PostSort::PublishedFirst, "b a ~tilde~ a c d"),
        ] {
            let mut seen = Vec::new();
            let mut cursor = None;
            loop {
                let page = found(&site, PostQuery { sort, limit: Some(2), cursor, ..Default::default() }).await;
                assert_eq!(page.total, 6);
                seen.extend(titles(&page).into_iter().map(str::to_owned));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen.join(" "), expected, "{sort:?}");
        }
        for sort in [PostSort::Title, PostSort::TitleBackwards] {
            let first = found(&site, PostQuery { sort, limit: Some(4), ..Default::default() }).await;
            let rest = found(&site, PostQuery { sort, cursor: first.next.clone(), ..Default::default() }).await;
            let mut all: Vec<_> = first.items.iter().chain(&rest.items).map(|post| post.id).collect();
            assert_eq!(all.len(), 6);
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 6, "{sort:?} shows each post once");
        }
        let query = PostQuery { cursor: Some("elsewhere".into()), ..Default::default() };
        assert!(library::posts(&site.db.readers, &site.permalinks, &query).await.is_err());
    });
}

#[test]
fn what_was_done_is_on_record() {
    on_each_database(async |site| {
        let id = site.published(titled("Hello")).await;
        site.apply(Trash { id, expected: None }).await;
        let lines = library::audit(&site.db.readers, &Default::default()).await.unwrap();
        let actions: Vec<_> = lines.items.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["trash", "publish", "create"]);
        assert_eq!(lines.items[0].entity_id, id.to_string());
    });
}
