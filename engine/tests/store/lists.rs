//! Lists: their members, order and page numbers.

use perennial::content::{
    command::{
        author::CreateAuthor,
        post::{PostPatch, Trash},
    },
    read::{Answer, Fields, Filter, Limit, Order, PageNumber, Read, Window},
    time::Time,
};
use uuid::Uuid;

use crate::{
    reads::{posts, window},
    site::{START, Site, on_each_database, publish, save, tagged, titled},
};

/// Publishes posts of these titles, each a day after the one before.
async fn publish_all(site: &Site, titles: &[&str]) {
    for (day, title) in (0..).zip(titles) {
        let date = Some(Some(Time(START + day * 86_400_000)));
        site.published(PostPatch { published_at: date, ..titled(title) }).await;
    }
}

/// Publishes `a`, `b` and so on with these tags, each a day after the one before.
async fn publish_tagged(site: &Site, tags: &[&[&str]]) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for (day, (title, tags)) in (0..).zip(('a'..).zip(tags)) {
        let date = Some(Some(Time(START + day * 86_400_000)));
        ids.push(site.published(PostPatch { published_at: date, ..tagged(&title.to_string(), tags) }).await);
    }
    ids
}

async fn shown(site: &Site, window: Window) -> String {
    match site.ask(&Read::Posts(window)).await.answer {
        Answer::Cards(cards) => cards.iter().map(|card| card.title.as_str()).collect::<Vec<_>>().join(" "),
        other => panic!("not cards: {other:?}"),
    }
}

async fn around(site: &Site, page: PageNumber) -> (Option<u32>, Option<u32>) {
    match site.ask(&Read::Around(window(posts(), page))).await.answer {
        Answer::Around { prev, next } => (prev, next),
        other => panic!("not page numbers: {other:?}"),
    }
}

#[test]
fn pages_from_the_first_hold_the_newest_on_page_one() {
    on_each_database(async |site| {
        publish_all(&site, &["a", "b", "c", "d", "e"]).await;
        for (page, titles, numbers) in [
            (1, "e d", (None, Some(2))),
            (2, "c b", (Some(1), Some(3))),
            (3, "a", (Some(2), None)),
            (4, "", (Some(3), None)),
        ] {
            assert_eq!(shown(&site, window(posts(), PageNumber::FromFirst(page))).await, titles);
            assert_eq!(around(&site, PageNumber::FromFirst(page)).await, numbers, "page {page}");
        }
        assert_eq!(site.ask(&Read::Total(posts())).await.answer, Answer::Total(5));
    });
}

#[test]
fn pages_from_the_oldest_stay_as_they_are() {
    on_each_database(async |site| {
        let page = |number| window(posts(), PageNumber::FromOldest(number));
        publish_all(&site, &["a"]).await;
        assert_eq!(shown(&site, page(None)).await, "a");
        assert_eq!(shown(&site, page(Some(1))).await, "a");
        assert_eq!(around(&site, PageNumber::FromOldest(None)).await, (None, None));

        publish_all(&site, &["b", "c", "d", "e"]).await;
        // "a" and "b" share a date; the one that was written first is older.
        for (number, titles, numbers) in [
            (None, "e d c", (None, Some(1))),
            (Some(2), "e d c", (None, Some(1))),
            (Some(1), "b a", (Some(2), None)),
            (Some(3), "", (None, Some(2))),
        ] {
            assert_eq!(shown(&site, page(number)).await, titles, "{number:?}");
            assert_eq!(around(&site, PageNumber::FromOldest(number)).await, numbers, "{number:?}");
        }
        let old = site.ask(&Read::Posts(page(Some(1)))).await.answer;
        let date = Some(Some(Time(START * 2)));
        site.published(PostPatch { published_at: date, ..titled("f") }).await;
        assert_eq!(shown(&site, page(None)).await, "f e");
        assert_eq!(shown(&site, page(Some(2))).await, "d c");
        assert_eq!(site.ask(&Read::Posts(page(Some(1)))).await.answer, old);
    });
}

/// Nobody is told that it was made, so that whoever asked before must have been answered the same.
#[test]
fn a_tag_that_is_not_there_is_answered_as_one_that_nobody_carries() {
    on_each_database(async |site| {
        let pages = [PageNumber::FromFirst(2), PageNumber::FromOldest(None), PageNumber::FromOldest(Some(2))];
        let ask = async || {
            let mut answers = Vec::new();
            for page in pages {
                let window = window(Filter { tag: Some("new".into()), ..posts() }, page);
                answers.push(site.ask(&Read::Around(window.clone())).await.answer);
                answers.push(site.ask(&Read::Posts(window)).await.answer);
            }
            answers
        };
        let before = ask().await;
        site.draft(tagged("a", &["New"])).await;
        assert_eq!(ask().await, before);
    });
}

