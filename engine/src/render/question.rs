//! Questions: everything a render asks, of content or of the theme, and what is recorded of each.

use std::{collections::BTreeSet, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::dates::Dates;
use crate::content::{
    read::{Filter, Fingerprint, Key, Limit, PageNumber, Read, Window},
    seen::Seen,
    span::Span,
    tag::CacheTag,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Content, and what the template saw of it.
    Content(Read, Seen),
    /// A template with all it includes.
    Template(String),
    /// A route's policy.
    Route(String),
    /// Which pages the theme has.
    Routes,
    Asset(String),
    /// What the theme says of a setting: its default, and which values it may have.
    Declared(String),
    /// The answer of another server, by its URL.
    Fetch(String),
    /// A stored fragment, by its key.
    Cached(String),
    /// What these moments are called in the site's time zone.
    Dates(Dates),
}

/// One question of a render, and what its answer was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub question: Question,
    pub fingerprint: Fingerprint,
    /// Names that can make the answer change.
    pub tags: Arc<BTreeSet<CacheTag>>,
    /// Where a post must come or go for a tag of lists to matter.
    pub span: Span,
}

/// What a question is answered with when it is asked anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    pub fingerprint: Fingerprint,
    /// They can be others under the same answer: a menu may lead to another post that nobody sees yet. `None`: as before.
    pub tags: Option<Arc<BTreeSet<CacheTag>>>,
    pub span: Span,
}

impl Question {
    /// One word for what is asked.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Content(read, _) => match read {
                Read::Post { kind, .. } => kind.as_str(),
                Read::Posts(_) => "posts",
                Read::Total(_) => "total",
                Read::Around(_) => "around",
                Read::Neighbours { .. } => "neighbours",
                Read::Related { .. } => "related",
                Read::Source { .. } => "source",
                Read::Tag { .. } => "tag",
                Read::Tags => "tags",
                Read::Author { .. } => "author",
                Read::Authors => "authors",
                Read::Menu { .. } => "menu",
                Read::Setting { .. } => "setting",
                Read::At { .. } => "path",
                Read::Rules => "redirects",
            },
            Self::Template(_) => "template",
            Self::Route(_) => "route",
            Self::Routes => "routes",
            Self::Asset(_) => "asset",
            Self::Declared(_) => "declared",
            Self::Fetch(_) => "fetch",
            Self::Cached(_) => "cached",
            Self::Dates(_) => "dates",
        }
    }

    /// A few words that an editor understands: why a page depends on what changed.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Content(read, _) => match read {
                Read::Post { .. } | Read::Source { .. } => "this post",
                Read::Posts(window) if window.fields != crate::content::read::Fields::Card => "feed or sitemap",
                Read::Posts(Window { filter, .. }) | Read::Total(filter) | Read::Around(Window { filter, .. }) => {
                    match (&filter.tag, &filter.author) {
                        (Some(_), _) => "lists posts of a tag",
                        (_, Some(_)) => "lists posts of an author",
                        _ => "lists posts",
                    }
                }
                Read::Neighbours { .. } => "links to the post before or after",
                Read::Related { .. } => "links to related posts",
                Read::Tag { .. } => "shows this tag",
                Read::Tags => "lists tags",
                Read::Author { .. } => "shows this author",
                Read::Authors => "lists authors",
                Read::Menu { .. } => "shows the menu",
                Read::Setting { .. } => "uses a setting",
                Read::At { .. } | Read::Rules => "address",
            },
            Self::Template(_) | Self::Route(_) | Self::Routes | Self::Asset(_) | Self::Declared(_) => "theme",
            Self::Fetch(_) => "data from another server",
            Self::Cached(_) => "a shared part",
            Self::Dates(_) => "shows dates",
        }
    }

    /// What the inner entry is called that answers it; `None` for every other question.
    pub fn inner_name(&self) -> Option<String> {
        match self {
            Self::Fetch(url) => Some(format!("fetch:{url}")),
            Self::Cached(key) => Some(format!("cached:{key}")),
            _ => None,
        }
    }
}

/// The question as a template would write it.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(name) => write!(f, "template {name}"),
            Self::Route(name) => write!(f, "route {name}"),
            Self::Routes => f.write_str("routes()"),
            Self::Asset(path) => write!(f, "asset({path:?})"),
            Self::Declared(name) => write!(f, "what the theme says of setting({name:?})"),
            Self::Fetch(url) => write!(f, "fetch({url:?})"),
            Self::Cached(key) => write!(f, "cached({key:?})"),
            Self::Dates(dates) => write!(f, "{} dates in the site's time zone", dates.len()),
            Self::Content(read, seen) => {
                match read {
                    Read::Post { kind, by: Key::Slug(slug) } => write!(f, "{}(slug={slug:?})", kind.as_str()),
                    Read::Post { kind, by: Key::Id(id) } => write!(f, "{}(id={id})", kind.as_str()),
                    Read::Posts(window) => write!(f, "posts({})", Described(window)),
                    Read::Total(filter) => write!(f, "total of posts({})", DescribedFilter(filter)),
                    Read::Around(window) => write!(f, "pages beside posts({})", Described(window)),
                    Read::Neighbours { id } => write!(f, "neighbours of {id}"),
                    Read::Related { id, limit } => write!(f, "{limit} posts related to {id}"),
                    Read::Source { id } => write!(f, "text of {id}"),
                    Read::Tag { slug } => write!(f, "tag(slug={slug:?})"),
                    Read::Tags => f.write_str("tags()"),
                    Read::Author { slug } => write!(f, "author(slug={slug:?})"),
                    Read::Authors => f.write_str("authors()"),
                    Read::Menu { name } => write!(f, "menu({name:?})"),
                    Read::Setting { key } => write!(f, "setting {key}"),
                    Read::At { path } => write!(f, "what is at {path}"),
                    Read::Rules => f.write_str("redirects for many paths"),
                }?;
                let mut names = seen.names();
                names.next().map_or(Ok(()), |name| write!(f, " → {name}"))?;
                names.try_for_each(|name| write!(f, ", {name}"))
            }
        }
    }
}

struct Described<'w>(&'w Window);

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Window { filter, order, limit, page, fields } = self.0;
        write!(f, "{}order={order:?}", DescribedFilter(filter))?;
        match limit {
            Limit::Posts(limit) => write!(f, ", limit={limit}")?,
            Limit::Site => f.write_str(", limit=\"site\"")?,
        }
        match page {
            PageNumber::FromFirst(page) => write!(f, ", page={page}")?,
            PageNumber::FromOldest(Some(page)) => write!(f, ", page={page}, anchor=oldest")?,
            PageNumber::FromOldest(None) => f.write_str(", newest page, anchor=oldest")?,
        }
        write!(f, ", fields={fields:?}")
    }
}

struct DescribedFilter<'w>(&'w Filter);

impl fmt::Display for DescribedFilter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Filter { kind, tag, author, featured } = self.0;
        write!(f, "kind={}, ", kind.as_str())?;
        if let Some(tag) = tag {
            write!(f, "tag={tag:?}, ")?;
        }
        if let Some(author) = author {
            write!(f, "author={author:?}, ")?;
        }
        if let Some(featured) = featured {
            write!(f, "featured={featured}, ")?;
        }
        Ok(())
    }
}
