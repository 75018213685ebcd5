//! Changes: what a committed command tells the page cache.

use std::collections::BTreeSet;

use actix::Message;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    span::{Moves, Span},
    tag::CacheTag,
};

/// The site's counter: +1 in the transaction of each change; the only clock that decides freshness.
pub type Revision = i64;

/// One committed change of content, as its outbox row holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub revision: Revision,
    /// Names of everything that changed, as it was and as it is.
    pub tags: BTreeSet<CacheTag>,
    /// Where posts came into lists and left them: that alone is what tags of lists are about.
    pub moves: Moves,
    /// Of the tags, what readers may never be shown again.
    pub gone: BTreeSet<CacheTag>,
    /// Whose own page may be new.
    pub born: Vec<Entity>,
    /// Set when nothing changed and somebody asked for pages to be made again all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<Demand>,
}

impl Change {
    /// Whether it can have changed an answer that carries these tags and hangs on this span.
    pub fn touches(&self, tags: &BTreeSet<CacheTag>, span: &Span) -> bool {
        tags.iter().any(|tag| self.tags.contains(tag) && (!tag.is_of_lists() || self.moves.concern(span)))
    }
}

/// An order from outside to make pages again, whatever their reads say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    pub mode: Mode,
    /// Canonical paths of which everything below is meant too, whole segments only; `/` is the whole site.
    pub subtrees: Vec<String>,
}

/// What the next reader of a page gets after a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Waits for the new page.
    Expire,
    /// The old page once more, while the new one is made.
    Stale,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    Post(Uuid),
    Tag(Uuid),
    Author(Uuid),
}

/// Sent after commit; answered when no reader can be given the old version as fresh any more.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct Changed(pub Change);
