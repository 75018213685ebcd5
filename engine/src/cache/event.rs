//! Events: what happens to pages and content, for whoever watches.

use serde::Serialize;
use uuid::Uuid;

use crate::content::{change::Revision, tag::CacheTag};

use super::{
    keeper::Switch,
    state::{Decision, Note},
};

/// How many events a slow watcher may fall behind before it misses some.
pub const BACKLOG: usize = 4_096;

/// Where events are sent; every watcher subscribes to it.
pub type Events = tokio::sync::broadcast::Sender<Event>;

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Event {
    Page {
        path: String,
        state: &'static str,
        revision: Revision,
        reason: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        ms: Option<u32>,
    },
    Change {
        revision: Revision,
        tags: Vec<CacheTag>,
    },
    Post {
        id: Uuid,
        version: i64,
        status: String,
    },
    /// How far the switch to another theme is.
    Theme(Switch),
    /// Who has a post open.
    Presence {
        post: Uuid,
        people: Vec<Person>,
    },
}

/// Somebody who works in the admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
}

impl Event {
    /// Its name on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Page { .. } => "page",
            Self::Change { .. } => "change",
            Self::Post { .. } => "post",
            Self::Theme(_) => "theme",
            Self::Presence { .. } => "presence",
        }
    }

    pub(super) fn of_note(note: &Note, ms: Option<u32>) -> Self {
        let state = match note.decision {
            Decision::Expired => "expired",
            Decision::Render => "rendering",
            Decision::Stored | Decision::Cutoff => "fresh",
            Decision::Failed => "failed",
            Decision::Removed | Decision::Evicted => "removed",
        };
        Self::Page { path: note.key.to_string(), state, revision: note.revision, reason: note.reason.clone(), ms }
    }
}
