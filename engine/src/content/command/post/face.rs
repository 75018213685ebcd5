//! What readers see of a post, and what they must be told when it changes. Pure.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Draft;
use crate::content::{change::Entity, read::Kind, span::Position, tag::CacheTag};

/// A post while it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Face {
    pub(super) id: Uuid,
    pub(super) kind: Kind,
    /// Where it is read.
    pub(super) url: String,
    pub(super) draft: Draft,
}

/// What to announce.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    pub(super) tags: BTreeSet<CacheTag>,
    /// Where it stood among all posts and where it stands.
    pub(super) positions: Vec<Position>,
    pub(super) gone: Option<CacheTag>,
    pub(super) born: Option<Entity>,
    /// Tags and authors that the post joined or left.
    pub(super) joined: Terms,
    pub(super) left: Terms,
    /// The path it left and the path it has instead.
    pub(super) moved: Option<(String, String)>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) tags: BTreeSet<Uuid>,
    pub(super) authors: BTreeSet<Uuid>,
}

/// The difference between two moments of one post; `None` is a post that readers cannot see.
pub(super) fn news(before: Option<&Face>, after: Option<&Face>) -> News {
    let mut news = News::default();
    if before == after {
        return news;
    }
    for face in [before, after].into_iter().flatten() {
        news.tags.extend([CacheTag::post(face.id), CacheTag::updates(face.kind.as_str())]);
        let published_at = face.draft.published_at.unwrap_or_default();
        news.positions.push(Position { published_at, id: face.id });
    }
    news.joined = only_in(after, before);
    news.left = only_in(before, after);
    news.term_tags();

    let kept = before.zip(after);
    let relisted = kept.is_none_or(|(old, new)| order_of(old) != order_of(new));
    let reauthored = !news.joined.authors.is_empty() || !news.left.authors.is_empty();
    for face in [before, after].into_iter().flatten() {
        let kind = face.kind.as_str();
        if relisted {
            news.tags.insert(CacheTag::posts(kind));
            news.tags.extend(face.draft.authors.iter().map(|id| CacheTag::posts_of_author(*id)));
        }
        // A list of one author's posts in a tag goes by the name of the tag.
        if relisted || reauthored {
            news.tags.extend(face.draft.tags.iter().map(|id| CacheTag::posts_of_tag(*id)));
        }
        if kept.is_none_or(|(old, new)| old.draft.title != new.draft.title) {
            news.tags.insert(CacheTag::titles(kind));
        }
        if kept.is_none_or(|(old, new)| old.draft.slug != new.draft.slug) {
            news.tags.insert(CacheTag::slug(kind, &face.draft.slug));
        }
        if kept.is_none_or(|(old, new)| old.draft.path != new.draft.path) {
            news.tags.extend(face.draft.path.as_deref().map(CacheTag::path));
        }
    }
    match (before, after) {
        (Some(old), None) => news.gone = Some(CacheTag::post(old.id)),
        (None, Some(new)) => news.born = Some(Entity::Post(new.id)),
        (Some(old), Some(new)) if old.url != new.url => {
            news.born = Some(Entity::Post(new.id));
            news.moved = Some((old.url.clone(), new.url.clone()));
        }
        _ => {}
    }
    news
}

impl News {
    /// Lists and counts of the terms that the post joined or left.
    fn term_tags(&mut self) {
        for terms in [&self.joined, &self.left] {
            self.tags.extend(terms.tags.iter().map(|id| CacheTag::posts_of_tag(*id)));
            self.tags.extend(terms.authors.iter().map(|id| CacheTag::posts_of_author(*id)));
            self.tags.extend((!terms.tags.is_empty()).then(CacheTag::tags));
            self.tags.extend((!terms.authors.is_empty()).then(CacheTag::authors));
        }
    }
}

/// What decides the place of a post in lists, beside its terms.
fn order_of(face: &Face) -> (Option<i64>, bool) {
    (face.draft.published_at, face.draft.featured)
}

