//! A new post.

use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

use super::{Draft, PostPatch, links, stored::Stored};
use crate::{
    content::{
        command::{Command, Txn, slug},
        error::StoreError,
        read::Kind,
    },
    model::{
        post::{self, Status},
        post_revision::Reason,
        user,
    },
};

/// Makes a draft. A slug that is left out is made from the title; authors that are left out are whoever makes it.
#[derive(Clone, Debug)]
pub struct CreatePost {
    pub kind: Kind,
    pub fields: PostPatch,
}

impl Command for CreatePost {
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        let named = self.fields.slug.is_some();
        let mut draft = Draft::default().patched(txn, self.fields.clone()).await?;
        if !named {
            draft.slug = slug::free(txn, slug::Space::Posts(self.kind), &slug::of_text(&draft.title), None).await?;
        }
        if self.fields.authors.is_none() {
            draft.authors = own_profile(txn).await?;
        }
        links::check_authors(txn.db(), &draft.authors).await?;
        let post = Stored { row: blank(txn, self.kind), draft }.store(txn, None).await?;
        post.keep_revision(txn, Reason::Initial).await?;
        txn.audit("create", "post", post.row.id, json!({ "title": post.draft.title })).await?;
        Ok(post.row.id)
    }
}

/// A draft's row before anything is written into it.
pub(super) fn blank(txn: &Txn, kind: Kind) -> post::Model {
    post::Model {
        id: Uuid::now_v7(),
        kind,
        status: Status::Draft,
        slug: String::new(),
        path: None,
        title: String::new(),
        title_key: String::new(),
        excerpt: None,
        summary: String::new(),
        words: 0,
        minutes: 0,
        feature_image: None,
        feature_image_alt: None,
        featured: false,
        seo_title: None,
        seo_description: None,
        canonical_url: None,
        published_at: None,
        publish_at: None,
        created_at: txn.now,
        updated_at: txn.now,
        edited_at: txn.now,
        trashed_at: 0,
        created_by: txn.actor.user(),
        version: 1,
        source: None,
        markdown: String::new(),
        html: String::new(),
        plain: String::new(),
    }
}

async fn own_profile(txn: &Txn) -> Result<Vec<Uuid>, StoreError> {
    let Some(id) = txn.actor.user() else { return Ok(Vec::new()) };
    let user = user::Entity::find_by_id(id).one(txn.db()).await?;
    Ok(user.and_then(|user| user.author_id).into_iter().collect())
}
