//! D: drafts, which only their holders see and no cache.

use serde_json::json;

use crate::{
    lab::Lab,
    row::{Row, row},
};

pub const ROWS: &[Row] = &[
    row(
        "ISR-D01",
        "the address of a preview",
        "GET ×2",
        "the draft, made for each; BYPASS, no-store, noindex, no referrer",
        |lab| {
            let Draft { preview, .. } = draft(lab);
            let (first, second) = (lab.get(&preview), lab.get(&preview));
            assert_ne!(first.stamp(), second.stamp());
            for page in [first, second] {
                page.is(200, "BYPASS");
                assert_eq!(page.says("title"), "Draft");
                assert!(
                    page.header("cache-control").contains("private")
                        && page.header("cache-control").contains("no-store")
                );
                assert!(page.header("x-robots-tag").contains("noindex"));
                assert_eq!(page.header("referrer-policy"), "no-referrer");
            }
        },
    ),
    row(
        "ISR-D02",
        "a preview that was looked at",
        "GET without it",
        "what is published; the preview was not stored",
        |lab| {
            let Draft { preview, path, .. } = draft(lab);
            let before = lab.get(&path);
            assert_eq!(lab.get(&preview).says("title"), "Draft");
            let after = lab.get(&path);
            after.is(200, "HIT");
            assert_eq!((after.says("title"), after.stamp()), ("Published".into(), before.stamp()));
        },
    ),
    row(
        "ISR-D03",
        "a forged preview; one that was revoked",
        "GET",
        "no draft, and nothing that is stored changes",
        |lab| {
            let Draft { preview, path, id } = draft(lab);
            let before = lab.get(&path);
            let forged = [format!("{preview}x"), preview[..preview.len() - 1].to_owned(), format!("{path}?preview=")];
            let is_ignored = |address: &str| {
                let page = lab.get(address);
                page.is(200, "HIT");
                assert_eq!(page.stamp(), before.stamp(), "{address}");
            };
            forged.iter().for_each(|address| is_ignored(address));
            assert_eq!(lab.ask("DELETE", &format!("/posts/{id}/preview"), &[], None).status, 204);
            is_ignored(&preview);
            is_ignored(&path);
        },
    ),
];

struct Draft {
    id: String,
    /// Where readers find the post.
    path: String,
    preview: String,
}

/// A post that readers know, with a working copy that they do not.
fn draft(lab: &Lab<'_>) -> Draft {
    let id = lab.published(&json!({ "title": "Published", "slug": lab.word, "markdown": "Text." }));
    lab.edit("PATCH", &format!("/posts/{id}"), Some(&json!({ "title": "Draft" })));
    let url = lab.post(&format!("/posts/{id}/preview"), &json!({}));
    let url = url["url"].as_str().expect("an address");
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    Draft { preview: format!("/{path}"), path: lab.path("/post/{}/"), id }
}
