//! What readers see of a post, and what they must be told when it changes. Pure.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Draft;
use crate::content::{change::Entity, read::Kind, tag::CacheTag};

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
