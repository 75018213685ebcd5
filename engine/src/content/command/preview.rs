//! Preview links: a post has one key, which all its links are signed with, from the first link on until they are revoked.

use rand::RngCore;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use super::{Command, Txn};
use crate::{
    content::error::StoreError,
    model::{
        post::{self, Status},
        preview_key,
    },
};

/// Gives the key of a post's links, and makes it when there is none.
#[derive(Clone, Copy, Debug)]
pub struct SharePreview {
    pub id: Uuid,
}

impl Command for SharePreview {
    type Output = String;

    async fn run(self, txn: &mut Txn) -> Result<String, StoreError> {
        let post = post::Entity::find_by_id(self.id).one(txn.db()).await?.ok_or(StoreError::NotFound("post"))?;
        if post.status == Status::Trashed {
            return Err(StoreError::WrongState("This post is in the trash. Restore it before you show it to anybody."));
        }
        if let Some(key) = preview_key::Entity::find_by_id(self.id).one(txn.db()).await? {
            return Ok(key.secret);
        }
        let mut secret = [0; 32];
        rand::rng().fill_bytes(&mut secret);
        let secret = blake3::Hash::from_bytes(secret).to_hex().to_string();
        preview_key::Entity::insert(preview_key::ActiveModel {
            post_id: Set(self.id),
            secret: Set(secret.clone()),
            created_at: Set(txn.now),
        })
        .exec_without_returning(txn.db())
        .await?;
        txn.audit("share preview", "post", self.id, json!({})).await?;
        Ok(secret)
    }
}

/// Ends all preview links of a post.
#[derive(Clone, Copy, Debug)]
pub struct RevokePreviews {
    pub id: Uuid,
}

impl Command for RevokePreviews {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        if preview_key::Entity::delete_by_id(self.id).exec(txn.db()).await?.rows_affected > 0 {
            txn.audit("revoke previews", "post", self.id, json!({})).await?;
        }
        Ok(())
    }
}
