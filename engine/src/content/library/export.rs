//! Posts as they leave the site: what readers see, or what the editor left of a draft; no working copies, no trash.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::LibraryError;
use crate::{
    content::{
        ask::cards,
        permalink::{Permalinks, Place},
        read::TermCard,
    },
    model::{
        post::{self, Status},
        working_copy,
    },
};

#[derive(Clone, Debug)]
pub struct Exported {
    pub row: post::Model,
    pub tags: Vec<TermCard>,
    pub authors: Vec<TermCard>,
    /// The path where it is read, or would be.
    pub url: String,
}

/// How many there are, and how many have changes that nobody has published.
pub async fn exportable<C: ConnectionTrait>(db: &C) -> Result<(u64, u64), LibraryError> {
    let posts = post::Entity::find().filter(post::Column::Status.ne(Status::Trashed)).count(db).await?;
    Ok((posts, working_copy::Entity::find().count(db).await?))
}

/// The posts after this one, in the order of their ids.
pub async fn export<C: ConnectionTrait>(
    db: &C,
    permalinks: &Permalinks,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Exported>, LibraryError> {
    let mut query = post::Entity::find().filter(post::Column::Status.ne(Status::Trashed));
    if let Some(after) = after {
        query = query.filter(post::Column::Id.gt(after));
    }
    let rows = query.order_by_asc(post::Column::Id).limit(limit).all(db).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut tags = cards::links(db, &cards::TAGS, &ids).await?;
    let mut authors = cards::links(db, &cards::AUTHORS, &ids).await?;
    let of = |terms: &mut HashMap<Uuid, Vec<TermCard>>, id| terms.remove(&id).unwrap_or_default();
    let exported = rows.into_iter().map(|row| {
        let (tags, authors) = (of(&mut tags, row.id), of(&mut authors, row.id));
        let url = permalinks.post(Place {
            id: row.id,
            kind: row.kind,
            slug: &row.slug,
            path: row.path.as_deref(),
            published_at: row.published_at.or(row.publish_at).unwrap_or(row.edited_at),
            primary_tag: tags.first().map(|tag| tag.slug.as_str()),
            primary_author: authors.first().map(|author| author.slug.as_str()),
        });
        Exported { row, tags, authors, url }
    });
    Ok(exported.collect())
}
