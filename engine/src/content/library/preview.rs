//! A post as its page would show it if it were published now.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{LibraryError, overlay::Overlay};
use crate::{
    content::{
        ask::cards,
        command::post::{Draft, summary},
        markdown::{self, Trust},
        read::{Card, Post},
    },
    model::{
        post::{self, Status},
        preview_key,
    },
};

/// What a post's preview links are signed with, while it has any.
pub async fn preview_key<C: ConnectionTrait>(db: &C, post: Uuid) -> Result<Option<String>, LibraryError> {
    Ok(preview_key::Entity::find_by_id(post).one(db).await?.map(|row| row.secret))
}

/// The working copy, or the draft, rendered; `None` when there is no such post, or it is in the trash. With `placed`, the
/// elements of its text say which lines they were made of.
pub async fn preview<C: ConnectionTrait>(
    db: &C,
    id: Uuid,
    now: i64,
    placed: bool,
) -> Result<Option<Post>, LibraryError> {
    let row = post::Entity::find_by_id(id).filter(post::Column::Status.ne(Status::Trashed)).one(db).await?;
    let Some(row) = row else { return Ok(None) };
    let overlay = Overlay::of(db, &[id]).await?;
    let draft = match overlay.copies.get(&id) {
        Some(copy) => copy.clone(),
        None => Draft::of(&row, Vec::new(), Vec::new()),
    };
    let markdown = draft.markdown;
    let text = tokio::task::spawn_blocking(move || {
        if placed { markdown::render_placed(&markdown) } else { markdown::render(&markdown, Trust::RawHtml) }
    })
    .await
    .map_err(|_| LibraryError::Panicked)?;
    // A preview is made for each look and kept by nobody: what it hangs on does not matter.
    let mut tags = Default::default();
    let pictures = cards::pictures(db, &text.html, &mut tags).await?;
    let image = match draft.feature_image {
        Some(url) => Some(cards::picture(db, url, draft.feature_image_alt, &mut tags).await?),
        None => None,
    };
    let card = Card {
        id,
        kind: row.kind,
        slug: draft.slug,
        path: draft.path,
        title: draft.title,
        excerpt: draft.excerpt.unwrap_or_else(|| summary(&text.plain)),
        published_at: draft.published_at.or(row.publish_at).unwrap_or(now),
        featured: draft.featured,
        image,
        tags: overlay.tags(id),
        authors: overlay.authors(id),
        reading_minutes: text.minutes,
    };
    Ok(Some(Post {
        card,
        html: text.html,
        pictures,
        words: text.words,
        updated_at: now,
        seo_title: draft.seo_title,
        seo_description: draft.seo_description,
        canonical_url: draft.canonical_url,
    }))
}
