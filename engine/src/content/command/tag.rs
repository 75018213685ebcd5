//! Tags: made, renamed, deleted.
//!
//! A tag that no published post carries is not public, so that making one, or typing a new one into a draft, announces
//! nothing.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{
    Command, Txn, expect, post, redirect,
    slug::{self, Space},
    within,
};
use crate::{
    content::{
        change::Entity,
        error::StoreError,
        read::{Filter, Kind},
        tag::CacheTag,
    },
    model::{redirect::Origin, tag},
};

const NAME: usize = 200;
const DESCRIPTION: usize = 10_000;

#[derive(Clone, Debug, Default)]
pub struct CreateTag {
    pub name: String,
    /// Made from the name when it is left out.
    pub slug: Option<String>,
    pub description: Option<String>,
}

impl Command for CreateTag {
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        let name = checked_name(&self.name)?;
        if by_name(txn, &name).await?.is_some() {
            return Err(StoreError::NameTaken(name));
        }
        let slug = match &self.slug {
            Some(slug) => {
                let slug = slug::chosen(slug)?;
                slug::claim(txn, Space::Tags, &slug, None).await?;
                slug
            }
            None => slug::free(txn, Space::Tags, &slug::of_text(&name), None).await?,
        };
        let description = self.description.unwrap_or_default();
        within("description", &description, DESCRIPTION)?;
        let id = insert(txn, &name, &slug, &description).await?;
        txn.audit("create", "tag", id, json!({ "name": name })).await?;
        Ok(id)
    }
}

/// Changes what is given.
#[derive(Clone, Debug, Default)]
pub struct UpdateTag {
    pub id: Uuid,
    pub expected: Option<i64>,
    pub name: Option<String>,
    pub slug: Option<String>,
    pub description: Option<String>,
}

impl Command for UpdateTag {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let before = find(txn, self.id, self.expected).await?;
        let mut after = before.clone();
        if let Some(name) = self.name {
            after.name = checked_name(&name)?;
            after.name_key = after.name.to_lowercase();
        }
        if let Some(slug) = self.slug {
            after.slug = slug::chosen(&slug)?;
        }
        if let Some(description) = self.description {
            within("description", &description, DESCRIPTION)?;
            after.description = description;
        }
        if after == before {
            return Ok(());
        }
        if by_name(txn, &after.name).await?.is_some_and(|other| other.id != after.id) {
            return Err(StoreError::NameTaken(after.name));
        }
        slug::claim(txn, Space::Tags, &after.slug, Some(after.id)).await?;

        let carriers = post::paths(txn, txn.permalinks.post.names_primary_tag(), &carriers(&before.slug)).await?;
        after.version += 1;
        let (id, name, slug) = (after.id, after.name.clone(), after.slug.clone());
        after.into_active_model().reset_all().update(txn.db()).await?;
        announce(txn, &before);
        if slug != before.slug {
            txn.tag(CacheTag::slug("tag", &slug));
            txn.born(Entity::Tag(id));
            let (from, to) = (txn.permalinks.tag(id, &before.slug), txn.permalinks.tag(id, &slug));
            post::moved(txn, &from, &to).await?;
            post::follow(txn, carriers).await?;
        }
        txn.audit("update", "tag", id, json!({ "name": name })).await
    }
}

/// Takes a tag from all posts that carry it.
#[derive(Clone, Copy, Debug)]
pub struct DeleteTag {
    pub id: Uuid,
    pub expected: Option<i64>,
}

impl Command for DeleteTag {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let before = find(txn, self.id, self.expected).await?;
        let carriers = post::paths(txn, txn.permalinks.post.names_primary_tag(), &carriers(&before.slug)).await?;
        tag::Entity::delete_by_id(self.id).exec(txn.db()).await?;
        if before.posts > 0 {
            let path = txn.permalinks.tag(self.id, &before.slug);
            redirect::gone(txn, &path, Origin::Auto).await?;
        }
        announce(txn, &before);
        txn.tag(CacheTag::posts_of_tag(self.id));
        post::follow(txn, carriers).await?;
        txn.audit("delete", "tag", self.id, json!({ "name": before.name })).await
    }
}

/// The tags of these names, in their order; those that do not exist are made.
pub(super) async fn named(txn: &mut Txn, names: &[String]) -> Result<Vec<Uuid>, StoreError> {
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let name = checked_name(name)?;
        let id = match by_name(txn, &name).await? {
            Some(tag) => tag.id,
            None => {
                let slug = slug::free(txn, Space::Tags, &slug::of_text(&name), None).await?;
                insert(txn, &name, &slug, "").await?
            }
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The tag that another system calls so.
pub(super) async fn imported(txn: &mut Txn, term: &post::ImportTerm) -> Result<Uuid, StoreError> {
    let name = checked_name(&term.name)?;
    let wanted = slug::of_text(term.slug.as_deref().unwrap_or(&name));
    let by_slug = tag::Entity::find().filter(tag::Column::Slug.eq(&wanted)).one(txn.db()).await?;
    let known = match by_slug.filter(|_| term.slug.is_some()) {
        Some(tag) => Some(tag),
        None => by_name(txn, &name).await?,
    };
    match known {
        Some(tag) => Ok(tag.id),
        None => {
            let slug = slug::free(txn, Space::Tags, &wanted, None).await?;
            insert(txn, &name, &slug, &term.description).await
        }
    }
}

/// The tag's own name, and all under which it is found. Its old slug is left to nobody.
pub(super) fn announce(txn: &mut Txn, tag: &tag::Model) {
    for name in [CacheTag::tag(tag.id), CacheTag::slug("tag", &tag.slug), CacheTag::tags()] {
        txn.tag(name);
    }
}

pub(super) fn carriers(slug: &str) -> Filter {
    Filter { kind: Kind::Post, tag: Some(slug.into()), author: None, featured: None }
}

fn checked_name(name: &str) -> Result<String, StoreError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(StoreError::invalid("name", "Give the tag a name."));
    }
    within("name", name, NAME)?;
    Ok(name.into())
}

pub(super) async fn find(txn: &Txn, id: Uuid, expected: Option<i64>) -> Result<tag::Model, StoreError> {
    let row = tag::Entity::find_by_id(id).one(txn.db()).await?.ok_or(StoreError::NotFound("tag"))?;
    expect(row.version, expected)?;
    Ok(row)
}

async fn by_name(txn: &Txn, name: &str) -> Result<Option<tag::Model>, StoreError> {
    Ok(tag::Entity::find().filter(tag::Column::NameKey.eq(name.to_lowercase())).one(txn.db()).await?)
}

async fn insert(txn: &Txn, name: &str, slug: &str, description: &str) -> Result<Uuid, StoreError> {
    let id = Uuid::now_v7();
    tag::Entity::insert(tag::ActiveModel {
        id: Set(id),
        name: Set(name.into()),
        name_key: Set(name.to_lowercase()),
        slug: Set(slug.into()),
        description: Set(description.into()),
        posts: Set(0),
        version: Set(1),
    })
    .exec_without_returning(txn.db())
    .await?;
    Ok(id)
}