fn only_in(one: Option<&Face>, other: Option<&Face>) -> Terms {
    let missing = |ids: fn(&Draft) -> &Vec<Uuid>| {
        let here = one.map(|face| ids(&face.draft).as_slice()).unwrap_or_default();
        let there = other.map(|face| ids(&face.draft).as_slice()).unwrap_or_default();
        here.iter().filter(|id| !there.contains(id)).copied().collect()
    };
    Terms { tags: missing(|draft| &draft.tags), authors: missing(|draft| &draft.authors) }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*};

    use super::*;

    /// A list that pages show: posts of a tag, of an author, with a star.
    type List = (Option<usize>, Option<usize>, Option<bool>);

    fn term(n: usize) -> Uuid {
        Uuid::from_u128(n as u128 + 1)
    }

    fn face() -> impl Strategy<Value = Option<Face>> {
        let terms = || vec(0..3_usize, 0..3);
        let fields = (terms(), terms(), any::<bool>(), 0..3_i64, 0..2_usize, 0..2_usize, option::of(0..2_usize));
        option::weighted(0.8, fields).prop_map(|fields| {
            let (tags, authors, featured, date, title, slug, path) = fields?;
            let draft = Draft {
                title: format!("title {title}"),
                slug: format!("slug-{slug}"),
                path: path.map(|n| format!("/path/{n}/")),
                tags: tags.into_iter().map(term).collect(),
                authors: authors.into_iter().map(term).collect(),
                featured,
                published_at: Some(date),
                ..Default::default()
            };
            let url = draft.path.clone().unwrap_or_else(|| format!("/{}/", draft.slug));
            Some(Face { id: Uuid::nil(), kind: Kind::Post, url, draft })
        })
    }

    /// Where a post stands in a list by date, if it is in it at all.
    fn place(face: Option<&Face>, (tag, author, featured): List) -> Option<Option<i64>> {
        let draft = &face?.draft;
        let belongs = tag.is_none_or(|n| draft.tags.contains(&term(n)))
            && author.is_none_or(|n| draft.authors.contains(&term(n)))
            && featured.is_none_or(|yes| draft.featured == yes);
        belongs.then_some(draft.published_at)
    }

    /// The tag that the page of a list carries.
    fn narrowest((tag, author, _): List) -> CacheTag {
        match (tag, author) {
            (Some(n), _) => CacheTag::posts_of_tag(term(n)),
            (None, Some(n)) => CacheTag::posts_of_author(term(n)),
            (None, None) => CacheTag::posts("post"),
        }
    }

    proptest! {
        #[test]
        fn every_list_that_changes_hears_of_it(
            before in face(), after in face(),
            list in (option::of(0..3_usize), option::of(0..3_usize), option::of(any::<bool>())),
        ) {
            let news = news(before.as_ref(), after.as_ref());
            if place(before.as_ref(), list) != place(after.as_ref(), list) {
                prop_assert!(news.tags.contains(&narrowest(list)), "{list:?}: {news:?}");
            }
        }

        #[test]
        fn whoever_looks_for_the_post_hears_of_it(before in face(), after in face()) {
            let news = news(before.as_ref(), after.as_ref());
            prop_assert_eq!(news == News::default(), before == after);
            let draft = |face: &Option<Face>| face.as_ref().map(|face| face.draft.clone());
            let (old, new) = (draft(&before), draft(&after));
            for n in 0..2 {
                let (slug, path) = (format!("slug-{n}"), format!("/path/{n}/"));
                let has_slug = |draft: &Option<Draft>| draft.as_ref().is_some_and(|draft| draft.slug == slug);
                let has_path = |draft: &Option<Draft>| {
                    draft.as_ref().is_some_and(|draft| draft.path.as_deref() == Some(path.as_str()))
                };
                let told = |tag: CacheTag| news.tags.contains(&tag);
                prop_assert!(has_slug(&old) == has_slug(&new) || told(CacheTag::slug("post", &slug)));
                prop_assert!(has_path(&old) == has_path(&new) || told(CacheTag::path(&path)));
            }
            prop_assert_eq!(news.gone.is_some(), before.is_some() && after.is_none());
            prop_assert_eq!(news.moved.is_some(), before.zip(after).is_some_and(|(old, new)| old.url != new.url));
        }

        #[test]
        fn a_text_concerns_no_list(face in face()) {
            let Some(before) = face else { return Ok(()) };
            let draft = Draft { markdown: "other".into(), ..before.draft.clone() };
            let after = Face { draft, ..before.clone() };
            let tags = BTreeSet::from([CacheTag::post(before.id), CacheTag::updates("post")]);
            prop_assert_eq!(news(Some(&before), Some(&after)).tags, tags);
        }
    }
}
