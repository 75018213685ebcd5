//! A post's history: the versions of it that were kept.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DerivePartialModel, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    LibraryError, ListQuery, PageOf,
    overlay::{cards, named},
    page,
};
use crate::{
    content::{command::post::Draft, read::TermCard, time::Time},
    model::{
        post_revision::{self, Reason},
        user,
    },
};

/// A version that was kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevisionSummary {
    pub version: i64,
    pub reason: Reason,
    /// Who made it; nobody when the engine or the command line did.
    pub author: Option<String>,
    pub created_at: Time,
    pub title: String,
}

/// A version that was kept, with everything an editor could change. Tags and authors that are gone by now are left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevisionDoc {
    #[serde(flatten)]
    pub summary: RevisionSummary,
    pub slug: String,
    pub path: Option<String>,
    pub markdown: String,
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
}

/// The newest first.
pub async fn revisions<C: ConnectionTrait>(
    db: &C,
    post: Uuid,
    query: &ListQuery,
) -> Result<PageOf<RevisionSummary>, LibraryError> {
    let all = post_revision::Entity::find().filter(post_revision::Column::PostId.eq(post));
    let total = all.clone().count(db).await?;
    let mut some = all.order_by_desc(post_revision::Column::Version).limit(query.limit() + 1);
    if let Some(cursor) = &query.cursor {
        let version: i64 = cursor.parse().map_err(|_| LibraryError::BadCursor)?;
        some = some.filter(post_revision::Column::Version.lt(version));
    }
    let rows: Vec<Row> = some.into_partial_model().all(db).await?;
    let people = people(db, rows.iter().filter_map(|row| row.created_by)).await?;
    Ok(page(rows, query.limit(), total, |row| row.version.to_string(), |row| row.summary(&people)))
}

pub async fn revision<C: ConnectionTrait>(
    db: &C,
    post: Uuid,
    version: i64,
) -> Result<Option<RevisionDoc>, LibraryError> {
    let found = post_revision::Entity::find()
        .filter(post_revision::Column::PostId.eq(post))
        .filter(post_revision::Column::Version.eq(version))
        .one(db)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let people = people(db, row.created_by).await?;
    let draft: Draft = serde_json::from_value(row.snapshot.clone())?;
    let terms = |ids: &Vec<Uuid>| HashMap::from([(post, ids.clone())]);
    let (tags, authors) =
        (cards(db, "tag", &terms(&draft.tags)).await?, cards(db, "author", &terms(&draft.authors)).await?);
    let post_revision::Model { version, reason, title, created_by, created_at, .. } = row;
    Ok(Some(RevisionDoc {
        summary: Row { version, reason, title, created_by, created_at }.summary(&people),
        tags: named(&tags, Some(&draft.tags)),
        authors: named(&authors, Some(&draft.authors)),
        slug: draft.slug,
        path: draft.path,
        markdown: draft.markdown,
        excerpt: draft.excerpt,
        feature_image: draft.feature_image,
        feature_image_alt: draft.feature_image_alt,
        featured: draft.featured,
        seo_title: draft.seo_title,
        seo_description: draft.seo_description,
        canonical_url: draft.canonical_url,
        published_at: draft.published_at.map(Time),
    }))
}

/// A revision without what it holds.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "post_revision::Entity")]
struct Row {
    version: i64,
    reason: Reason,
    title: String,
    created_by: Option<Uuid>,
    created_at: i64,
}

impl Row {
    fn summary(self, people: &[user::Model]) -> RevisionSummary {
        let author = people.iter().find(|user| Some(user.id) == self.created_by);
        RevisionSummary {
            version: self.version,
            reason: self.reason,
            author: author.map(|user| user.name.clone()),
            created_at: Time(self.created_at),
            title: self.title,
        }
    }
}

async fn people<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<user::Model>, LibraryError> {
    Ok(user::Entity::find().filter(user::Column::Id.is_in(ids)).all(db).await?)
}
