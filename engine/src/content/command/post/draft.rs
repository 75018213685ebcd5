//! A post's editable fields, and a change of some of them.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    content::{
        command::{Txn, redirect, slug, tag, within, without_nul},
        error::StoreError,
        time::Time,
    },
    model::post,
};

const TITLE: usize = 2_000;
const LINE: usize = 2_000;
const EXCERPT: usize = 10_000;
/// Bytes.
const MARKDOWN: usize = 5 * 1024 * 1024;
const TERMS: usize = 128;

/// Everything an editor may change: what a working copy and a revision hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub title: String,
    pub slug: String,
    pub path: Option<String>,
    pub markdown: String,
    pub excerpt: Option<String>,
    /// In the editor's order; the first is the primary one.
    pub tags: Vec<Uuid>,
    pub authors: Vec<Uuid>,
    pub feature_image: Option<String>,
    pub feature_image_alt: Option<String>,
    pub featured: bool,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub canonical_url: Option<String>,
    /// Milliseconds since the epoch; the moment of publication when it is left empty.
    pub published_at: Option<i64>,
}

/// Some fields of a post; what is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PostPatch {
    pub title: Option<String>,
    pub slug: Option<String>,
    #[serde(deserialize_with = "given")]
    pub path: Option<Option<String>>,
    pub markdown: Option<String>,
    #[serde(deserialize_with = "given")]
    pub excerpt: Option<Option<String>>,
    /// Names; those that do not exist are created.
    pub tags: Option<Vec<String>>,
    pub authors: Option<Vec<Uuid>>,
    #[serde(deserialize_with = "given")]
    pub feature_image: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    pub feature_image_alt: Option<Option<String>>,
    pub featured: Option<bool>,
    #[serde(deserialize_with = "given")]
    pub seo_title: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    pub seo_description: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    pub canonical_url: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    pub published_at: Option<Option<Time>>,
}

/// Tells `null`, which clears a field, from a field that is not there.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Draft {
    pub(in crate::content) fn of(row: &post::Model, tags: Vec<Uuid>, authors: Vec<Uuid>) -> Self {
        Self {
            title: row.title.clone(),
            slug: row.slug.clone(),
            path: row.path.clone(),
            markdown: row.markdown.clone(),
            excerpt: row.excerpt.clone(),
            tags,
            authors,
            feature_image: row.feature_image.clone(),
            feature_image_alt: row.feature_image_alt.clone(),
            featured: row.featured,
            seo_title: row.seo_title.clone(),
            seo_description: row.seo_description.clone(),
            canonical_url: row.canonical_url.clone(),
            published_at: row.published_at,
        }
    }

    /// This draft with a patch laid over it. Tags that do not exist are created.
    pub(super) async fn patched(mut self, txn: &mut Txn, patch: PostPatch) -> Result<Self, StoreError> {
        if let Some(names) = patch.tags {
            self.tags = tag::named(txn, &names).await?;
        }
        if let Some(slug) = patch.slug {
            self.slug = slug::chosen(&slug)?;
        }
        if let Some(path) = patch.path {
            self.path = blank_is_none(path);
        }
        self.title = patch.title.unwrap_or(self.title);
        self.markdown = patch.markdown.unwrap_or(self.markdown);
        self.authors = patch.authors.map_or(self.authors, once_each);
        self.featured = patch.featured.unwrap_or(self.featured);
        for (field, change) in [
            (&mut self.excerpt, patch.excerpt),
            (&mut self.feature_image, patch.feature_image),
            (&mut self.feature_image_alt, patch.feature_image_alt),
            (&mut self.seo_title, patch.seo_title),
            (&mut self.seo_description, patch.seo_description),
            (&mut self.canonical_url, patch.canonical_url),
        ] {
            if let Some(value) = change {
                *field = blank_is_none(value);
            }
        }
        if let Some(time) = patch.published_at {
            self.published_at = time.map(|time| time.0);
        }
        self.check()?;
        Ok(self)
    }

    /// Refuses what is too long or cannot be.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        within("title", &self.title, TITLE)?;
        if self.markdown.len() > MARKDOWN {
            return Err(StoreError::invalid("markdown", "The text is longer than 5 MiB; split it into several posts."));
        }
        without_nul("markdown", &self.markdown)?;
        within("excerpt", self.excerpt.as_deref().unwrap_or_default(), EXCERPT)?;
        for (field, value) in [
            ("path", &self.path),
            ("feature_image", &self.feature_image),
            ("feature_image_alt", &self.feature_image_alt),
            ("seo_title", &self.seo_title),
            ("seo_description", &self.seo_description),
            ("canonical_url", &self.canonical_url),
        ] {
            within(field, value.as_deref().unwrap_or_default(), LINE)?;
        }
        for (field, terms) in [("tags", &self.tags), ("authors", &self.authors)] {
            if terms.len() > TERMS {
                return Err(StoreError::invalid(field, format!("At most {TERMS} are allowed.")));
            }
        }
        match &self.path {
            Some(path) => redirect::check_path("path", path),
            None => Ok(()),
        }
    }
}

fn blank_is_none(value: Option<String>) -> Option<String> {
    value.filter(|text| !text.trim().is_empty())
}

/// Without repetitions, in the order of the first mention.
pub(super) fn once_each(ids: Vec<Uuid>) -> Vec<Uuid> {
    let mut kept: Vec<Uuid> = Vec::with_capacity(ids.len());
    for id in ids {
        if !kept.contains(&id) {
            kept.push(id);
        }
    }
    kept
}
