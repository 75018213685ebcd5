//! Tags, authors and menus.

use perennial::content::{
    ask::ask,
    command::{
        author::{CreateAuthor, DeleteAuthor, UpdateAuthor},
        menu::PutMenu,
        merge::MergeTag,
        post::{GoBack, PostPatch, Unpublish},
        settings::{PatchSettings, SettingsPatch},
        tag::{CreateTag, DeleteTag, UpdateTag},
    },
    database::Database,
    library,
    menu::Item,
    read::{Answer, Claim, MenuTarget, Read},
};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::site::{on_each_database, publish, save, set, tagged, titled};

#[test]
fn a_tag_is_public_while_a_post_carries_it() {
    on_each_database(async |site| {
        let tag = site.apply(CreateTag { name: "News".into(), ..Default::default() }).await;
        let read = Read::Tag { slug: "news".into() };
        assert_eq!(site.ask(&read).await.answer, Answer::Term(None));
        let id = site.published(tagged("Hello", &["news"])).await;
        let Answer::Term(Some(term)) = site.ask(&read).await.answer else { panic!("not public") };
        assert_eq!((term.card.id, term.card.name.as_str(), term.count), (tag, "News", 1));
        site.apply(Unpublish { id, expected: None }).await;
        assert_eq!(site.ask(&read).await.answer, Answer::Term(None));
    });
}

#[test]
fn a_database_from_before_counts_were_kept_is_counted() {
    on_each_database(async |site| {
        let ada = site.apply(CreateAuthor { name: "Ada".into(), ..Default::default() }).await;
        let by_ada = || PostPatch { authors: Some(vec![ada]), ..tagged("a", &["Roses"]) };
        site.published(by_ada()).await;
        site.draft(PostPatch { slug: Some("b".into()), ..by_ada() }).await;
        for before in [
            "ALTER TABLE tag DROP COLUMN posts",
            "ALTER TABLE author DROP COLUMN posts",
            "DELETE FROM seaql_migrations WHERE version = 'm0012_counts'",
        ] {
            site.db.writer.execute_unprepared(before).await.unwrap();
        }
        let opened = Database::open(&site.url, 1).await.unwrap();
        for terms in [Read::Tags, Read::Authors] {
            let Answer::Terms(terms) = ask(&opened.readers, &terms).await.unwrap().answer else { panic!("not terms") };
            assert_eq!(terms.iter().map(|term| term.count).collect::<Vec<_>>(), [1], "{terms:?}");
        }
    });
}

#[test]
fn a_renamed_tag_announces_both_names() {
    on_each_database(async |site| {
        let id = site.published(tagged("Hello", &["News"])).await;
        let tag = site.public(id).await.unwrap().card.tags[0].id;
        let tags = site.tags(UpdateTag { id: tag, name: Some("Sport".into()), ..Default::default() }).await;
        assert_eq!(tags, set([format!("tag:{tag}"), "slug:tag:news".into(), "tags".into()]));
        let tags = site.tags(UpdateTag { id: tag, slug: Some("sport".into()), ..Default::default() }).await;
        assert!(tags.contains("slug:tag:news") && tags.contains("slug:tag:sport"), "{tags:?}");
        let same = UpdateTag { id: tag, name: Some("Sport".into()), ..Default::default() };
        assert!(site.tags(same).await.is_empty());
    });
}

#[test]
fn names_and_slugs_of_tags_belong_to_one() {
    on_each_database(async |site| {
        let create = |name: &str| CreateTag { name: name.into(), ..Default::default() };
        let first = site.apply(create("C")).await;
        let second = site.apply(create("C++")).await;
        let slug = |id| {
            let db = site.db.clone();
            async move { library::tag(&db.readers, id).await.unwrap().unwrap().slug }
        };
        assert_eq!((slug(first).await.as_str(), slug(second).await.as_str()), ("c", "c-2"));
        assert_eq!(site.refused(create("c++")).await, "name_taken");
        assert_eq!(site.refused(create(" ")).await, "invalid");
        let steal = UpdateTag { id: second, slug: Some("c".into()), ..Default::default() };
        assert_eq!(site.refused(steal).await, "slug_taken");
    });
}

