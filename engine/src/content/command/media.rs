//! Files of the media library.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{Command, Txn, within};
use crate::{
    content::{error::StoreError, media::url, tag::CacheTag},
    model::media,
};

const LINE: usize = 2_000;

/// Adds a file that lies in the media store already. The same content is kept once: adding it again gives the id it has.
#[derive(Clone, Debug)]
pub struct AddMedia {
    pub hash: String,
    /// The name it was uploaded under.
    pub name: String,
    pub mime: String,
    pub bytes: i64,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub alt: String,
    pub storage_key: String,
}

impl Command for AddMedia {
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        within("name", &self.name, LINE)?;
        within("alt", &self.alt, LINE)?;
        if let Some(known) = media::Entity::find().filter(media::Column::Hash.eq(&self.hash)).one(txn.db()).await? {
            return Ok(known.id);
        }
        let id = Uuid::now_v7();
        media::Entity::insert(media::ActiveModel {
            id: Set(id),
            hash: Set(self.hash),
            name: Set(self.name.clone()),
            mime: Set(self.mime),
            bytes: Set(self.bytes),
            width: Set(self.width),
            height: Set(self.height),
            alt: Set(self.alt),
            created_at: Set(txn.now),
            storage_key: Set(self.storage_key.clone()),
        })
        .exec_without_returning(txn.db())
        .await?;
        // A post may have named the file before it was there; its size is known now.
        txn.tag(CacheTag::path(&url(&self.storage_key)));
        txn.audit("add", "media", id, json!({ "name": self.name })).await?;
        Ok(id)
    }
}
