//! A post's row with its terms: loaded, brought into another state, announced.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{
    Draft,
    face::{Face, news},
    links,
    summary::summary,
};
use crate::{
    content::{
        ask::ask,
        command::{Txn, expect, slug},
        error::StoreError,
        markdown::{self, Trust},
        permalink::Place,
        read::{Answer, Key, Read},
        search::{self, Entry},
    },
    model::{
        expiry,
        post::{self, Status},
        post_revision::{self, Reason},
        working_copy,
    },
};

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) row: post::Model,
    /// What the row holds, for editing.
    pub(super) draft: Draft,
}

impl Stored {
    pub(super) async fn load(txn: &Txn, id: Uuid, expected: Option<i64>) -> Result<Self, StoreError> {
        let row = post::Entity::find_by_id(id).one(txn.db()).await?.ok_or(StoreError::NotFound("post"))?;
        expect(row.version, expected)?;
        Self::of(txn, row).await
    }

    pub(super) async fn of(txn: &Txn, row: post::Model) -> Result<Self, StoreError> {
        let (tags, authors) = links::of(txn.db(), row.id).await?;
        Ok(Self { draft: Draft::of(&row, tags, authors), row })
    }

    /// What the editor sees: the working copy, if there is one.
    pub(super) async fn latest(&self, txn: &Txn) -> Result<Draft, StoreError> {
        match working_copy::Entity::find_by_id(self.row.id).one(txn.db()).await? {
            Some(copy) => Ok(links::existing(txn.db(), serde_json::from_value(copy.payload)?).await?),
            None => Ok(self.draft.clone()),
        }
    }

    /// Gives the post another text and status, and tells readers what is different for them. A working copy is over.
    pub(super) async fn turn(&self, txn: &mut Txn, status: Status, draft: Draft) -> Result<Self, StoreError> {
        working_copy::Entity::delete_by_id(self.row.id).exec(txn.db()).await?;
        if self.draft == draft && self.row.status == status {
            return Ok(self.clone());
        }
        let mut row = self.row.clone();
        row.status = status;
        row.version += 1;
        row.updated_at = txn.now;
        row.edited_at = txn.now;
        row.publish_at = row.publish_at.filter(|_| status == Status::Scheduled);
        if !matches!(status, Status::Published | Status::Scheduled) {
            expiry::Entity::delete_by_id(row.id).exec(txn.db()).await?;
        }
        row.trashed_at = if status == Status::Trashed { txn.now } else { 0 };
        let after = Self { row, draft };
        after.store(txn, Some(self)).await
    }

    /// Writes the row and its links. `before` is what was there.
    pub(super) async fn store(mut self, txn: &mut Txn, before: Option<&Self>) -> Result<Self, StoreError> {
        self.draft.check()?;
        self.claim(txn).await?;
        let rendered = before.is_some_and(|before| before.draft.markdown == self.draft.markdown);
        self.fill(rendered).await?;
        let row = self.row.clone().into_active_model().reset_all();
        match before {
            Some(_) => row.update(txn.db()).await.map(drop)?,
            None => post::Entity::insert(row).exec_without_returning(txn.db()).await.map(drop)?,
        }
        if before.is_none_or(|before| Entry::of(&before.row) != Entry::of(&self.row)) {
            search::write(txn.db(), &Entry::of(&self.row)).await?;
        }
        links::write(txn.db(), &self, before).await?;
        self.announce(txn, before).await?;
        Ok(self)
    }

    pub(super) async fn keep_revision(&self, txn: &Txn, reason: Reason) -> Result<(), StoreError> {
        post_revision::Entity::insert(post_revision::ActiveModel {
            id: Set(Uuid::now_v7()),
            post_id: Set(self.row.id),
            version: Set(self.row.version),
            reason: Set(reason),
            title: Set(self.draft.title.clone()),
            snapshot: Set(serde_json::to_value(&self.draft)?),
            created_by: Set(txn.actor.user()),
            created_at: Set(txn.now),
        })
        .exec_without_returning(txn.db())
        .await?;
        Ok(())
    }

