//! Keeping a post as it is, and going back to how it was.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{Draft, links, save::write_latest, stored::Stored};
use crate::{
    content::{
        command::{Command, Txn, slug},
        error::StoreError,
    },
    model::post_revision::{self, Reason},
};

/// Keeps what the editor sees as a revision, and gives its version.
#[derive(Clone, Copy, Debug)]
pub struct KeepRevision {
    pub id: Uuid,
    pub expected: Option<i64>,
}

impl Command for KeepRevision {
    type Output = i64;

    async fn run(self, txn: &mut Txn) -> Result<i64, StoreError> {
        let post = Stored::load(txn, self.id, self.expected).await?;
        let draft = post.latest(txn).await?;
        keep(txn, &post, draft).await?;
        Ok(post.row.version)
    }
}

/// Makes a kept version what the editor sees. What they see now is kept first, so that nothing is lost.
#[derive(Clone, Copy, Debug)]
pub struct GoBack {
    pub id: Uuid,
    pub expected: Option<i64>,
    /// The version to go back to.
    pub to: i64,
}

impl Command for GoBack {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let post = Stored::load(txn, self.id, self.expected).await?;
        let kept = find(txn, self.id, self.to).await?.ok_or(StoreError::NotFound("revision"))?;
        let latest = post.latest(txn).await?;
        keep(txn, &post, latest.clone()).await?;
        let mut draft = links::existing(txn.db(), serde_json::from_value::<Draft>(kept.snapshot)?).await?;
        draft.slug = slug::free(txn, slug::Space::Posts(post.row.kind), &draft.slug, Some(self.id)).await?;
        if let Some(path) = &draft.path
            && links::path_taken(txn.db(), path, self.id).await?
        {
            draft.path = None;
        }
        // A post that was published keeps its date: going back to a draft's text does not make it new.
        draft.published_at = draft.published_at.or(latest.published_at);
        write_latest(txn, &post, &latest, draft).await?;
        txn.audit("go back", "post", self.id, json!({ "version": self.to, "title": kept.title })).await
    }
}

async fn find(txn: &Txn, post: Uuid, version: i64) -> Result<Option<post_revision::Model>, StoreError> {
    Ok(post_revision::Entity::find()
        .filter(post_revision::Column::PostId.eq(post))
        .filter(post_revision::Column::Version.eq(version))
        .one(txn.db())
        .await?)
}

async fn keep(txn: &Txn, post: &Stored, draft: Draft) -> Result<(), StoreError> {
    match find(txn, post.row.id, post.row.version).await? {
        Some(_) => Ok(()),
        None => Stored { row: post.row.clone(), draft }.keep_revision(txn, Reason::Save).await,
    }
}
