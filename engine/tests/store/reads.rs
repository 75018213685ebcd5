//! What pages read: answers and the tags that can change them.

use perennial::content::{
    ask::ask,
    read::{Answer, Fields, Filter, Key, Kind, Limit, Order, PageNumber, Read, Window},
};
use uuid::Uuid;

use crate::site::on_each_database;

pub(crate) fn posts() -> Filter {
    Filter { kind: Kind::Post, tag: None, author: None, featured: None }
}

pub(crate) fn window(filter: Filter, page: PageNumber) -> Window {
    Window { filter, order: Order::NewestFirst, limit: Limit::Posts(2), page, fields: Fields::Card }
}

/// Every kind of read, of every kind of list, in every order and on every kind of page.
pub(crate) fn all_reads() -> Vec<Read> {
    let mut reads = vec![
        Read::Post { kind: Kind::Post, by: Key::Slug("a".into()) },
        Read::Post { kind: Kind::Page, by: Key::Id(Uuid::nil()) },
        Read::Neighbours { id: Uuid::nil() },
        Read::Related { id: Uuid::nil(), limit: 3 },
        Read::Tag { slug: "a".into() },
        Read::Tags,
        Read::Author { slug: "a".into() },
        Read::Authors,
        Read::Menu { name: "main".into() },
        Read::Setting { key: "nothing".into() },
        Read::At { path: "/a/".into() },
    ];
    let named = Some(String::from("a"));
    let by_term =
        |tag: &Option<String>, author: &Option<String>| Filter { tag: tag.clone(), author: author.clone(), ..posts() };
    for filter in [posts(), by_term(&named, &None), by_term(&None, &named), by_term(&named, &named)] {
        for featured in [None, Some(true)] {
            let filter = Filter { featured, ..filter.clone() };
            reads.push(Read::Total(filter.clone()));
            for order in [Order::NewestFirst, Order::OldestFirst, Order::Title, Order::RecentlyUpdated] {
                for page in [PageNumber::FromFirst(1), PageNumber::FromOldest(None), PageNumber::FromOldest(Some(1))] {
                    for fields in [Fields::Card, Fields::Dates, Fields::Full] {
                        let window = Window { order, fields, ..window(filter.clone(), page) };
                        reads.extend([Read::Around(window.clone()), Read::Posts(window)]);
                    }
                }
            }
        }
    }
    reads
}

#[test]
fn on_an_empty_site_every_read_has_an_empty_answer() {
    on_each_database(async |site| {
        for read in all_reads() {
            let answered = ask(&site.db.readers, &read).await.unwrap();
            assert!(!answered.tags.is_empty(), "{read:?} has no tags");
            match answered.answer {
                Answer::Post(None) | Answer::Term(None) | Answer::Total(0) | Answer::Setting(None) => {}
                Answer::At(None)
                | Answer::Around { prev: None, next: None }
                | Answer::Neighbours { newer: None, older: None } => {}
                Answer::Cards(list) if list.is_empty() => {}
                Answer::Dates(list) if list.is_empty() => {}
                Answer::Posts(list) if list.is_empty() => {}
                Answer::Terms(list) if list.is_empty() => {}
                Answer::Menu(list) if list.is_empty() => {}
                other => panic!("{read:?} gave {other:?}"),
            }
        }
    });
}
