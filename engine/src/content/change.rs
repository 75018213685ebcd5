//! Changes: what a committed command tells the page cache.

use std::collections::BTreeSet;

use actix::Message;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::tag::CacheTag;

/// The site's counter: +1 in the transaction of each change; the only clock that decides freshness.
pub type Revision = i64;

/// One committed change of content, as its outbox row holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub revision: Revision,
    /// Names of everything that changed, as it was and as it is.
    pub tags: BTreeSet<CacheTag>,
    /// Of those, what readers may never be shown again.
    pub gone: BTreeSet<CacheTag>,
    /// Whose own page may be new.
    pub born: Vec<Entity>,
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
