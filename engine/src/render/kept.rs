//! Inner entries as they are written down, so that they outlive the process.

use std::{collections::BTreeSet, fmt, sync::Arc};

use minijinja::Value;
use serde::{Deserialize, Serialize};

use crate::content::{change::Revision, read::Fingerprint, tag::CacheTag};

use super::{
    fetch::Fetched,
    inner::{Entry, Name},
    question::Recorded,
};

/// An entry with its name. It is fresh for as long as it was to be, also for another process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub name: Name,
    pub revision: Revision,
    made_after: Revision,
    /// To be made anew before it is used, unless making it fails.
    pub expired: bool,
    content: Content,
    fingerprint: Fingerprint,
    bytes: usize,
    reads: Vec<Recorded>,
    tags: BTreeSet<CacheTag>,
    fresh_until: Option<i64>,
    period: Option<i64>,
    theme: Option<Fingerprint>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Content {
    Answer { status: u16, text: Arc<str> },
    Fragment(String),
}

impl Kept {
    /// `None` for what can only be held in memory.
    pub fn of(name: &str, entry: &Entry, expired: bool) -> Option<Self> {
        let content = match entry.value.downcast_object_ref::<Fetched>() {
            Some(Fetched { status, text }) => Content::Answer { status: *status, text: text.clone() },
            None => Content::Fragment(entry.value.as_str()?.to_owned()),
        };
        Some(Self {
            name: name.to_owned(),
            revision: entry.revision,
            made_after: entry.made_after,
            expired,
            content,
            fingerprint: entry.fingerprint,
            bytes: entry.bytes,
            reads: entry.reads.clone(),
            tags: entry.tags.clone(),
            fresh_until: entry.fresh_until,
            period: entry.period,
            theme: entry.theme,
        })
    }

    /// Whether this theme would make it as it is; answers of other servers are none of its business.
    pub fn agrees(&self, theme: Fingerprint) -> bool {
        self.theme.is_none_or(|own| own == theme)
    }

    pub fn into_entry(self) -> Entry {
        Entry {
            value: match self.content {
                Content::Answer { status, text } => Value::from_object(Fetched { status, text }),
                Content::Fragment(text) => Value::from_safe_string(text),
            },
            fingerprint: self.fingerprint,
            bytes: self.bytes,
            reads: self.reads,
            tags: self.tags,
            revision: self.revision,
            made_after: self.made_after,
            fresh_until: self.fresh_until,
            period: self.period,
            theme: self.theme,
        }
    }
}

/// What is to be done with an entry outside of memory.
#[derive(Clone, Debug)]
pub enum Keeping {
    Keep { name: Name, entry: Arc<Entry>, expired: bool },
    Forget(Name),
}

/// Takes entries down, where they outlive the process. Never blocks.
pub struct Outlet(pub Box<dyn Fn(Keeping) + Send + Sync>);

impl fmt::Debug for Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outlet")
    }
}