#[test]
fn lists_can_be_ordered_and_filtered() {
    on_each_database(async |site| {
        let ada = site.apply(CreateAuthor { name: "Ada".into(), ..Default::default() }).await;
        let by_ada = |fields| PostPatch { authors: Some(vec![ada]), ..fields };
        site.published(tagged("banana", &["Fruit"])).await;
        site.published(by_ada(tagged("Apple", &["Fruit", "Red"]))).await;
        let cherry = site.published(PostPatch { featured: Some(true), ..tagged("cherry", &["Red"]) }).await;
        site.published(by_ada(titled("Stone"))).await;
        site.apply(save(cherry, PostPatch { markdown: Some("!".into()), ..Default::default() })).await;
        site.apply(publish(cherry)).await;

        let filter = |tag: Option<&str>, author: Option<&str>, featured| Filter {
            tag: tag.map(Into::into),
            author: author.map(Into::into),
            featured,
            ..posts()
        };
        let all = |filter, order| Window { order, limit: Limit::Posts(9), ..window(filter, PageNumber::FromFirst(1)) };
        for (filter, order, titles) in [
            (posts(), Order::NewestFirst, "Stone cherry Apple banana"),
            (posts(), Order::OldestFirst, "banana Apple cherry Stone"),
            (posts(), Order::Title, "Apple banana cherry Stone"),
            (posts(), Order::RecentlyUpdated, "cherry Stone Apple banana"),
            (filter(Some("fruit"), None, None), Order::NewestFirst, "Apple banana"),
            (filter(Some("red"), None, None), Order::RecentlyUpdated, "cherry Apple"),
            (filter(Some("red"), None, Some(true)), Order::NewestFirst, "cherry"),
            (filter(Some("red"), None, Some(false)), Order::Title, "Apple"),
            (filter(None, Some("ada"), None), Order::NewestFirst, "Stone Apple"),
            (filter(Some("fruit"), Some("ada"), None), Order::NewestFirst, "Apple"),
            (filter(None, None, Some(true)), Order::NewestFirst, "cherry"),
            (filter(Some("nothing"), None, None), Order::NewestFirst, ""),
            (filter(Some("red"), Some("nobody"), None), Order::NewestFirst, ""),
        ] {
            let window = all(filter.clone(), order);
            assert_eq!(shown(&site, window).await, titles, "{filter:?} {order:?}");
            let total = titles.split_whitespace().count() as u64;
            assert_eq!(site.ask(&Read::Total(filter)).await.answer, Answer::Total(total));
        }
    });
}

#[test]
fn neighbours_are_the_next_by_date() {
    on_each_database(async |site| {
        publish_all(&site, &["a", "b", "c"]).await;
        let window = window(posts(), PageNumber::FromFirst(1));
        let Answer::Cards(cards) = site.ask(&Read::Posts(window)).await.answer else { panic!("not cards") };
        let neighbours = async |id| match site.ask(&Read::Neighbours { id }).await.answer {
            Answer::Neighbours { newer, older } => {
                (newer.map(|card| card.title.clone()), older.map(|card| card.title.clone()))
            }
            other => panic!("not neighbours: {other:?}"),
        };
        assert_eq!(neighbours(cards[0].id).await, (None, Some("b".into())));
        assert_eq!(neighbours(cards[1].id).await, (Some("c".into()), Some("a".into())));
    });
}

#[test]
fn related_are_the_nearest_before_of_the_first_tag_and_after_where_there_are_too_few() {
    on_each_database(async |site| {
        let tags: [&[&str]; 6] = [&["red"], &["red", "blue"], &["blue"], &["red"], &["blue", "red"], &[]];
        let ids = publish_tagged(&site, &tags).await;
        let related = async |n: usize| match site.ask(&Read::Related { id: ids[n], limit: 2 }).await.answer {
            Answer::Cards(cards) => cards.iter().map(|card| card.title.clone()).collect::<Vec<_>>().join(" "),
            other => panic!("not cards: {other:?}"),
        };
        assert_eq!(related(3).await, "b a", "the nearest before");
        assert_eq!(related(1).await, "a d", "and what came after, where one is missing");
        assert_eq!(related(0).await, "b d");
        assert_eq!(related(4).await, "c b", "of its first tag");
        assert_eq!(related(5).await, "", "of no tag");
    });
}

#[test]
fn a_new_post_is_related_to_no_older_one_that_has_enough() {
    on_each_database(async |site| {
        let red: &[&str] = &["red"];
        let ids = publish_tagged(&site, &[red; 4]).await;
        let hangs_on_what_comes =
            async |n: usize| site.ask(&Read::Related { id: ids[n], limit: 2 }).await.span.newest.is_none();
        assert!(!hangs_on_what_comes(2).await && !hangs_on_what_comes(3).await);
        assert!(!hangs_on_what_comes(0).await, "it has two that came after");
        site.apply(Trash { id: ids[2], expected: None }).await;
        site.apply(Trash { id: ids[3], expected: None }).await;
        assert!(hangs_on_what_comes(0).await, "it has one, and waits for another");
    });
}

#[test]
fn a_list_needs_no_more_than_it_shows() {
    on_each_database(async |site| {
        let id = site.published(tagged("Hello", &["News"])).await;
        let read = |fields| Read::Posts(Window { fields, ..window(posts(), PageNumber::FromFirst(1)) });
        let prints = async || {
            let mut prints = Vec::new();
            for fields in [Fields::Card, Fields::Dates, Fields::Full] {
                prints.push(site.ask(&read(fields)).await.answer);
            }
            prints
        };
        let before = prints().await;
        let edit = PostPatch { excerpt: Some(Some("Short".into())), ..Default::default() };
        site.apply(save(id, edit)).await;
        site.apply(publish(id)).await;
        let after = prints().await;
        let edit = PostPatch { seo_title: Some(Some("Search".into())), ..Default::default() };
        site.apply(save(id, edit)).await;
        site.apply(publish(id)).await;
        let last = prints().await;
        assert_ne!(before[0], after[0], "a card shows the excerpt");
        assert_eq!(after[0], last[0], "and no title for search engines");
        assert_ne!(after[1], last[1], "a sitemap shows the day of the change");
        assert_ne!(after[2], last[2], "a feed shows all");
    });
}
