//! Crashes while an editor writes: nothing that was acknowledged is lost, and nothing half done is ever seen.

use std::{sync::mpsc, thread, time::Duration};

use perennial_tests::{Editor, Site};
use serde_json::json;

const CRASHES: u64 = 6;

#[test]
fn after_a_crash_everything_acknowledged_is_there_and_nothing_older_is_served() {
    let site = Site::empty();
    let post = {
        let editor = site.signed_in();
        editor.published(json!({"title": "Number 0", "slug": "count", "markdown": "Text 0.", "excerpt": "None."}))
    };
    let mut acknowledged = 0;
    for crash in 0..CRASHES {
        let (says, said) = mpsc::channel();
        thread::scope(|scope| {
            let editor = Editor::sign_in(&site);
            let post = &post;
            scope.spawn(move || count_on(&editor, post, acknowledged, &says));
            // The first publish is through; the next one is hit at a moment that differs from crash to crash.
            acknowledged = said.recv().expect("a publish");
            if let Ok(more) = said.recv_timeout(Duration::from_millis(7 * crash)) {
                acknowledged = more;
            }
            site.kill_9();
        });
        acknowledged = said.try_iter().last().unwrap_or(acknowledged);
        site.start();
        let page = number(&site.get("/count/").text(), "Text ");
        assert!(page == acknowledged || page == acknowledged + 1, "{page} after {acknowledged} was acknowledged");
        for path in ["/", "/rss.xml", "/archive/"] {
            assert_eq!(number(&site.get(path).text(), "Number "), page, "{path}");
        }
        assert_eq!(number(&site.get("/count/").text(), "Number "), page, "title and text are of one version");
        acknowledged = page;
    }
}

/// Publishes one number after the other until the site goes down; says each that was acknowledged.
fn count_on(editor: &Editor<'_>, post: &str, from: u64, says: &mpsc::Sender<u64>) {
    let path = format!("/posts/{post}");
    for n in from + 1.. {
        let fields = json!({"title": format!("Number {n}"), "markdown": format!("Text {n}.")});
        let Some(current) = editor.ask("GET", &path, &[], None) else { return };
        let version = current.etag().to_owned();
        let Some(saved) = editor.ask("PATCH", &path, &[("if-match", &version)], Some(&fields)) else { return };
        assert_eq!(saved.status, 200, "{}", saved.text());
        let Some(published) = editor.ask("POST", &format!("{path}/publish"), &[], Some(&json!({}))) else { return };
        assert_eq!(published.status, 200, "{}", published.text());
        if says.send(n).is_err() {
            return;
        }
    }
}

/// The number that follows `word` where it first stands.
fn number(text: &str, word: &str) -> u64 {
    let after = text.split_once(word).unwrap_or_else(|| panic!("no {word:?} in {text}")).1;
    after.chars().take_while(char::is_ascii_digit).collect::<String>().parse().expect("a number")
}
