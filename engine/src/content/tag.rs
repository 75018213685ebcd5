//! Cache tags: the names that content gives to itself, carried by every page that read it.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest tag that is accepted, in characters.
pub const LONGEST: usize = 256;

/// A name under which pages can be invalidated. Case-sensitive, at most [`LONGEST`] characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CacheTag(Arc<str>);

impl CacheTag {
    /// A word of a theme's or an operator's own; `None` when it is empty or longer than [`LONGEST`].
    pub fn word(word: &str) -> Option<Self> {
        (!word.is_empty() && word.chars().count() <= LONGEST).then(|| Self(word.into()))
    }

    /// One post or page.
    pub fn post(id: Uuid) -> Self {
        Self(format!("post:{id}").into())
    }

    /// Whatever post or page answers to this slug, now or later.
    pub fn slug(kind: &str, slug: &str) -> Self {
        Self::clipped(format!("slug:{kind}:{slug}"))
    }

    /// Membership, order or count of all posts (or pages).
    pub fn posts(kind: &str) -> Self {
        Self(format!("posts:{kind}").into())
    }

    /// The order of posts (or pages) by title.
    pub fn titles(kind: &str) -> Self {
        Self(format!("titles:{kind}").into())
    }

    /// The order of posts (or pages) by their last update.
    pub fn updates(kind: &str) -> Self {
        Self(format!("updates:{kind}").into())
    }

    /// Membership, order or count of a tag's posts.
    pub fn posts_of_tag(id: Uuid) -> Self {
        Self(format!("posts:tag:{id}").into())
    }

    /// Membership, order or count of an author's posts.
    pub fn posts_of_author(id: Uuid) -> Self {
        Self(format!("posts:author:{id}").into())
    }

    /// Whether it is about which posts are where in a list by date.
    pub fn is_of_lists(&self) -> bool {
        self.0.starts_with("posts:")
    }

    /// One tag's own fields.
    pub fn tag(id: Uuid) -> Self {
        Self(format!("tag:{id}").into())
    }

    /// The list of all tags with their counts.
    pub fn tags() -> Self {
        Self("tags".into())
    }

    /// One author's own fields.
    pub fn author(id: Uuid) -> Self {
        Self(format!("author:{id}").into())
    }

    /// The list of all authors with their counts.
    pub fn authors() -> Self {
        Self("authors".into())
    }

    /// One file of the media library.
    pub fn media(id: Uuid) -> Self {
        Self(format!("media:{id}").into())
    }

    /// One menu.
    pub fn menu(name: &str) -> Self {
        Self::clipped(format!("menu:{name}"))
    }

    /// Site and theme settings.
    pub fn settings() -> Self {
        Self("settings".into())
    }

    /// The theme's files.
    pub fn theme() -> Self {
        Self("theme".into())
    }

    /// Whatever is, or is not, at this path.
    pub fn path(path: &str) -> Self {
        Self::clipped(format!("path:{path}"))
    }

    /// Redirects for many paths at once.
    pub fn redirects() -> Self {
        Self("redirects".into())
    }

    /// Every page of a route.
    pub fn route(name: &str) -> Self {
        Self::clipped(format!("route:{name}"))
    }

    /// The answer of another server, by a hash of its URL.
    pub fn fetch(url: &str) -> Self {
        let hash: String = blake3::hash(url.as_bytes()).to_hex().chars().take(16).collect();
        Self(format!("fetch:{hash}").into())
    }

    /// A stored fragment.
    pub fn cached(key: &str) -> Self {
        Self::clipped(format!("cached:{key}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Names made from content can be longer than a tag may be: those share the tag of their first [`LONGEST`] characters,
    /// which can only make more pages candidates, never fewer.
    fn clipped(name: String) -> Self {
        match name.char_indices().nth(LONGEST) {
            Some((end, _)) => Self(name.get(..end).unwrap_or_default().into()),
            None => Self(name.into()),
        }
    }
}

impl fmt::Display for CacheTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
