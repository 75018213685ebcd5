//! The media library.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LibraryError, ListQuery, PageOf, cursor, has_words, lower, page, read_cursor};
use crate::{
    content::{media::url, time::Time},
    model::media,
};

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MediaDoc {
    pub id: Uuid,
    pub url: String,
    /// The name it was uploaded under.
    pub name: String,
    pub mime: String,
    pub bytes: u64,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub alt: String,
    pub created_at: Time,
}

/// The newest first.
pub async fn media_list<C: ConnectionTrait>(db: &C, query: &ListQuery) -> Result<PageOf<MediaDoc>, LibraryError> {
    let mut all = media::Entity::find();
    if let Some(found) = has_words(lower(media::Column::Name.into_expr()), query.q.as_deref()) {
        all = all.filter(found);
    }
    let total = all.clone().count(db).await?;
    if let Some(cursor) = &query.cursor {
        let (id, at) = read_cursor(cursor)?;
        let at: i64 = at.parse().map_err(|_| LibraryError::BadCursor)?;
        let row = Expr::tuple([media::Column::CreatedAt.into_expr(), media::Column::Id.into_expr()]);
        all = all.filter(row.lt(Expr::tuple([Expr::value(at), Expr::value(id)])));
    }
    let rows = all
        .order_by_desc(media::Column::CreatedAt)
        .order_by_desc(media::Column::Id)
        .limit(query.limit() + 1)
        .all(db)
        .await?;
    Ok(page(rows, query.limit(), total, |row| cursor(row.id, row.created_at), doc))
}

pub async fn media<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<MediaDoc>, LibraryError> {
    Ok(media::Entity::find_by_id(id).one(db).await?.map(doc))
}

fn doc(row: media::Model) -> MediaDoc {
    MediaDoc {
        id: row.id,
        url: url(&row.storage_key),
        name: row.name,
        mime: row.mime,
        bytes: row.bytes.unsigned_abs(),
        width: row.width.map(i32::unsigned_abs),
        height: row.height.map(i32::unsigned_abs),
        alt: row.alt,
        created_at: Time(row.created_at),
    }
}
