//! Preview links: who has one sees what the editor sees; nobody else ever does.

use perennial_tests::{Editor, Site, Start, Theme, crawl, site::URL};
use serde_json::json;

/// The path and query of a new link to a post.
fn link(editor: &Editor<'_>, id: &str) -> String {
    let link = editor.post(&format!("/posts/{id}/preview"), json!({}));
    assert!(link["expires_at"].as_str().expect("a time") > "2026", "{link}");
    let url = link["url"].as_str().expect("a URL");
    url.strip_prefix(URL).expect("an address of the site").to_owned()
}

fn revoke(editor: &Editor<'_>, id: &str) {
    let answer = editor.ask("DELETE", &format!("/posts/{id}/preview"), &[], None).expect("an answer");
    assert_eq!(answer.status, 204, "{}", answer.text());
}

fn draft(editor: &Editor<'_>) -> String {
    let post = json!({"title": "Secret roses", "slug": "roses", "markdown": "Not *yet*.", "tags": ["Canary"]});
    editor.post("/posts", post)["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_draft_is_shown_on_the_page_it_would_have() {
    let site = Site::empty();
    let editor = site.signed_in();
    let id = draft(&editor);
    assert_eq!(site.get("/roses/").status, 404);
    let link = link(&editor, &id);
    assert!(link.starts_with("/roses/?preview="), "{link}");
    let page = site.get(&link);
    assert_eq!((page.status, page.cache()), (200, "BYPASS"));
    for (name, value) in [
        ("cache-control", "private, no-cache, no-store, max-age=0, must-revalidate"),
        ("x-robots-tag", "noindex, nofollow"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "frame-ancestors 'self'"),
        ("etag", ""),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    assert!(page.text().contains("Secret roses") && page.text().contains("Not <em>yet</em>."), "{}", page.text());

    // As it is when they look.
    editor.patch(&format!("/posts/{id}"), json!({"title": "Secret tulips"}));
    assert!(site.get(&link).text().contains("Secret tulips"));
    for (path, page) in crawl(&site, ["/roses/", "/tag/canary/"]) {
        assert!(!page.text().contains("Secret") && !page.text().contains("Canary"), "{path}");
    }
    assert_eq!(site.get("/roses/").status, 404);

    editor.post(&format!("/posts/{id}/publish"), json!({}));
    assert!(site.get("/roses/").text().contains("Not <em>yet</em>."));
}

#[test]
fn a_working_copy_is_shown_beside_what_is_live() {
    let site = Site::empty();
    let editor = site.signed_in();
    let id = editor.published(json!({"title": "Roses", "slug": "roses", "markdown": "Red."}));
    editor.patch(&format!("/posts/{id}"), json!({"title": "Tulips", "slug": "tulips"}));
    let before = site.warm("/roses/");
    let link = link(&editor, &id);
    assert!(link.starts_with("/tulips/?preview="), "{link}");
    assert!(site.get(&link).text().contains("Tulips"));
    let after = site.get("/roses/");
    assert_eq!((after.cache(), after.etag()), ("HIT", before.etag()));
    assert!(!after.text().contains("Tulips"));
    assert_eq!(site.get("/tulips/").status, 404);
}

#[test]
fn a_link_that_is_not_good_changes_nothing() {
    let site = Site::empty();
    let editor = site.signed_in();
    let id = editor.published(json!({"title": "Roses", "slug": "roses", "markdown": "Red."}));
    editor.patch(&format!("/posts/{id}"), json!({"title": "Tulips"}));
    let live = site.warm("/roses/");
    let good = link(&editor, &id);
    let (head, signature) = good.rsplit_once('.').expect("a signature");
    let other = if signature.starts_with('0') { "1" } else { "0" };
    let forged = format!("{head}.{other}{}", &signature[1..]);
    let (post, _) = head.rsplit_once('.').expect("an end");
    let prolonged = format!("{post}.7fffffffffff.{signature}");
    let of_another = good.replace(&id.replace('-', ""), "00000000000070008000000000000000");
    for link in [&forged, &prolonged, &of_another, "/roses/?preview=", "/roses/?preview=1"] {
        let page = site.get(link);
        assert_eq!((page.status, page.cache(), page.etag()), (200, "HIT", live.etag()), "{link}");
    }
    for name in ["x-preview", "x-draft", "purpose"] {
        assert_eq!(site.get_with("/roses/", &[(name, "1"), ("cookie", "preview=1")]).cache(), "HIT");
    }

    assert!(site.get(&good).text().contains("Tulips"));
    revoke(&editor, &id);
    assert_eq!(site.get(&good).etag(), live.etag(), "revoked");
    let again = link(&editor, &id);
    assert!(site.get(&again).text().contains("Tulips"));
    assert_eq!(site.get(&good).etag(), live.etag(), "a new link does not bring the old one back");
}

#[test]
fn a_link_to_nothing_says_so() {
    let site = Site::empty();
    let editor = site.signed_in();
    let id = draft(&editor);
    let link = link(&editor, &id);
    site.restart();
    let editor = Editor::sign_in(&site);
    assert_eq!(site.get(&link).status, 200, "links outlive a restart");
    let usual = site.get("/roses/");
    editor.delete(&format!("/posts/{id}"));
    let gone = site.get(&link);
    assert_eq!((gone.status, gone.cache()), (410, "BYPASS"));
    assert!(gone.text().contains("Ask for a new one") && !gone.text().contains("Secret"), "{}", gone.text());
    assert_eq!(usual.status, 404);
    assert!(!site.log().lines().join("\n").contains(link.rsplit_once('.').expect("a signature").1));
}

#[test]
fn a_preview_shares_nothing_with_readers() {
    let theme = Theme::default().route("home", "/", "", "Home").route("not_found", "/404", "", "Nothing").route(
        "post",
        "/{slug}/",
        "params = \"posts\"",
        "{% set post = post(slug=params.slug) or not_found() %}{{ post.title }} {{ render.id }} \
             {% call cached(\"part\") %}{{ post.title }} of {{ render.id }}{% endcall %}",
    );
    let site = Start::default().theme(&theme).start();
    let editor = site.signed_in();
    let id = editor.published(json!({"title": "Roses", "slug": "roses", "markdown": "Red."}));
    editor.patch(&format!("/posts/{id}"), json!({"title": "Tulips"}));
    let other = editor.published(json!({"title": "Other", "slug": "other", "markdown": "Red."}));
    let link = link(&editor, &id);
    let (one, two) = (site.get(&link).text(), site.get(&link).text());
    assert!(one.starts_with("Tulips ") && one.contains("Tulips of "), "the stored part is not used: {one}");
    assert_ne!(one, two, "nor is its own");
    editor.patch(&format!("/posts/{other}"), json!({"title": "Others"}));
    editor.post(&format!("/posts/{other}/publish"), json!({}));
    assert!(
        !site.get("/other/").text().contains("Tulips"),
        "and nothing of it is left: {}",
        site.get("/other/").text()
    );
}
