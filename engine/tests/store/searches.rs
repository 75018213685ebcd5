//! What is found, in which order, and that the index knows of every change.

use perennial::content::{
    ask::{Found, search},
    command::post::{PostPatch, Restore, Trash, Unpublish},
    search::complete,
};
use sea_orm::ConnectionTrait;

use crate::site::{Site, on_each_database, publish, save, titled};

async fn asked(site: &Site, text: &str) -> Found {
    search(&site.db.readers, text, 1, 10).await.unwrap()
}

async fn found(site: &Site, text: &str) -> String {
    let found = asked(site, text).await;
    assert_eq!(found.total, found.hits.len() as u64, "{text}");
    found.hits.iter().map(|hit| hit.card.title.as_str()).collect::<Vec<_>>().join(", ")
}

fn written(title: &str, markdown: &str) -> PostPatch {
    PostPatch { markdown: Some(markdown.into()), ..titled(title) }
}

#[test]
fn a_word_in_the_title_counts_for_more_than_many_in_the_text() {
    on_each_database(async |site| {
        let filler = "Words of no interest stand here. ".repeat(30);
        site.published(written("Gardens", &format!("Roses, roses, roses. {filler}"))).await;
        site.published(written("Roses", &filler)).await;
        site.published(written("Tulips", &filler)).await;
        assert_eq!(found(&site, "roses").await, "Roses, Gardens");
        assert_eq!(found(&site, "roses interest gardens").await, "Gardens", "all words must be there");
        assert_eq!(found(&site, "rosemary").await, "");
    });
}

#[test]
fn case_accents_and_the_end_of_the_last_word_do_not_matter() {
    on_each_database(async |site| {
        site.published(written("Crème brûlée", "Für Gäste: *well-known* in Łódź. 日本語のガイド")).await;
        for q in ["CREME", "creme brul", "gaste", "Gäs", "lodz", "known", "well-known", "日本", "ガイド"] {
            assert_eq!(found(&site, q).await, "Crème brûlée", "{q}");
        }
        for q in ["rème", "known-well", "語日", "cre brulee", "gaste x"] {
            assert_eq!(found(&site, q).await, "", "{q}");
        }
        let snippet = &asked(&site, "gaste").await.hits[0].snippet;
        assert!(snippet.iter().any(|part| part.hit && part.text == "Gäste"), "{snippet:?}");
    });
}

#[test]
fn readers_find_what_is_published_and_nothing_else() {
    on_each_database(async |site| {
        let id = site.draft(written("Secret", "Hidden words.")).await;
        assert_eq!(found(&site, "hidden").await, "");
        site.apply(publish(id)).await;
        assert_eq!(found(&site, "hidden").await, "Secret");
        site.apply(save(id, written("Secret", "Unfinished."))).await;
        assert_eq!((found(&site, "unfinished").await, found(&site, "hidden").await), (String::new(), "Secret".into()));
        site.apply(publish(id)).await;
        assert_eq!((found(&site, "unfinished").await, found(&site, "hidden").await), ("Secret".into(), String::new()));
        site.apply(Unpublish { id, expected: None }).await;
        assert_eq!(found(&site, "unfinished").await, "");
        site.apply(publish(id)).await;
        site.apply(Trash { id, expected: None }).await;
        assert_eq!(found(&site, "unfinished").await, "");
        site.apply(Restore { id, expected: None }).await;
        site.apply(publish(id)).await;
        assert_eq!(found(&site, "unfinished").await, "Secret");
    });
}

#[test]
fn nothing_that_can_be_typed_is_an_error() {
    on_each_database(async |site| {
        site.published(written("Plain", "Some \"quoted\" text, not near it AND or.")).await;
        for q in [
            "\"",
            "'",
            "\"quoted",
            "quoted\"",
            "(",
            "a AND",
            "NEAR(",
            "NOT",
            "title:plain",
            "^plain",
            "plain*",
            "* *",
            "-plain",
            "plain & | !",
            ":*",
            "<->",
            "\\",
            "%",
            "_",
            "\0",
            "{plain}",
            "plain;--",
            "🌹",
            "\u{301}",
            "a\u{301}\u{301}",
        ] {
            asked(&site, q).await;
        }
        assert_eq!(found(&site, "\"quoted\" AND").await, "Plain", "operators are words");
        assert_eq!(found(&site, &format!("plain {}", " ".repeat(10_000))).await, "Plain");
        asked(&site, &"x ".repeat(5_000)).await;
        assert_eq!(search(&site.db.readers, "plain", u32::MAX, 100).await.unwrap().hits.len(), 0);
    });
}

#[test]
fn results_come_page_by_page_with_their_number() {
    on_each_database(async |site| {
        for n in 0..7 {
            site.published(titled(&format!("Rose {n}"))).await;
        }
        let mut seen = Vec::new();
        for page in 1..=3 {
            let found = search(&site.db.readers, "rose", page, 3).await.unwrap();
            assert_eq!(found.total, 7);
            seen.extend(found.hits.iter().map(|hit| hit.card.id));
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 7);
    });
}

#[test]
fn an_index_that_is_missing_is_made() {
    on_each_database(async |site| {
        site.published(written("Roses", "Red.")).await;
        site.draft(written("Tulips", "Yellow.")).await;
        site.db.writer.execute_unprepared("DELETE FROM search_entry").await.unwrap();
        assert_eq!(found(&site, "red").await, "");
        assert_eq!(complete(&site.db).await.unwrap(), 2);
        assert_eq!(complete(&site.db).await.unwrap(), 0);
        assert_eq!((found(&site, "red").await, found(&site, "yellow").await), ("Roses".into(), String::new()));
    });
}