#[test]
fn deleting_a_tag_takes_it_from_its_posts() {
    on_each_database(async |site| {
        let id = site.published(tagged("Hello", &["News", "Kept"])).await;
        let tag = site.public(id).await.unwrap().card.tags[0].id;
        site.apply(save(id, titled("Edited meanwhile"))).await;
        let tags = site.tags(DeleteTag { id: tag, expected: None }).await;
        assert!(tags.contains(&format!("tag:{tag}")) && tags.contains(&format!("posts:tag:{tag}")), "{tags:?}");
        site.apply(publish(id)).await;
        let names: Vec<_> = site.public(id).await.unwrap().card.tags.iter().map(|tag| tag.name.clone()).collect();
        assert_eq!(names, ["Kept"]);
    });
}

#[test]
fn a_merged_tag_lives_on_in_the_other() {
    on_each_database(async |site| {
        let both = site.published(tagged("Both", &["Gardening", "Roses", "Gardens"])).await;
        let one = site.published(tagged("One", &["Gardening"])).await;
        let copied = site.published(titled("Copied")).await;
        site.apply(save(copied, PostPatch { tags: Some(vec!["Gardening".into()]), ..Default::default() })).await;
        let id_of = async |name: &str| {
            let tags = site.public(both).await.unwrap().card.tags.clone();
            tags.iter().find(|tag| tag.name == name).unwrap().id
        };
        let first = library::revisions(&site.db.readers, one, &Default::default()).await.unwrap().items[0].version;
        let (id, into) = (id_of("Gardening").await, id_of("Gardens").await);
        assert_eq!(site.refused(MergeTag { id, into: id, expected: None }).await, "invalid");
        assert_eq!(site.refused(MergeTag { id, into, expected: Some(7) }).await, "version_mismatch");
        let told = site.tags(MergeTag { id, into, expected: Some(1) }).await;
        for tag in [format!("posts:tag:{id}"), format!("posts:tag:{into}"), format!("tag:{id}"), "tags".into()] {
            assert!(told.contains(&tag), "{tag}: {told:?}");
        }
        let names = async |post| {
            let tags = site.public(post).await.unwrap().card.tags.clone();
            tags.iter().map(|tag| tag.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(both).await, ["Gardens", "Roses"], "where the first of the two stood");
        assert_eq!(names(one).await, ["Gardens"]);
        site.apply(publish(copied)).await;
        assert_eq!(names(copied).await, ["Gardens"], "what was not published yet keeps it");
        site.apply(save(one, PostPatch { tags: Some(Vec::new()), ..Default::default() })).await;
        site.apply(publish(one)).await;
        site.apply(GoBack { id: one, expected: None, to: first }).await;
        site.apply(publish(one)).await;
        assert_eq!(names(one).await, ["Gardens"], "what is gone back to has it too");
        let read = Read::At { path: "/tag/gardening/".into() };
        let lead = Claim::Redirect { to: "/tag/gardens/".into(), status: 308 };
        assert_eq!(site.ask(&read).await.answer, Answer::At(Some(lead)));
        assert_eq!(site.ask(&Read::Tag { slug: "gardening".into() }).await.answer, Answer::Term(None));
    });
}

#[test]
fn an_author_whom_posts_name_stays() {
    on_each_database(async |site| {
        let ada = site.apply(CreateAuthor { name: "Ada".into(), ..Default::default() }).await;
        let bob = site.apply(CreateAuthor { name: "Bob".into(), ..Default::default() }).await;
        let id = site.published(PostPatch { authors: Some(vec![ada]), ..titled("Hello") }).await;
        assert_eq!(site.refused(DeleteAuthor { id: ada, expected: None }).await, "in_use");
        site.apply(DeleteAuthor { id: bob, expected: Some(1) }).await;
        let read = Read::At { path: "/author/bob/".into() };
        assert_eq!(site.ask(&read).await.answer, Answer::At(Some(Claim::Gone)));
        let bio = UpdateAuthor { id: ada, bio: Some("Wrote notes.".into()), ..Default::default() };
        assert!(site.tags(bio).await.contains(&format!("author:{ada}")));
        assert_eq!(site.public(id).await.unwrap().card.authors[0].name, "Ada");
    });
}

#[test]
fn a_menu_follows_what_it_points_to() {
    on_each_database(async |site| {
        let post = site.draft(titled("About us")).await;
        let item = |value| serde_json::from_value::<Item>(value).unwrap();
        let items = vec![
            item(json!({ "label": "Home", "url": "/", "children": [{ "label": "", "post": "about-us" }] })),
            item(
                json!({ "label": "Nowhere", "tag": site.apply(CreateTag { name: "Empty".into(), ..Default::default() }).await }),
            ),
        ];
        let menu = PutMenu { name: "main".into(), expected: Some(0), items };
        assert_eq!(site.tags(menu.clone()).await, set(["menu:main".into()]));
        assert_eq!(site.refused(menu.clone()).await, "version_mismatch", "it is not new any more");
        assert!(site.tags(PutMenu { expected: None, ..menu }).await.is_empty(), "nothing changed");

        let read = Read::Menu { name: "main".into() };
        let Answer::Menu(shown) = site.ask(&read).await.answer else { panic!("not a menu") };
        assert_eq!(shown.len(), 1, "an empty tag leads nowhere");
        assert!(shown[0].children.is_empty(), "nor does a draft");

        let before = site.ask(&read).await;
        assert!(!site.tags(publish(post)).await.is_disjoint(&before.tags.iter().map(ToString::to_string).collect()));
        let Answer::Menu(shown) = site.ask(&read).await.answer else { panic!("not a menu") };
        assert_eq!(shown[0].children[0].label, "About us");
        assert!(matches!(&shown[0].children[0].target, MenuTarget::Post(card) if card.slug == "about-us"));

        let stored = library::menu(&site.db.readers, "main").await.unwrap().unwrap();
        assert_eq!(stored.items[0].children[0].post, Some(post.to_string()), "a rename will not break it");
    });
}

#[test]
fn an_excerpt_touches_no_menu() {
    on_each_database(async |site| {
        let post = site.published(titled("About us")).await;
        let items = vec![Item { label: "About".into(), post: Some(post.to_string()), ..Default::default() }];
        site.apply(PutMenu { name: "main".into(), expected: None, items }).await;
        let read = Read::Menu { name: "main".into() };
        let before = site.ask(&read).await.answer;
        let edit = PostPatch { excerpt: Some(Some("Other".into())), title: Some("New".into()), ..Default::default() };
        site.apply(save(post, edit)).await;
        site.apply(publish(post)).await;
        assert_eq!(site.ask(&read).await.answer, before);
    });
}

#[test]
fn menus_that_cannot_be_say_where() {
    on_each_database(async |site| {
        for (items, field) in [
            (json!([{ "label": "x" }]), "items[0]"),
            (json!([{ "label": "x", "url": "/", "post": "y" }]), "items[0]"),
            (json!([{ "label": "x", "url": "/", "children": [{ "post": "missing" }] }]), "items[0].children[0].post"),
            (json!([{ "label": "x", "url": "javascript:alert(1)" }]), "items[0].url"),
        ] {
            let items = serde_json::from_value(items).unwrap();
            let error = site.try_apply(PutMenu { name: "main".into(), expected: None, items }).await.unwrap_err();
            assert!(error.to_string().starts_with(&format!("{field}:")), "{error}");
        }
    });
}

#[test]
fn settings_are_checked_counted_and_announced() {
    on_each_database(async |site| {
        let title = |title: &str| SettingsPatch { title: Some(title.into()), ..Default::default() };
        let read = Read::Setting { key: "title".into() };
        assert_eq!(site.ask(&read).await.answer, Answer::Setting(Some("Perennial".into())));
        let patch = PatchSettings { expected: Some(0), patch: title("Garden") };
        assert_eq!(site.tags(patch.clone()).await, set(["settings".into()]));
        assert_eq!(site.ask(&read).await.answer, Answer::Setting(Some("Garden".into())));
        assert_eq!(site.refused(patch.clone()).await, "version_mismatch");
        assert!(site.tags(PatchSettings { expected: Some(1), ..patch }).await.is_empty());
        let zone = SettingsPatch { timezone: Some("Mars/Olympus".into()), ..Default::default() };
        assert_eq!(site.refused(PatchSettings { expected: None, patch: zone }).await, "invalid");
        let shown = library::settings(&site.db.readers).await.unwrap();
        assert_eq!((shown.version, shown.settings.title.as_str(), shown.settings.posts_per_page), (1, "Garden", 10));
    });
}
