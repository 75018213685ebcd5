//! Authors: profiles made, changed, deleted.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
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
    model::{author, post_author, redirect::Origin, user},
};

const NAME: usize = 200;
const BIO: usize = 10_000;
const URL: usize = 2_000;

#[derive(Clone, Debug, Default)]
pub struct CreateAuthor {
    pub name: String,
    /// Made from the name when it is left out.
    pub slug: Option<String>,
    pub bio: Option<String>,
    pub avatar: Option<String>,
}

impl Command for CreateAuthor {
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        let name = checked_name(&self.name)?;
        let slug = match &self.slug {
            Some(slug) => {
                let slug = slug::chosen(slug)?;
                slug::claim(txn, Space::Authors, &slug, None).await?;
                slug
            }
            None => slug::free(txn, Space::Authors, &slug::of_text(&name), None).await?,
        };
        let row = author::Model { bio: self.bio.unwrap_or_default(), avatar: self.avatar, ..profile(&name, &slug) };
        check(&row)?;
        let id = insert(txn, row).await?;
        txn.audit("create", "author", id, json!({ "name": name })).await?;
        Ok(id)
    }
}

/// Changes what is given.
#[derive(Clone, Debug, Default)]
pub struct UpdateAuthor {
    pub id: Uuid,
    pub expected: Option<i64>,
    pub name: Option<String>,
    pub slug: Option<String>,
    pub bio: Option<String>,
    pub avatar: Option<Option<String>>,
}

impl Command for UpdateAuthor {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let before = find(txn, self.id, self.expected).await?;
        let mut after = before.clone();
        if let Some(name) = self.name {
            after.name = checked_name(&name)?;
        }
        if let Some(slug) = self.slug {
            after.slug = slug::chosen(&slug)?;
        }
        after.bio = self.bio.unwrap_or(after.bio);
        after.avatar = self.avatar.unwrap_or(after.avatar);
        check(&after)?;
        if after == before {
            return Ok(());
        }
        slug::claim(txn, Space::Authors, &after.slug, Some(after.id)).await?;

        let wrote = post::paths(txn, txn.permalinks.post.names_primary_author(), &written_by(&before.slug)).await?;
        after.version += 1;
        let (id, name, slug) = (after.id, after.name.clone(), after.slug.clone());
        after.into_active_model().reset_all().update(txn.db()).await?;
        announce(txn, &before);
        if slug != before.slug {
            txn.tag(CacheTag::slug("author", &slug));
            txn.born(Entity::Author(id));
            let (from, to) = (txn.permalinks.author(id, &before.slug), txn.permalinks.author(id, &slug));
            post::moved(txn, &from, &to).await?;
            post::follow(txn, wrote).await?;
        }
        txn.audit("update", "author", id, json!({ "name": name })).await
    }
}

/// Deletes a profile that no post names.
#[derive(Clone, Copy, Debug)]
pub struct DeleteAuthor {
    pub id: Uuid,
    pub expected: Option<i64>,
}

impl Command for DeleteAuthor {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let before = find(txn, self.id, self.expected).await?;
        let wrote = post_author::Entity::find().filter(post_author::Column::AuthorId.eq(self.id)).limit(1);
        if wrote.one(txn.db()).await?.is_some() {
            return Err(StoreError::InUse(format!(
                "Posts name {} as their author. Give them another author first.",
                before.name
            )));
        }
        if before.user_id.is_some() {
            return Err(StoreError::InUse(format!("{} can sign in. Delete the user first.", before.name)));
        }
        author::Entity::delete_by_id(self.id).exec(txn.db()).await?;
        let path = txn.permalinks.author(self.id, &before.slug);
        redirect::gone(txn, &path, Origin::Auto).await?;
        txn.audit("delete", "author", self.id, json!({ "name": before.name })).await
    }
}

/// The author that another system calls so.
pub(super) async fn imported(txn: &mut Txn, term: &post::ImportTerm) -> Result<Uuid, StoreError> {
    let name = checked_name(&term.name)?;
    let wanted = slug::of_text(term.slug.as_deref().unwrap_or(&name));
    let known = author::Entity::find().filter(author::Column::Slug.eq(&wanted)).one(txn.db()).await?;
    match known {
        Some(author) => Ok(author.id),
        None => insert(txn, author::Model { bio: term.description.clone(), ..profile(&name, &wanted) }).await,
    }
}

/// The profile of somebody who can sign in.
pub(super) async fn of_user(txn: &mut Txn, user: &user::Model) -> Result<Uuid, StoreError> {
    let name = checked_name(&user.name)?;
    let slug = slug::free(txn, Space::Authors, &slug::of_text(&name), None).await?;
    insert(txn, author::Model { user_id: Some(user.id), ..profile(&name, &slug) }).await
}

fn profile(name: &str, slug: &str) -> author::Model {
    author::Model {
        id: Uuid::now_v7(),
        name: name.into(),
        slug: slug.into(),
        bio: String::new(),
        avatar: None,
        user_id: None,
        posts: 0,
        version: 1,
    }
}

fn announce(txn: &mut Txn, author: &author::Model) {
    for name in [CacheTag::author(author.id), CacheTag::slug("author", &author.slug), CacheTag::authors()] {
        txn.tag(name);
    }
}

fn written_by(slug: &str) -> Filter {
    Filter { kind: Kind::Post, tag: None, author: Some(slug.into()), featured: None }
}

fn checked_name(name: &str) -> Result<String, StoreError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(StoreError::invalid("name", "Give the author a name."));
    }
    within("name", name, NAME)?;
    Ok(name.into())
}

fn check(author: &author::Model) -> Result<(), StoreError> {
    within("bio", &author.bio, BIO)?;
    within("avatar", author.avatar.as_deref().unwrap_or_default(), URL)
}

async fn find(txn: &Txn, id: Uuid, expected: Option<i64>) -> Result<author::Model, StoreError> {
    let row = author::Entity::find_by_id(id).one(txn.db()).await?.ok_or(StoreError::NotFound("author"))?;
    expect(row.version, expected)?;
    Ok(row)
}

async fn insert(txn: &Txn, row: author::Model) -> Result<Uuid, StoreError> {
    let id = row.id;
    author::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(txn.db()).await?;
    Ok(id)
}