    /// Slug and path belong to one post; the trash owns none.
    async fn claim(&self, txn: &Txn) -> Result<(), StoreError> {
        if self.row.status == Status::Trashed {
            return Ok(());
        }
        slug::claim(txn, slug::Space::Posts(self.row.kind), &self.draft.slug, Some(self.row.id)).await?;
        match &self.draft.path {
            Some(path) if links::path_taken(txn.db(), path, self.row.id).await? => {
                Err(StoreError::PathTaken(path.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Fills the row from the draft, with everything that is derived from it.
    async fn fill(&mut self, rendered: bool) -> Result<(), StoreError> {
        let (row, draft) = (&mut self.row, &self.draft);
        if !rendered {
            let markdown = draft.markdown.clone();
            let text = tokio::task::spawn_blocking(move || markdown::render(&markdown, Trust::RawHtml))
                .await
                .map_err(|_| StoreError::Panicked)?;
            row.markdown.clone_from(&draft.markdown);
            row.html = text.html;
            row.summary = summary(&text.plain);
            row.words = i32::try_from(text.words).unwrap_or(i32::MAX);
            row.minutes = i32::try_from(text.minutes).unwrap_or(i32::MAX);
            row.plain = text.plain;
        }
        row.title.clone_from(&draft.title);
        row.title_key = draft.title.to_lowercase();
        row.slug.clone_from(&draft.slug);
        row.path.clone_from(&draft.path);
        row.excerpt.clone_from(&draft.excerpt);
        row.feature_image.clone_from(&draft.feature_image);
        row.feature_image_alt.clone_from(&draft.feature_image_alt);
        row.featured = draft.featured;
        row.seo_title.clone_from(&draft.seo_title);
        row.seo_description.clone_from(&draft.seo_description);
        row.canonical_url.clone_from(&draft.canonical_url);
        row.published_at = draft.published_at;
        Ok(())
    }

    async fn announce(&self, txn: &mut Txn, before: Option<&Self>) -> Result<(), StoreError> {
        let old = match before {
            Some(before) => before.face(txn).await?,
            None => None,
        };
        let new = self.face(txn).await?;
        let news = news(old.as_ref(), new.as_ref());
        links::count_terms(txn, self.row.kind, &news).await?;
        match (news.moved, &new) {
            (Some((from, to)), _) => super::moved(txn, &from, &to).await?,
            (None, Some(new)) if old.is_none() => super::freed(txn, &new.url).await?,
            _ => {}
        }
        txn.lists(news.tags, news.positions);
        news.gone.into_iter().for_each(|tag| txn.gone(tag));
        news.born.into_iter().for_each(|entity| txn.born(entity));
        Ok(())
    }

    async fn face(&self, txn: &Txn) -> Result<Option<Face>, StoreError> {
        if self.row.status != Status::Published {
            return Ok(None);
        }
        Ok(Some(Face { id: self.row.id, kind: self.row.kind, url: self.url(txn).await?, draft: self.draft.clone() }))
    }

    /// Where readers see the post, or saw it last, unless something else is there by now.
    pub(super) async fn last_read_at(&self, txn: &Txn) -> Result<Option<String>, StoreError> {
        if self.row.status == Status::Published {
            return Ok(Some(self.url(txn).await?));
        }
        let published = post_revision::Entity::find()
            .filter(post_revision::Column::PostId.eq(self.row.id))
            .filter(post_revision::Column::Reason.eq(Reason::Publish))
            .order_by_desc(post_revision::Column::Version)
            .one(txn.db())
            .await?;
        let Some(published) = published else { return Ok(None) };
        let then = Self { row: self.row.clone(), draft: serde_json::from_value(published.snapshot)? };
        let url = then.url(txn).await?;
        let by = Key::Slug(then.draft.slug);
        let others = [Read::At { path: url.clone() }, Read::Post { kind: self.row.kind, by }];
        for read in others {
            if !matches!(ask(txn.db(), &read).await?.answer, Answer::At(None) | Answer::Post(None)) {
                return Ok(None);
            }
        }
        Ok(Some(url))
    }

    /// Where the post is read, or will be.
    pub(super) async fn url(&self, txn: &Txn) -> Result<String, StoreError> {
        let (tag, author) = links::primary_slugs(txn.db(), &self.draft).await?;
        Ok(txn.permalinks.post(Place {
            id: self.row.id,
            kind: self.row.kind,
            slug: &self.draft.slug,
            path: self.draft.path.as_deref(),
            published_at: self.draft.published_at.unwrap_or(txn.now),
            primary_tag: tag.as_deref(),
            primary_author: author.as_deref(),
        }))
    }
}
