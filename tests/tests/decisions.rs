//! What the log tells of the cache with `PERENNIAL_DEBUG_CACHE=1`: a line for each decision, and why.

use perennial_tests::{Site, Source, Start, Theme};
use serde_json::json;

/// A line of the log with all of these in it.
fn says(site: &Site, words: &[&str]) {
    site.log().find(&format!("{words:?}"), |line| words.iter().all(|word| line.contains(word)).then_some(()));
}

#[test]
fn every_decision_is_a_line_with_its_reason() {
    let source = Source::start();
    let address = source.address;
    let fetching = format!("{{{{ site.title }}}} {{{{ fetch('http://{address}/data?of=today').text }}}}");
    let theme = Theme::default()
        .route("one", "/one/", "prerender = \"none\"", &fetching)
        .route("two", "/two/", "prerender = \"none\"", &fetching)
        .route("large", "/large/{n}/", "params = []", "{% for n in range(5000) %}{{ n }} {{ render.id }} {% endfor %}");
    let start = Start::default().theme(&theme).with("PERENNIAL_DEBUG_CACHE", "1");
    let start = start.with("PERENNIAL_FETCH_ALLOW", &address.to_string()).with("PERENNIAL_CACHE_MEMORY", "256KiB");
    let site = start.start();
    let editor = site.signed_in();

    site.get("/one/");
    says(&site, &["miss", "page=/one/", "reason=\"it is not in memory\""]);
    says(&site, &["render", "page=/one/", "reason=\"first visit\""]);
    says(&site, &["store", "page=/one/", "reason=\"first visit\""]);
    says(&site, &["miss", &format!("url=\"http://{address}/data?of=today\""), "status=200", "ms="]);
    site.get("/two/");
    says(&site, &["hit", &format!("url=\"http://{address}/data?of=today\""), "status=200", "ms="]);
    site.get("/one/");
    says(&site, &["hit", "page=/one/", "reason=\"it is fresh\""]);

    editor.patch("/settings", json!({"description": "Another."}));
    says(&site, &["verify", "question=setting", "reason="]);
    says(&site, &["cutoff", "page=/one/", "reason=\"everything it read is as it was\""]);
    editor.post("/revalidate", json!({"paths": ["/one/"], "mode": "stale"}));
    site.get("/one/");
    says(&site, &["stale", "page=/one/", "reason=\"somebody demanded a new one\""]);
    says(&site, &["store", "page=/one/", "reason=\"revalidated\""]);
    for n in 0..8 {
        site.get(&format!("/large/{n}/"));
    }
    says(&site, &["evict", "page=/", "reason=\"memory is for pages that are visited\""]);
}

#[test]
fn nobody_is_told_who_did_not_ask() {
    let theme = Theme::default().route("one", "/one/", "", "{{ site.title }}");
    let site = Start::default().theme(&theme).start();
    site.warm("/one/");
    site.stop();
    site.start();
    site.get("/one/");
    let lines = site.log().lines();
    assert!(!lines.iter().any(|line| line.contains("page=")), "{lines:#?}");
}
