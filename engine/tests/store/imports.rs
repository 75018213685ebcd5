//! Importing from another system, again and again.

use perennial::content::{
    command::{
        media::AddMedia,
        post::{ImportPost, ImportTerm, Outcome, Trash},
    },
    read::{Answer, Claim, Kind, Read},
};

use crate::site::{START, on_each_database, publish, save, titled};

fn hello() -> ImportPost {
    ImportPost {
        source: "wordpress:12".into(),
        kind: Kind::Post,
        published: true,
        title: "Hello".into(),
        slug: Some("hello".into()),
        path: Some("/2015/hello/".into()),
        markdown: "Some *text*".into(),
        excerpt: None,
        tags: vec![ImportTerm {
            name: "News".into(),
            slug: Some("aktuelles".into()),
            description: "What is new".into(),
        }],
        authors: vec![ImportTerm { name: "Ada".into(), ..Default::default() }],
        feature_image: Some("/media/ab/cat.png".into()),
        feature_image_alt: None,
        featured: false,
        seo_title: None,
        seo_description: None,
        canonical_url: None,
        published_at: Some(START - 1_000_000),
        updated_at: Some(START - 500_000),
        aliases: vec!["/?p=12".replace("?p=", "p/"), "/2015/hello/".into()],
    }
}

#[test]
fn a_second_import_changes_nothing() {
    on_each_database(async |site| {
        let first = site.apply(hello()).await;
        assert_eq!(first.outcome, Outcome::Created);
        let (revision, before) = (site.revision().await, site.public(first.id).await);
        let again = site.apply(hello()).await;
        assert_eq!((again.id, again.outcome), (first.id, Outcome::Unchanged));
        assert_eq!((site.revision().await, site.public(first.id).await), (revision, before));
    });
}

#[test]
fn an_import_keeps_dates_paths_and_names() {
    on_each_database(async |site| {
        let id = site.apply(hello()).await.id;
        let post = site.public(id).await.unwrap();
        assert_eq!((post.card.published_at, post.updated_at), (START - 1_000_000, START - 500_000));
        assert_eq!(post.card.tags[0].slug, "aktuelles");
        assert_eq!(post.card.authors[0].name, "Ada");
        let at = |path: &str| Read::At { path: path.into() };
        assert_eq!(site.ask(&at("/2015/hello/")).await.answer, Answer::At(Some(Claim::Post { id, kind: Kind::Post })));
        let redirect = Claim::Redirect { to: "/2015/hello/".into(), status: 308 };
        assert_eq!(site.ask(&at("/p/12")).await.answer, Answer::At(Some(redirect)));
    });
}

#[test]
fn a_change_at_the_source_comes_over_unless_an_editor_was_faster() {
    on_each_database(async |site| {
        let id = site.apply(hello()).await.id;
        let changed = ImportPost { title: "Hello, world".into(), ..hello() };
        assert_eq!(site.apply(changed).await.outcome, Outcome::Updated);
        assert_eq!(site.public(id).await.unwrap().card.title, "Hello, world");

        site.apply(save(id, titled("Mine"))).await;
        site.apply(publish(id)).await;
        let changed = ImportPost { title: "Theirs".into(), ..hello() };
        assert_eq!(site.apply(changed).await.outcome, Outcome::Kept);
        assert_eq!(site.public(id).await.unwrap().card.title, "Mine");
        site.apply(Trash { id, expected: None }).await;
        assert_eq!(site.apply(hello()).await.outcome, Outcome::Kept);
        assert_eq!(site.public(id).await, None, "what was thrown away stays there");
    });
}

#[test]
fn two_posts_of_one_slug_both_come_over_for_good() {
    on_each_database(async |site| {
        let other = || ImportPost { source: "wordpress:13".into(), path: None, aliases: vec![], ..hello() };
        site.apply(hello()).await;
        let second = site.apply(other()).await;
        assert_eq!(site.public(second.id).await.unwrap().card.slug, "hello-2");
        assert_eq!(site.apply(other()).await.outcome, Outcome::Unchanged);
    });
}

#[test]
fn a_picture_that_comes_later_gives_its_size() {
    on_each_database(async |site| {
        let id = site.apply(hello()).await.id;
        let cat = AddMedia {
            hash: "ab".into(),
            name: "cat.png".into(),
            mime: "image/png".into(),
            bytes: 12,
            width: Some(640),
            height: Some(480),
            alt: "A cat".into(),
            storage_key: "ab/cat.png".into(),
            color: None,
        };
        let image = site.public(id).await.unwrap().card.image.clone().unwrap();
        assert_eq!((image.width, image.alt.as_str()), (None, ""));
        assert!(site.tags(cat.clone()).await.contains("path:/media/ab/cat.png"));
        let image = site.public(id).await.unwrap().card.image.clone().unwrap();
        assert_eq!((image.width, image.height, image.alt.as_str()), (Some(640), Some(480), "A cat"));
        assert!(site.tags(cat).await.is_empty(), "the same file is kept once");
    });
}
