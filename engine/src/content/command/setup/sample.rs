//! What a new site begins with, when its owner wants something to look at.

use super::super::{
    Command, Txn,
    menu::PutMenu,
    post::{CreatePost, PostPatch, Publish},
};
use crate::content::{error::StoreError, menu::Item, read::Kind, time::Time};

const DAY: i64 = 24 * 60 * 60 * 1000;

struct Sample {
    kind: Kind,
    title: &'static str,
    slug: &'static str,
    excerpt: Option<&'static str>,
    tags: &'static [&'static str],
    featured: bool,
    days_ago: i64,
    markdown: &'static str,
}

const SAMPLES: [Sample; 4] = [
    Sample {
        kind: Kind::Page,
        title: "About",
        slug: "about",
        excerpt: None,
        tags: &[],
        featured: false,
        days_ago: 0,
        markdown: include_str!("about.md"),
    },
    Sample {
        kind: Kind::Post,
        title: "Everything you can write",
        slug: "everything-you-can-write",
        excerpt: Some("Headings, lists, tables, code, formulas, callouts and footnotes, all in plain Markdown."),
        tags: &["Writing"],
        featured: false,
        days_ago: 2,
        markdown: include_str!("everything-you-can-write.md"),
    },
    Sample {
        kind: Kind::Post,
        title: "Why your pages never go stale",
        slug: "why-your-pages-never-go-stale",
        excerpt: Some("Every page knows what it was made of. When that changes, exactly those pages are made again."),
        tags: &["How it works"],
        featured: false,
        days_ago: 1,
        markdown: include_str!("why-your-pages-never-go-stale.md"),
    },
    Sample {
        kind: Kind::Post,
        title: "Welcome to your new site",
        slug: "welcome",
        excerpt: Some("Three things to try in your first five minutes."),
        tags: &["Getting started", "Writing"],
        featured: true,
        days_ago: 0,
        markdown: include_str!("welcome.md"),
    },
];

pub(super) async fn write(txn: &mut Txn) -> Result<(), StoreError> {
    for sample in SAMPLES {
        let fields = PostPatch {
            title: Some(sample.title.into()),
            slug: Some(sample.slug.into()),
            excerpt: Some(sample.excerpt.map(str::to_owned)),
            tags: Some(sample.tags.iter().map(|tag| (*tag).to_owned()).collect()),
            featured: Some(sample.featured),
            markdown: Some(sample.markdown.into()),
            published_at: Some(Some(Time(txn.now - sample.days_ago * DAY))),
            ..PostPatch::default()
        };
        let id = CreatePost { kind: sample.kind, fields }.run(txn).await?;
        Publish { id, expected: None }.run(txn).await?;
    }
    let item = |label: &str| Item { label: label.into(), ..Item::default() };
    let items = vec![
        Item { url: Some("/".into()), ..item("Home") },
        Item { tag: Some("getting-started".into()), ..item("Getting started") },
        Item { post: Some("about".into()), ..item("About") },
    ];
    PutMenu { name: "main".into(), expected: None, items }.run(txn).await
}
