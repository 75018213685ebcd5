//! Search as readers use it: with and without scripts, and with anything that can be typed.

use perennial_tests::{Start, Theme};
use serde_json::json;

#[test]
fn readers_find_posts_on_a_page_that_nobody_keeps() {
    let site = Start::default().start();
    let editor = site.signed_in();
    editor.published(json!({"kind": "post", "title": "Crème <b>brûlée</b>", "markdown": "Sugar & `<script>alert(1)</script>` burnt."}));
    let page = site.get("/search?q=SUGAR+brul");
    assert_eq!((page.status, page.cache()), (200, "BYPASS"));
    let html = page.text();
    assert!(html.contains("<meta name=\"robots\" content=\"noindex\">"), "{html}");
    assert!(html.contains("<mark>Sugar</mark> &amp; &lt;script&gt;alert(1)&lt;/script&gt; burnt."), "{html}");
    assert!(html.contains(">Crème &lt;b&gt;brûlée&lt;/b&gt;</a>"), "{html}");
    assert!(html.contains("value=\"SUGAR brul\""), "what was asked stands in the field: {html}");

    let found = site.get("/search.json?q=sug");
    assert_eq!((found.cache(), found.header("content-type")), ("BYPASS", "application/json; charset=utf-8"));
    let found = found.json();
    assert_eq!((&found["total"], &found["results"][0]["title"]), (&json!(1), &json!("Crème <b>brûlée</b>")));
    assert_eq!(found["results"][0]["snippet"], "<mark>Sugar</mark> &amp; &lt;script&gt;alert(1)&lt;/script&gt; burnt.");
    let explained = editor.get("/cache/explain?path=/search");
    assert_eq!(explained["state"], "dynamic", "{explained}");
}

#[test]
fn nothing_that_is_typed_does_harm() {
    let site = Start::default().start();
    site.signed_in().published(json!({"kind": "post", "title": "Roses", "markdown": "Red."}));
    let long = format!("/search?q={}", "roses+".repeat(1_600));
    assert!(site.get(&long).text().contains(">Roses</a>"), "what is too long is cut");
    for q in [
        "%22",
        "%27%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "(",
        "a+AND",
        "NEAR(a",
        "-",
        "*",
        "%00",
        "%FF",
        "roses%22*",
        "q=q&q",
    ] {
        for page in ["/search?q=", "/search.json?q="] {
            let answer = site.get(&format!("{page}{q}"));
            assert_eq!((answer.status, answer.cache()), (200, "BYPASS"), "{page}{q}");
            assert!(!answer.text().contains("<script>alert"), "{page}{q}");
        }
    }
    for page in ["0", "x", "-1", "99999999999999999999", "4294967295"] {
        assert_eq!(site.get(&format!("/search?q=roses&page={page}")).status, 200, "{page}");
    }
}

#[test]
fn a_theme_without_a_search_page_gets_a_plain_one_and_can_search_where_it_likes() {
    let theme = Theme::default()
        .route("post", "/{slug}/", "params = \"posts\"", "{{ post(slug=params.slug).title }}")
        .route(
            "find",
            "/find/",
            "query = [\"w\"]",
            "{% for hit in search(query.w, limit=5) %}{{ hit.url }} {% endfor %}",
        )
        .route(
            "kept",
            "/kept/",
            "prerender = \"none\"",
            "{% call cached(\"a\") %}{{ search(\"roses\").total }}{% endcall %}",
        );
    let site = Start::default().theme(&theme).start();
    site.signed_in().published(json!({"kind": "post", "title": "Roses", "markdown": "Red."}));
    assert!(site.get("/search?q=red").text().contains("<a href=\"/roses/\">Roses</a>"));
    assert_eq!(site.get("/search.json?q=red").json()["total"], 1);
    for _ in 0..2 {
        let found = site.get("/find/?w=red");
        assert_eq!(
            (found.text().trim(), found.cache()),
            ("/roses/", "BYPASS"),
            "no answer for a reader's words is kept"
        );
    }
    assert_eq!(site.get("/kept/").status, 500, "a fragment that is kept may hold none either");
}
