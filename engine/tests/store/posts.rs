//! Posts from the first draft to the trash, and what each step announces.

use perennial::{
    content::command::post::PostPatch,
    content::{
        change::Entity,
        command::post::{CreatePost, Restore, Schedule, Trash, Unpublish},
        read::{Answer, Key, Kind, Read},
        time::Time,
    },
};

use crate::site::{START, on_each_database, publish, save, set, tagged, titled};

#[test]
fn a_draft_concerns_nobody() {
    on_each_database(async |site| {
        let id = site.draft(tagged("Hello", &["News"])).await;
        assert!(site.tags(save(id, titled("Hello again"))).await.is_empty());
        assert!(site.tags(Trash { id, expected: None }).await.is_empty());
        assert_eq!(site.revision().await, 0);
        assert_eq!(site.ask(&Read::Tags).await.answer, Answer::Terms(vec![]), "only a draft carries the tag");
    });
}

#[test]
fn publishing_announces_lists_terms_and_the_post() {
    on_each_database(async |site| {
        let id = site.draft(tagged("Hello", &["News"])).await;
        let applied = site.try_apply(publish(id)).await.unwrap();
        let change = applied.change.unwrap();
        let post = site.public(id).await.unwrap();
        let tag = post.card.tags[0].id;
        assert_eq!(post.card.published_at, site.now());
        assert_eq!(change.revision, 1);
        assert_eq!(change.born, [Entity::Tag(tag), Entity::Post(id)]);
        assert!(change.gone.is_empty());
        let tags = change.tags.iter().map(ToString::to_string).collect();
        assert_eq!(
            set([
                format!("post:{id}"),
                format!("posts:tag:{tag}"),
                format!("tag:{tag}"),
                "posts:post".into(),
                "slug:post:hello".into(),
                "slug:tag:news".into(),
                "tags".into(),
                "titles:post".into(),
                "updates:post".into(),
            ]),
            tags
        );
    });
}

#[test]
fn publishing_again_without_a_change_announces_nothing() {
    on_each_database(async |site| {
        let id = site.published(titled("Hello")).await;
        let before = site.public(id).await;
        assert!(site.tags(publish(id)).await.is_empty());
        assert_eq!(site.public(id).await, before);
    });
}

#[test]
fn an_edited_text_touches_no_list() {
    on_each_database(async |site| {
        let id = site.published(titled("Hello")).await;
        site.apply(save(id, PostPatch { markdown: Some("*New* text".into()), ..Default::default() })).await;
        assert_eq!(site.tags(publish(id)).await, set([format!("post:{id}"), "updates:post".into()]));
        assert_eq!(site.public(id).await.unwrap().html.trim(), "<p><em>New</em> text</p>");
    });
}

#[test]
fn another_date_or_star_moves_lists() {
    on_each_database(async |site| {
        let id = site.published(tagged("Hello", &["News"])).await;
        let tag = site.public(id).await.unwrap().card.tags[0].id;
        for fields in [
            PostPatch { published_at: Some(Some(Time(START - 5))), ..Default::default() },
            PostPatch { featured: Some(true), ..Default::default() },
        ] {
            site.apply(save(id, fields)).await;
            let lists =
                set([format!("post:{id}"), format!("posts:tag:{tag}"), "posts:post".into(), "updates:post".into()]);
            assert_eq!(site.tags(publish(id)).await, lists);
        }
    });
}

#[test]
fn another_tag_moves_the_lists_of_both() {
    on_each_database(async |site| {
        let id = site.published(tagged("Hello", &["News", "Kept"])).await;
        let old = site.public(id).await.unwrap().card.tags[0].id;
        site.apply(save(id, tagged("Hello", &["Kept", "Sport"]))).await;
        let tags = site.tags(publish(id)).await;
        let cards = site.public(id).await.unwrap().card.tags.clone();
        let (kept, new) = (cards[0].id, cards[1].id);
        assert!(tags.contains(&format!("posts:tag:{old}")) && tags.contains(&format!("posts:tag:{new}")), "{tags:?}");
        assert!(tags.contains("tags") && tags.contains("slug:tag:sport") && tags.contains("slug:tag:news"), "{tags:?}");
        assert!(!tags.contains(&format!("posts:tag:{kept}")) && !tags.contains("posts:post"), "{tags:?}");
    });
}

#[test]
fn what_is_taken_back_is_gone() {
    on_each_database(async |site| {
        let id = site.published(titled("Hello")).await;
        let change = site.try_apply(Unpublish { id, expected: None }).await.unwrap().change.unwrap();
        assert_eq!(change.gone.iter().map(ToString::to_string).collect::<Vec<_>>(), [format!("post:{id}")]);
        assert!(change.tags.iter().any(|tag| tag.as_str() == "posts:post"));
        assert_eq!(site.public(id).await, None);
        site.apply(publish(id)).await;
        let change = site.try_apply(Trash { id, expected: None }).await.unwrap().change.unwrap();
        assert_eq!(change.gone.len(), 1);
        assert_eq!(site.public(id).await, None);
    });
}

