//! One post as its editor sees it.

use sea_orm::{ConnectionTrait, DerivePartialModel, EntityTrait, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LibraryError, overlay::Overlay};
use crate::{
    content::{
        permalink::{Permalinks, Place},
        read::{Kind, TermCard},
        time::Time,
    },
    model::post::{self, Status},
};

/// A post without its text. Where a published post has a working copy, that is what is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PostSummary {
    pub id: Uuid,
    pub kind: Kind,
    pub status: Status,
    /// Whether the working copy differs from what readers see.
    pub has_changes: bool,
    pub version: i64,
    pub title: String,
    pub slug: String,
    pub path: Option<String>,
    /// The path where it is read, or will be.
    pub url: String,
    pub excerpt: Option<String>,
    pub tags: Vec<TermCard>,
    pub authors: Vec<TermCard>,
    pub feature_image: Option<String>,
    pub feature_image_alt: Option<String>,
    pub featured: bool,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub canonical_url: Option<String>,
    pub published_at: Option<Time>,
    /// When it will be published.
    pub publish_at: Option<Time>,
    /// When it will be taken back.
    pub unpublish_at: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
    pub words: u32,
    /// Reading time.
    pub minutes: u32,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EditorPost {
    #[serde(flatten)]
    pub summary: PostSummary,
    pub markdown: String,
}

pub async fn post<C: ConnectionTrait>(
    db: &C,
    permalinks: &Permalinks,
    id: Uuid,
) -> Result<Option<EditorPost>, LibraryError> {
    let row: Option<Row> = post::Entity::find_by_id(id).into_partial_model().one(db).await?;
    let Some(row) = row else { return Ok(None) };
    let overlay = Overlay::of(db, &[id]).await?;
    let markdown = match overlay.copies.get(&id) {
        Some(copy) => Some(copy.markdown.clone()),
        None => {
            let column = post::Entity::find_by_id(id).select_only().column(post::Column::Markdown);
            column.into_tuple().one(db).await?
        }
    };
    let summary = row.summary(&overlay, permalinks);
    Ok(Some(EditorPost { summary, markdown: markdown.unwrap_or_default() }))
}

/// A post's row without its texts.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "post::Entity")]
pub(super) struct Row {
    pub(super) id: Uuid,
    kind: Kind,
    status: Status,
    slug: String,
    path: Option<String>,
    title: String,
    pub(super) title_key: String,
    excerpt: Option<String>,
    words: i32,
    minutes: i32,
    feature_image: Option<String>,
    feature_image_alt: Option<String>,
    featured: bool,
    seo_title: Option<String>,
    seo_description: Option<String>,
    canonical_url: Option<String>,
    pub(super) published_at: Option<i64>,
    publish_at: Option<i64>,
    created_at: i64,
    pub(super) edited_at: i64,
    version: i64,
}

impl Row {
    pub(super) fn summary(self, overlay: &Overlay, permalinks: &Permalinks) -> PostSummary {
        let copy = overlay.copies.get(&self.id);
        let mut summary = PostSummary {
            id: self.id,
            kind: self.kind,
            status: self.status,
            has_changes: copy.is_some(),
            version: self.version,
            title: self.title,
            slug: self.slug,
            path: self.path,
            url: String::new(),
            excerpt: self.excerpt,
            tags: overlay.tags(self.id),
            authors: overlay.authors(self.id),
            feature_image: self.feature_image,
            feature_image_alt: self.feature_image_alt,
            featured: self.featured,
            seo_title: self.seo_title,
            seo_description: self.seo_description,
            canonical_url: self.canonical_url,
            published_at: self.published_at.map(Time),
            publish_at: self.publish_at.map(Time),
            unpublish_at: overlay.ends.get(&self.id).copied().map(Time),
            created_at: Time(self.created_at),
            updated_at: Time(self.edited_at),
            words: self.words.unsigned_abs(),
            minutes: self.minutes.unsigned_abs(),
        };
        if let Some(copy) = copy {
            summary.title.clone_from(&copy.title);
            summary.slug.clone_from(&copy.slug);
            summary.path.clone_from(&copy.path);
            summary.excerpt.clone_from(&copy.excerpt);
            summary.feature_image.clone_from(&copy.feature_image);
            summary.feature_image_alt.clone_from(&copy.feature_image_alt);
            summary.featured = copy.featured;
            summary.seo_title.clone_from(&copy.seo_title);
            summary.seo_description.clone_from(&copy.seo_description);
            summary.canonical_url.clone_from(&copy.canonical_url);
            summary.published_at = copy.published_at.map(Time);
        }
        summary.url = permalinks.post(summary.place());
        summary
    }
}

impl PostSummary {
    /// A draft's path shows the day it is due, or was last touched.
    fn place(&self) -> Place<'_> {
        Place {
            id: self.id,
            kind: self.kind,
            slug: &self.slug,
            path: self.path.as_deref(),
            published_at: self.published_at.or(self.publish_at).unwrap_or(self.updated_at).0,
            primary_tag: self.tags.first().map(|tag| tag.slug.as_str()),
            primary_author: self.authors.first().map(|author| author.slug.as_str()),
        }
    }
}
