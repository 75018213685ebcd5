//! Reads: the questions that pages ask of content, and what comes back.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    media::Focus,
    permalink::Permalinks,
    rule::Rules,
    seen::{Seen, Writer},
    span::Span,
    tag::CacheTag,
};
pub use crate::model::post::Kind;

/// One question about published content. Two equal reads at one revision have one answer, whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Read {
    /// One post or page with its body.
    Post {
        kind: Kind,
        by: Key,
    },
    /// A window of a list.
    Posts(Window),
    /// How many posts a filter lets through.
    Total(Filter),
    /// The page numbers before and after a window as a reader goes through it, without their total. Of pages numbered
    /// from the oldest, the page before is the newer one and has the higher number.
    Around(Window),
    /// The posts published just before and just after this one.
    Neighbours {
        id: Uuid,
    },
    /// The posts of this one's first tag that are nearest to it.
    Related {
        id: Uuid,
        limit: u32,
    },
    /// The text of a post or page as it was written.
    Source {
        id: Uuid,
    },
    Tag {
        slug: String,
    },
    Tags,
    Author {
        slug: String,
    },
    Authors,
    Menu {
        name: String,
    },
    Setting {
        key: String,
    },
    /// What has claimed this exact path: a post with a path of its own, or a redirect.
    At {
        path: String,
    },
    /// Redirects for many paths at once, asked where nothing else is found.
    Rules,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    Slug(String),
    Id(Uuid),
}

/// Which posts belong to a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Filter {
    pub kind: Kind,
    /// Slug of a tag.
    pub tag: Option<String>,
    /// Slug of an author.
    pub author: Option<String>,
    pub featured: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    pub filter: Filter,
    pub order: Order,
    pub limit: Limit,
    pub page: PageNumber,
    pub fields: Fields,
}

/// How many posts a page of a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    Posts(u32),
    /// As many as the site's setting says. A list that has fewer does not change with it.
    Site,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    NewestFirst,
    OldestFirst,
    Title,
    RecentlyUpdated,
}

/// How the pages of a list are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageNumber {
    /// Page 1 holds the first posts in the list's order: a new post moves every page.
    FromFirst(u32),
    /// Page 1 holds the oldest posts and pages are full, but for the newest, which takes what is left over (so it holds
    /// `limit` to `2 × limit − 1` posts): a new post changes the newest page or two and no other. Always by date, shown
    /// newest first, whatever the window's order.
    /// `None` is the newest page.
    FromOldest(Option<u32>),
}

/// How much of each post a list needs; what it does not need cannot make it change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fields {
    /// What lists show; never the body.
    Card,
    /// Where a post is and when it changed, for sitemaps.
    Dates,
    /// The whole post, for feeds.
    Full,
}

/// What a read gave.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Post(Option<Arc<Post>>),
    Cards(Vec<Arc<Card>>),
    Dates(Vec<Dated>),
    Posts(Vec<Arc<Post>>),
    Total(u64),
    Around { prev: Option<u32>, next: Option<u32> },
    Neighbours { newer: Option<Arc<Card>>, older: Option<Arc<Card>> },
    Term(Option<Arc<Term>>),
    Terms(Vec<Arc<Term>>),
    Menu(Vec<MenuItem>),
    Setting(Option<serde_json::Value>),
    At(Option<Claim>),
    Rules(Arc<Rules>),
    Source(Option<String>),
}

/// What lists need to show a post.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Card {
    pub id: Uuid,
    pub kind: Kind,
    pub slug: String,
    /// A path of its own, instead of the theme's permalink.
    pub path: Option<String>,
    pub title: String,
    /// The editor's, or the first words of the text.
    pub excerpt: String,
    /// Milliseconds since the epoch.
    pub published_at: i64,
    pub featured: bool,
    pub image: Option<Image>,
    pub tags: Vec<TermCard>,
    pub authors: Vec<TermCard>,
    pub reading_minutes: u32,
}

/// A post or page as its own page shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Post {
    #[serde(flatten)]
    pub card: Card,
    pub html: String,
    /// The files of the library that `html` shows, each once.
    pub pictures: Vec<Image>,
    pub words: u32,
    /// Milliseconds since the epoch; moves with each publish of a change.
    pub updated_at: i64,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub canonical_url: Option<String>,
}

/// Where a post is and when it changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dated {
    pub id: Uuid,
    pub kind: Kind,
    pub slug: String,
    pub path: Option<String>,
    pub published_at: i64,
    pub updated_at: i64,
    /// The address of its image.
    pub image: Option<String>,
    pub primary_tag: Option<String>,
    pub primary_author: Option<String>,
}

/// A tag or an author beside a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TermCard {
    pub id: Uuid,
    pub name: String,
    pub slug: String,
}

/// A tag or an author on a page of its own or in a list of all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    #[serde(flatten)]
    pub card: TermCard,
    /// A tag's description or an author's biography.
    pub description: String,
    pub image: Option<String>,
    /// How many published posts carry it.
    pub count: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Image {
    pub url: String,
    pub alt: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// The colour it has most of, as `#rrggbb`.
    pub color: Option<String>,
    /// What stays in sight when it is cut to another shape.
    pub focus: Option<Focus>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MenuItem {
    pub label: String,
    pub target: MenuTarget,
    pub children: Vec<MenuItem>,
}

/// Where a menu item leads; items that point to something unpublished are left out of the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MenuTarget {
    Url(String),
    /// Only what its path is made of (and its title, when the item has no label): no other edit changes a menu.
    Post(Arc<Card>),
    Tag(TermCard),
}

/// What has claimed a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    Post {
        id: Uuid,
        kind: Kind,
    },
    Redirect {
        to: String,
        status: u16,
    },
    /// What was here is gone for good.
    Gone,
}

/// Names exactly what was given to a template: equal answers have equal fingerprints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint(u128);

impl Fingerprint {
    pub fn of(bytes: &[u8]) -> Self {
        let mut first = [0; 16];
        first.copy_from_slice(blake3::hash(bytes).as_bytes().first_chunk::<16>().unwrap_or(&[0; 16]));
        Self(u128::from_le_bytes(first))
    }
}

/// An answer with the tags that can make it change.
#[derive(Clone, Debug)]
pub struct Answered {
    pub answer: Answer,
    pub tags: Arc<BTreeSet<CacheTag>>,
    /// Where a post must come or go for a tag of lists to matter.
    pub span: Span,
}

impl Answered {
    /// Over what a template saw of it.
    pub fn fingerprint(&self, seen: Seen, permalinks: &Permalinks) -> Fingerprint {
        Fingerprint::of(&Writer::new(seen, permalinks).written(&self.answer))
    }
}
