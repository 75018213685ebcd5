//! Pages that their template makes dynamic: each reader has a page of its own, and none is kept.

use std::{collections::HashSet, thread};

use perennial_tests::{Start, Theme};
use serde_json::json;

#[test]
fn readers_who_come_at_once_each_have_a_page_of_their_own() {
    let theme = Theme::default().route("now", "/now/", "prerender = \"none\"", "{{ revalidate(0) }}{{ render.id }}");
    let site = Start::default().theme(&theme).start();
    let pages: Vec<_> = thread::scope(|scope| {
        let readers: Vec<_> = (0..20).map(|_| scope.spawn(|| site.get("/now/"))).collect();
        readers.into_iter().map(|reader| reader.join().expect("an answer")).collect()
    });
    let stamps: HashSet<_> = pages.iter().map(|page| page.text()).collect();
    assert_eq!(stamps.len(), 20, "{stamps:?}");
    for page in &pages {
        assert_eq!((page.status, page.cache(), page.etag()), (200, "BYPASS", ""));
        assert_eq!(page.header("cache-control"), "private, no-cache, no-store, max-age=0, must-revalidate");
    }
    let page = site.signed_in().get("/cache/explain?path=/now/");
    assert_eq!(page["state"], "dynamic", "{page}");
}

#[test]
fn a_page_is_stored_again_once_nothing_makes_it_dynamic() {
    let template = "{% if site.title == 'Live' %}{{ revalidate(0) }}{% endif %}{{ site.title }} {{ render.id }}";
    let theme = Theme::default().route("now", "/now/", "prerender = \"none\"", template);
    let site = Start::default().theme(&theme).start();
    let editor = site.signed_in();
    editor.patch("/settings", json!({"title": "Live"}));
    let (first, second) = (site.get("/now/"), site.get("/now/"));
    assert_eq!((first.cache(), second.cache()), ("BYPASS", "BYPASS"));
    assert_ne!(first.text(), second.text());
    editor.patch("/settings", json!({"title": "Calm"}));
    let calm = site.get("/now/");
    assert!(calm.text().starts_with("Calm"), "{}", calm.text());
    site.warm("/now/");
}
