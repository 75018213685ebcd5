//! Files of the media library.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{Command, Txn, post, within};
use crate::{
    content::{
        error::StoreError,
        library::holding,
        media::{Focus, url},
        tag::CacheTag,
    },
    model::{author, media, setting},
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
    /// The colour it has most of, as `#rrggbb`.
    pub color: Option<String>,
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
            color: Set(self.color),
            focus_x: Set(None),
            focus_y: Set(None),
        })
        .exec_without_returning(txn.db())
        .await?;
        // A post may have named the file before it was there; its size is known now.
        txn.tag(CacheTag::path(&url(&self.storage_key)));
        txn.audit("add", "media", id, json!({ "name": self.name })).await?;
        Ok(id)
    }
}

/// Changes what is given.
#[derive(Clone, Debug)]
pub struct UpdateMedia {
    pub id: Uuid,
    pub name: Option<String>,
    /// What an image shows, where a text does not say it.
    pub alt: Option<String>,
    /// `Some(None)` takes it away.
    pub focus: Option<Option<Focus>>,
}

impl Command for UpdateMedia {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let before = find(txn, self.id).await?;
        let name = self.name.map_or_else(|| before.name.clone(), |name| name.trim().to_owned());
        let alt = self.alt.map_or_else(|| before.alt.clone(), |alt| alt.trim().to_owned());
        within("name", &name, LINE)?;
        within("alt", &alt, LINE)?;
        if name.is_empty() {
            return Err(StoreError::invalid("name", "Give the file a name."));
        }
        let focus = self.focus.unwrap_or_else(|| Focus::of(&before));
        if focus.is_some_and(|focus| focus.x > 100 || focus.y > 100) {
            return Err(StoreError::invalid("focus", "The point is given in percent, from 0 to 100."));
        }
        let shown = (alt.as_str(), focus) != (before.alt.as_str(), Focus::of(&before));
        if !shown && name == before.name {
            return Ok(());
        }
        if shown {
            txn.tag(CacheTag::media(self.id));
        }
        let detail = json!({ "name": name, "alt": alt, "focus": focus });
        let mut row = before.into_active_model();
        row.name = Set(name);
        row.alt = Set(alt);
        row.focus_x = Set(focus.map(|focus| focus.x.into()));
        row.focus_y = Set(focus.map(|focus| focus.y.into()));
        row.update(txn.db()).await?;
        txn.audit("update", "media", self.id, detail).await
    }
}

/// Puts another file, which lies in the media store already, in the place of one: whatever shows that shows this.
#[derive(Clone, Debug)]
pub struct ReplaceMedia {
    pub id: Uuid,
    pub file: AddMedia,
}

impl Command for ReplaceMedia {
    /// Where the file from before lies, which nothing needs any more.
    type Output = Option<String>;

    async fn run(self, txn: &mut Txn) -> Result<Option<String>, StoreError> {
        let Self { id, file } = self;
        let before = find(txn, id).await?;
        if before.hash == file.hash {
            return Ok(None);
        }
        if media::Entity::find().filter(media::Column::Hash.eq(&file.hash)).one(txn.db()).await?.is_some() {
            return Err(StoreError::WrongState("This very file is in the library already. Use that one instead."));
        }
        let family = |mime: &str| mime.split('/').next().map(str::to_owned);
        if family(&before.mime) != family(&file.mime) {
            let message = format!(
                "This file is {}; only one of the same kind as {} can stand in its place.",
                file.mime, before.mime
            );
            return Err(StoreError::invalid("file", message));
        }
        let (old, new) = (url(&before.storage_key), url(&file.storage_key));
        let detail = json!({ "name": before.name, "from": old, "to": new });
        let key = before.storage_key.clone();
        let mut row = before.into_active_model();
        row.hash = Set(file.hash);
        row.mime = Set(file.mime);
        row.bytes = Set(file.bytes);
        row.width = Set(file.width);
        row.height = Set(file.height);
        row.storage_key = Set(file.storage_key);
        row.color = Set(file.color);
        // It was a point of the other picture.
        row.focus_x = Set(None);
        row.focus_y = Set(None);
        row.update(txn.db()).await?;
        txn.tag(CacheTag::media(id));
        txn.tag(CacheTag::path(&new));
        post::rename_mentions(txn, &old, &new).await?;
        rename_elsewhere(txn, &old, &new).await?;
        // Pages of other sites may show it. It may also have lain there before.
        post::moved(txn, &old, &new).await?;
        txn.audit("replace", "media", id, detail).await?;
        Ok(Some(key))
    }
}

/// Forgets a file. One that posts show or lead to stays, unless `even_if_used`; one that a profile or the settings show stays in
/// any case, for nothing else says that it is missing there.
#[derive(Clone, Copy, Debug)]
pub struct DeleteMedia {
    pub id: Uuid,
    pub even_if_used: bool,
}

impl Command for DeleteMedia {
    /// Where the file lies, which nothing needs any more.
    type Output = String;

    async fn run(self, txn: &mut Txn) -> Result<String, StoreError> {
        let before = find(txn, self.id).await?;
        let address = url(&before.storage_key);
        let uses = post::mentions(txn, &address).await?;
        if uses > 0 && !self.even_if_used {
            let posts = if uses == 1 { "One post or page uses".into() } else { format!("{uses} posts and pages use") };
            return Err(StoreError::InUse(format!(
                "{posts} this file. Take it out of them first, or delete it all the same."
            )));
        }
        if !avatars(txn, &address).await?.is_empty() || !settings(txn, &address).await?.is_empty() {
            let message = "An author's profile or the site's settings show this file. Choose another there first.";
            return Err(StoreError::InUse(message.into()));
        }
        media::Entity::delete_by_id(self.id).exec(txn.db()).await?;
        txn.tag(CacheTag::media(self.id));
        txn.tag(CacheTag::path(&address));
        txn.audit("delete", "media", self.id, json!({ "name": before.name, "used": uses })).await?;
        Ok(before.storage_key)
    }
}

/// Profiles and settings show files too.
async fn rename_elsewhere(txn: &mut Txn, from: &str, to: &str) -> Result<(), StoreError> {
    for row in avatars(txn, from).await? {
        txn.tag(CacheTag::author(row.id));
        let mut row = row.into_active_model();
        row.avatar = Set(Some(to.into()));
        row.update(txn.db()).await?;
    }
    for row in settings(txn, from).await? {
        txn.tag(CacheTag::settings());
        let value = serde_json::from_str(&serde_json::to_string(&row.value)?.replace(from, to))?;
        let mut row = row.into_active_model();
        row.value = Set(value);
        row.update(txn.db()).await?;
    }
    Ok(())
}

async fn avatars(txn: &Txn, url: &str) -> Result<Vec<author::Model>, StoreError> {
    Ok(author::Entity::find().filter(author::Column::Avatar.eq(url)).all(txn.db()).await?)
}

async fn settings(txn: &Txn, url: &str) -> Result<Vec<setting::Model>, StoreError> {
    Ok(setting::Entity::find().filter(holding("value", url)).all(txn.db()).await?)
}

async fn find(txn: &Txn, id: Uuid) -> Result<media::Model, StoreError> {
    media::Entity::find_by_id(id).one(txn.db()).await?.ok_or(StoreError::NotFound("file"))
}
