//! Saving what an editor typed.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::{Draft, PostPatch, links, stored::Stored};
use crate::{
    content::{
        command::{Command, Txn},
        error::StoreError,
    },
    model::{
        post::{self, Status},
        working_copy,
    },
};

/// Saves some fields of a post. Readers of a published post see nothing of it until it is published again.
#[derive(Clone, Debug)]
pub struct SavePost {
    pub id: Uuid,
    /// The version that the editor saw.
    pub expected: Option<i64>,
    pub fields: PostPatch,
}

impl Command for SavePost {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let post = Stored::load(txn, self.id, self.expected).await?;
        let latest = post.latest(txn).await?;
        let draft = latest.clone().patched(txn, self.fields).await?;
        links::check_authors(txn.db(), &draft.authors).await?;
        write_latest(txn, &post, &latest, draft).await
    }
}

/// Makes `draft` what the editor sees, where `latest` is what they see now.
pub(super) async fn write_latest(txn: &mut Txn, post: &Stored, latest: &Draft, draft: Draft) -> Result<(), StoreError> {
    match post.row.status {
        _ if draft == *latest => Ok(()),
        Status::Trashed => Err(StoreError::WrongState("This post is in the trash. Restore it before you edit it.")),
        Status::Published => keep_apart(txn, post, &draft).await,
        status => post.turn(txn, status, draft).await.map(drop),
    }
}

/// Writes the working copy, or forgets it when it says what is live.
async fn keep_apart(txn: &Txn, post: &Stored, draft: &Draft) -> Result<(), StoreError> {
    if *draft == post.draft {
        working_copy::Entity::delete_by_id(post.row.id).exec(txn.db()).await?;
    } else {
        working_copy::Entity::insert(working_copy::ActiveModel {
            post_id: Set(post.row.id),
            base_version: Set(post.row.version),
            payload: Set(serde_json::to_value(draft)?),
            updated_by: Set(txn.actor.user()),
            updated_at: Set(txn.now),
        })
        .on_conflict(
            OnConflict::column(working_copy::Column::PostId)
                .update_columns([
                    working_copy::Column::Payload,
                    working_copy::Column::UpdatedBy,
                    working_copy::Column::UpdatedAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(txn.db())
        .await?;
    }
    raise(txn, post.row.id).await
}

/// Gives the post another version: its editors see a difference, its readers none.
pub(super) async fn raise(txn: &Txn, id: Uuid) -> Result<(), StoreError> {
    post::Entity::update_many()
        .col_expr(post::Column::Version, Expr::col(post::Column::Version).add(1))
        .col_expr(post::Column::EditedAt, txn.now.into())
        .filter(post::Column::Id.eq(id))
        .exec(txn.db())
        .await?;
    Ok(())
}
