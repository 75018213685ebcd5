//! Bringing a post before readers, and taking it back.

use serde_json::json;
use uuid::Uuid;

use super::stored::Stored;
use crate::{
    content::{
        command::{Command, Txn},
        error::StoreError,
    },
    model::{post::Status, post_revision::Reason},
};

/// Shows readers what the editor sees, whether the post was a draft, was scheduled or is published already.
#[derive(Clone, Copy, Debug)]
pub struct Publish {
    pub id: Uuid,
    pub expected: Option<i64>,
}

impl Command for Publish {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let post = Stored::load(txn, self.id, self.expected).await?;
        if post.row.status == Status::Trashed {
            return Err(StoreError::WrongState("This post is in the trash. Restore it before you publish it."));
        }
        let mut draft = post.latest(txn).await?;
        // One that was due while the engine was down still carries the date its editor chose.
        let due = post.row.publish_at.unwrap_or(txn.now).min(txn.now);
        draft.published_at.get_or_insert(due);
        let published = post.turn(txn, Status::Published, draft).await?;
        if published.row.version != post.row.version {
            published.keep_revision(txn, Reason::Publish).await?;
            let detail = json!({ "version": published.row.version, "title": published.draft.title });
            txn.audit("publish", "post", self.id, detail).await?;
        }
        Ok(())
    }
}

/// Makes a draft of a post that readers see, or that is due later.
#[derive(Clone, Copy, Debug)]
pub struct Unpublish {
    pub id: Uuid,
    pub expected: Option<i64>,
}

impl Command for Unpublish {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let post = Stored::load(txn, self.id, self.expected).await?;
        if !matches!(post.row.status, Status::Published | Status::Scheduled) {
            return Err(StoreError::WrongState("This post is not published."));
        }
        let draft = post.latest(txn).await?;
        let taken = post.turn(txn, Status::Draft, draft).await?;
        txn.audit("unpublish", "post", self.id, json!({ "title": taken.draft.title })).await
    }
}
