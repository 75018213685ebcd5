//! What pages read: answers and the tags that can change them.

use perennial::content::{
    ask::ask,
    read::{Answer, Fields, Filter, Key, Kind, Order, PageNumber, Read, Window},
};
use uuid::Uuid;

use crate::site::on_each_database;

pub(crate) fn posts() -> Filter {
    Filter { kind: Kind::Post, tag: None, author: None, featured: None }
}

pub(crate) fn window(filter: Filter, page: PageNumber) -> Window {
    Window { filter, order: Order::NewestFirst, limit: 2, page, fields: Fields::Card }
}

/// Every kind of read, in every order and on every kind of page.
fn all_reads() -> Vec<Read> {
    let mut reads = vec![
        Read::Post { kind: Kind::Post, by: Key::Slug("a".into()) },
        Read::Post { kind: Kind::Page, by: Key::Id(Uuid::nil()) },
        Read::Neighbours { id: Uuid::nil() },
        Read::Tag { slug: "a".into() },
        Read::Tags,
        Read::Author { slug: "a".into() },
        Read::Authors,
        Read::Menu { name: "main".into() },
        Read::Setting { key: "nothing".into() },
        Read::At { path: "/a/".into() },
    ];
    for order in [Order::NewestFirst, Order::OldestFirst, Order::Title, Order::RecentlyUpdated] {
        for page in [PageNumber::FromFirst(1), PageNumber::FromOldest(None), PageNumber::FromOldest(Some(2))] {
            for fields in [Fields::Card, Fields::Dates, Fields::Full] {
                for featured in [None, Some(true)] {
                    let window = Window { order, fields, ..window(Filter { featured, ..posts() }, page) };
                    reads.extend([
                        Read::Total(window.filter.clone()),
                        Read::Around(window.clone()),
                        Read::Posts(window),
                    ]);
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
                | Answer::Around { prev: None | Some(1) | Some(3), next: None | Some(1) }
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
