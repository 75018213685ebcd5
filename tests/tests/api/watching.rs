//! Events.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
};

use perennial_tests::Site;

use crate::Guest;

#[test]
fn whoever_watches_is_told_as_it_happens() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let watch = |last: &str| {
        let response = owner.ask("GET", "/events").header("last-event-id", last).send().expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        let mut lines = BufReader::new(response).lines().map(|line| line.expect("text"));
        assert_eq!(lines.next().as_deref(), Some(": connected"));
        lines
    };
    let mut events = watch("");
    let receipt = owner.published("Roses", "Flowers");
    let published = format!("\"version\":{},\"status\":\"published\"", receipt["post"]["version"]);
    let (mut first, mut seen) = (None, BTreeSet::new());
    for line in events.by_ref() {
        if let Some(id) = line.strip_prefix("id: ") {
            first.get_or_insert(id.to_owned());
        }
        seen.extend(line.strip_prefix("event: ").map(str::to_owned));
        if line.contains(&published) {
            break;
        }
    }
    assert!(seen.contains("post") && seen.contains("change"), "{seen:?}");
    let mut again = watch(&first.expect("an id"));
    assert!(again.any(|line| line.contains(&published)), "what was missed comes again");
    site.stop();
    assert!(again.all(|line| !line.contains("still here")), "a stop ends the connection");
}
