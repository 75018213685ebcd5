//! Posts that come from another system, known by where they came from.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::{Draft, create::blank, draft::once_each, stored::Stored};
use crate::{
    content::{
        command::{Command, Txn, author, redirect, slug, tag},
        error::StoreError,
        read::Kind,
    },
    model::{
        post::{self, Status},
        post_revision::{self, Reason},
        redirect::Origin,
    },
};

/// Makes the post that `source` names, or brings it up to date. The same content again changes nothing.
#[derive(Clone, Debug)]
pub struct ImportPost {
    /// What the other system calls it, such as `wordpress:12`; the same for each import.
    pub source: String,
    pub kind: Kind,
    pub published: bool,
    pub title: String,
    /// Made from the title when it is left out.
    pub slug: Option<String>,
    /// The path it had, when that must stay.
    pub path: Option<String>,
    pub markdown: String,
    pub excerpt: Option<String>,
    pub tags: Vec<ImportTerm>,
    pub authors: Vec<ImportTerm>,
    pub feature_image: Option<String>,
    pub feature_image_alt: Option<String>,
    pub featured: bool,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub canonical_url: Option<String>,
    /// Milliseconds since the epoch.
    pub published_at: Option<i64>,
    pub updated_at: Option<i64>,
    /// Other paths that led to it.
    pub aliases: Vec<String>,
}

/// A tag or an author by name. It is found by its slug, when it has one, or by its name, and made otherwise.
#[derive(Clone, Debug, Default)]
pub struct ImportTerm {
    pub name: String,
    pub slug: Option<String>,
    /// A tag's description or an author's biography, for one that is made.
    pub description: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    pub id: Uuid,
    pub outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Updated,
    Unchanged,
    /// It changed at its source, but an editor changed it here too: it stays as the editor left it.
    Kept,
}

impl Command for ImportPost {
    type Output = Imported;

    async fn run(self, txn: &mut Txn) -> Result<Imported, StoreError> {
        let row = post::Entity::find().filter(post::Column::Source.eq(&self.source)).one(txn.db()).await?;
        let before = match row {
            Some(row) => Some(Stored::of(txn, row).await?),
            None => None,
        };
        let mut draft = self.draft(txn, before.as_ref()).await?;
        if self.published {
            let known = before.as_ref().and_then(|post| post.draft.published_at);
            draft.published_at.get_or_insert(known.unwrap_or(txn.now));
        }
        let outcome = match &before {
            None => Outcome::Created,
            Some(post) => outcome(txn, post, &draft).await?,
        };
        let post = match before {
            Some(post) if matches!(outcome, Outcome::Unchanged | Outcome::Kept) => post,
            before => self.write(txn, before, draft).await?,
        };
        if self.published && post.row.status == Status::Published {
            self.lead_aliases(txn, &post).await?;
        }
        Ok(Imported { id: post.row.id, outcome })
    }
}

impl ImportPost {
    async fn draft(&self, txn: &mut Txn, before: Option<&Stored>) -> Result<Draft, StoreError> {
        let wanted = slug::of_text(self.slug.as_deref().filter(|slug| !slug.is_empty()).unwrap_or(&self.title));
        let owner = before.map(|post| post.row.id);
        let mut tags = Vec::new();
        for term in &self.tags {
            tags.push(tag::imported(txn, term).await?);
        }
        let mut authors = Vec::new();
        for term in &self.authors {
            authors.push(author::imported(txn, term).await?);
        }
        Ok(Draft {
            title: self.title.clone(),
            slug: slug::free(txn, slug::Space::Posts(self.kind), &wanted, owner).await?,
            path: self.path.clone(),
            markdown: self.markdown.clone(),
            excerpt: self.excerpt.clone(),
            tags: once_each(tags),
            authors: once_each(authors),
            feature_image: self.feature_image.clone(),
            feature_image_alt: self.feature_image_alt.clone(),
            featured: self.featured,
            seo_title: self.seo_title.clone(),
            seo_description: self.seo_description.clone(),
            canonical_url: self.canonical_url.clone(),
            published_at: self.published_at,
        })
    }

    async fn write(&self, txn: &mut Txn, before: Option<Stored>, draft: Draft) -> Result<Stored, StoreError> {
        let status = match (&before, self.published) {
            (_, true) => Status::Published,
            (Some(post), false) => post.row.status,
            (None, false) => Status::Draft,
        };
        let row = match &before {
            Some(post) => post::Model { version: post.row.version + 1, ..post.row.clone() },
            None => post::Model { source: Some(self.source.clone()), ..blank(txn, self.kind) },
        };
        let created_at = if before.is_none() { self.published_at.unwrap_or(row.created_at) } else { row.created_at };
        let updated_at = self.updated_at.or(self.published_at).unwrap_or(txn.now);
        let row = post::Model {
            status,
            created_at,
            updated_at,
            edited_at: updated_at,
            publish_at: None,
            trashed_at: 0,
            ..row
        };
        let post = Stored { row, draft }.store(txn, before.as_ref()).await?;
        post.keep_revision(txn, Reason::Import).await?;
        txn.audit("import", "post", post.row.id, json!({ "source": self.source })).await?;
        Ok(post)
    }

    async fn lead_aliases(&self, txn: &mut Txn, post: &Stored) -> Result<(), StoreError> {
        let url = post.url(txn).await?;
        for alias in &self.aliases {
            redirect::put(txn, alias, &url, 308, Origin::Import).await?;
        }
        Ok(())
    }
}

/// What to do with a post that was imported before: compares what comes now with what came last.
async fn outcome(txn: &Txn, post: &Stored, draft: &Draft) -> Result<Outcome, StoreError> {
    let last = post_revision::Entity::find()
        .filter(post_revision::Column::PostId.eq(post.row.id))
        .filter(post_revision::Column::Reason.eq(Reason::Import))
        .order_by_desc(post_revision::Column::Version)
        .one(txn.db())
        .await?;
    let Some(last) = last else { return Ok(Outcome::Kept) };
    Ok(match serde_json::from_value::<Draft>(last.snapshot)? {
        came if came == *draft => Outcome::Unchanged,
        _ if last.version == post.row.version => Outcome::Updated,
        _ => Outcome::Kept,
    })
}