#[test]
fn the_trash_frees_a_slug_and_gives_back_what_it_can() {
    on_each_database(async |site| {
        let first = site.published(titled("Hello")).await;
        site.apply(Trash { id: first, expected: None }).await;
        let second = site.published(titled("Hello")).await;
        assert_eq!(site.public(second).await.unwrap().card.slug, "hello");
        assert_eq!(site.refused(publish(first)).await, "wrong_state");
        assert_eq!(site.refused(save(first, titled("x"))).await, "wrong_state");
        site.apply(Restore { id: first, expected: None }).await;
        site.apply(publish(first)).await;
        assert_eq!(site.public(first).await.unwrap().card.slug, "hello-2");
    });
}

#[test]
fn slugs_are_made_from_titles_and_belong_to_one() {
    on_each_database(async |site| {
        for (title, slug) in
            [("Ünï — code!", "uni-code"), ("Unï code", "uni-code-2"), ("", "untitled"), ("", "untitled-2")]
        {
            let id = site.published(titled(title)).await;
            assert_eq!(site.public(id).await.unwrap().card.slug, slug);
        }
        let taken = PostPatch { slug: Some("Uni code".into()), ..Default::default() };
        assert_eq!(site.refused(CreatePost { kind: Kind::Post, fields: taken.clone() }).await, "slug_taken");
        // Pages are read at the same paths as posts here.
        assert_eq!(site.refused(CreatePost { kind: Kind::Page, fields: taken }).await, "slug_taken");
    });
}

#[test]
fn what_is_too_long_is_refused_and_nothing_changes() {
    on_each_database(async |site| {
        let long = |n: usize| Some("x".repeat(n));
        for fields in [
            PostPatch { title: long(2_001), ..Default::default() },
            PostPatch { slug: long(201), ..Default::default() },
            PostPatch { markdown: long(5 * 1024 * 1024 + 1), ..Default::default() },
            PostPatch { title: Some("a\0b".into()), ..Default::default() },
            PostPatch { tags: Some((0..129).map(|n| n.to_string()).collect()), ..Default::default() },
            PostPatch { path: Some(Some("no slash".into())), ..Default::default() },
            PostPatch { authors: Some(vec![uuid::Uuid::now_v7()]), ..Default::default() },
        ] {
            assert_eq!(site.refused(CreatePost { kind: Kind::Post, fields }).await, "invalid");
        }
        let query = Default::default();
        let page = perennial::content::library::posts(&site.db.readers, &site.permalinks, &query).await.unwrap();
        assert_eq!(page.total, 0);
        assert_eq!(perennial::content::library::tags(&site.db.readers, &Default::default()).await.unwrap().total, 0);
    });
}

#[test]
fn a_post_can_wait_for_its_time() {
    on_each_database(async |site| {
        let id = site.draft(titled("Later")).await;
        assert!(site.tags(Schedule { id, expected: None, at: site.now() + 60_000 }).await.is_empty());
        assert_eq!(site.public(id).await, None);
        site.apply(Unpublish { id, expected: None }).await;
        let due = site.now() - 60_000;
        site.apply(Schedule { id, expected: None, at: due }).await;
        site.apply(publish(id)).await;
        assert_eq!(site.public(id).await.unwrap().card.published_at, due, "the date its editor chose");
        assert_eq!(site.refused(Schedule { id, expected: None, at: 0 }).await, "wrong_state");
    });
}

#[test]
fn a_path_of_its_own_is_found_and_left_behind() {
    on_each_database(async |site| {
        let id = site.draft(PostPatch { path: Some(Some("/2015/old.html".into())), ..titled("Old") }).await;
        let at = Read::At { path: "/2015/old.html".into() };
        assert_eq!(site.ask(&at).await.answer, Answer::At(None), "a draft claims nothing");
        assert!(site.tags(publish(id)).await.contains("path:/2015/old.html"));
        assert!(matches!(site.ask(&at).await.answer, Answer::At(Some(_))));
        site.apply(save(id, PostPatch { path: Some(None), ..Default::default() })).await;
        assert!(site.tags(publish(id)).await.contains("path:/2015/old.html"));
        let by_slug = Read::Post { kind: Kind::Post, by: Key::Slug("old".into()) };
        assert!(matches!(site.ask(&by_slug).await.answer, Answer::Post(Some(_))));
    });
}

#[test]
fn an_old_version_overwrites_nothing() {
    on_each_database(async |site| {
        let id = site.published(titled("Hello")).await;
        let mut late = save(id, titled("Late"));
        late.expected = Some(1);
        let error = site.try_apply(late).await.unwrap_err();
        assert_eq!(error.code(), "version_mismatch");
        assert!(error.to_string().contains("version 1, it is now version 2"), "{error}");
        let mut current = save(id, titled("Current"));
        current.expected = Some(2);
        site.apply(current).await;
    });
}
