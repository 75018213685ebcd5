//! Throwing a post away, and taking it out of the trash.

use serde_json::json;
use uuid::Uuid;

use super::{links, stored::Stored};
use crate::{
    content::{
        command::{Command, Txn, redirect, slug},
        error::StoreError,
    },
    model::{post::Status, post_revision::Reason, redirect::Origin},
};

/// Puts a post in the trash; its slug and path are free for others. Where readers saw it they are told that it is gone, until
/// something is published there.
#[derive(Clone, Copy, Debug)]
pub struct Trash {
    pub id: Uuid,
    pub expected: Option<i64>,
}

impl Command for Trash {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let post = Stored::load(txn, self.id, self.expected).await?;
        let draft = post.latest(txn).await?;
        let left = post.last_read_at(txn).await?;
        let thrown = post.turn(txn, Status::Trashed, draft).await?;
        if let Some(path) = left {
            redirect::gone(txn, &path, Origin::Auto).await?;
        }
        txn.audit("trash", "post", self.id, json!({ "title": thrown.draft.title })).await
    }
}

/// Makes a draft of a post in the trash. When its slug belongs to another post by now it gets a number; when its path
/// does, it has its kind's permalink again.
#[derive(Clone, Copy, Debug)]
pub struct Restore {
    pub id: Uuid,
    pub expected: Option<i64>,
}

impl Command for Restore {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let post = Stored::load(txn, self.id, self.expected).await?;
        if post.row.status != Status::Trashed {
            return Err(StoreError::WrongState("This post is not in the trash."));
        }
        let mut draft = post.draft.clone();
        draft.slug = slug::free(txn, slug::Space::Posts(post.row.kind), &draft.slug, Some(self.id)).await?;
        if let Some(path) = &draft.path
            && links::path_taken(txn.db(), path, self.id).await?
        {
            draft.path = None;
        }
        let restored = post.turn(txn, Status::Draft, draft).await?;
        restored.keep_revision(txn, Reason::Restore).await?;
        txn.audit("restore", "post", self.id, json!({ "title": restored.draft.title })).await
    }
}
