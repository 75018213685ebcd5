//! Plans: a post is published, or taken back, at a time to come.

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use serde_json::json;
use uuid::Uuid;

use super::{save::raise, stored::Stored};
use crate::{
    content::{
        command::{Command, Txn},
        error::StoreError,
        time::Time,
    },
    model::{
        expiry,
        post::{self, Status},
    },
};

/// Has a post published at a time to come.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    pub id: Uuid,
    pub expected: Option<i64>,
    /// Milliseconds since the epoch. A time that has passed is due at once.
    pub at: i64,
}

impl Command for Schedule {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let post = Stored::load(txn, self.id, self.expected).await?;
        match post.row.status {
            Status::Published => {
                return Err(StoreError::WrongState("This post is published already. Unpublish it to schedule it."));
            }
            Status::Trashed => {
                return Err(StoreError::WrongState("This post is in the trash. Restore it before you schedule it."));
            }
            Status::Draft | Status::InReview | Status::Scheduled => {}
        }
        if let Some(end) = expiry::Entity::find_by_id(self.id).one(txn.db()).await? {
            in_order(self.at, end.at)?;
        }
        let row = post::Model {
            status: Status::Scheduled,
            publish_at: Some(self.at),
            version: post.row.version + 1,
            edited_at: txn.now,
            ..post.row.clone()
        };
        Stored { row, draft: post.draft.clone() }.store(txn, Some(&post)).await?;
        txn.audit("schedule", "post", self.id, json!({ "at": Time(self.at), "title": post.draft.title })).await
    }
}

/// Has a post taken back at a time to come, once it is published; or no more.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleEnd {
    pub id: Uuid,
    pub expected: Option<i64>,
    /// Milliseconds since the epoch. A time that has passed is due at once.
    pub at: Option<i64>,
}

impl Command for ScheduleEnd {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let row = Stored::load(txn, self.id, self.expected).await?.row;
        if !matches!(row.status, Status::Published | Status::Scheduled) {
            return Err(StoreError::WrongState(
                "This post is not published. Publish or schedule it before you say when it ends.",
            ));
        }
        match self.at {
            Some(at) => {
                in_order(row.publish_at.unwrap_or(i64::MIN), at)?;
                expiry::Entity::insert(expiry::ActiveModel { post_id: Set(self.id), at: Set(at) })
                    .on_conflict(
                        OnConflict::column(expiry::Column::PostId).update_column(expiry::Column::At).to_owned(),
                    )
                    .exec_without_returning(txn.db())
                    .await?;
            }
            None => {
                expiry::Entity::delete_by_id(self.id).exec(txn.db()).await?;
            }
        }
        raise(txn, self.id).await?;
        txn.audit("schedule end", "post", self.id, json!({ "at": self.at.map(Time) })).await
    }
}

fn in_order(publish_at: i64, end_at: i64) -> Result<(), StoreError> {
    match publish_at < end_at {
        true => Ok(()),
        false => Err(StoreError::invalid("at", "A post ends after it is published; change the other time first.")),
    }
}
