//! The media library.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Hand, LibraryError, ListQuery, PageOf, contains, cursor, has_words, holding, lower, overlay::Overlay, page,
    read_cursor,
};
use crate::{
    content::{
        media::{Focus, url},
        read::Kind,
        time::Time,
    },
    model::{
        media,
        post::{self, Status},
    },
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
    /// What stays in sight when it is cut to another shape.
    pub focus: Option<Focus>,
    pub created_at: Time,
}

/// A post or page in which a file is used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MediaUse {
    pub id: Uuid,
    pub kind: Kind,
    pub status: Status,
    pub title: String,
    /// It is the post's own image.
    pub feature: bool,
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

/// Where the files lie, the newest first.
pub async fn storage_keys<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, LibraryError> {
    let all = media::Entity::find().select_only().column(media::Column::StorageKey);
    Ok(all.order_by_desc(media::Column::CreatedAt).into_tuple().all(db).await?)
}

pub async fn media<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<MediaDoc>, LibraryError> {
    Ok(media::Entity::find_by_id(id).one(db).await?.map(doc))
}

/// Where a file is used, live or in a working copy, what was edited last first; the trash is left out.
pub async fn media_usage<C: ConnectionTrait>(
    db: &C,
    file: &MediaDoc,
    by: Option<Hand>,
) -> Result<Vec<MediaUse>, LibraryError> {
    let rows: Vec<(Uuid, Kind, Status, String, Option<String>)> = post::Entity::find()
        .select_only()
        .columns([
            post::Column::Id,
            post::Column::Kind,
            post::Column::Status,
            post::Column::Title,
            post::Column::FeatureImage,
        ])
        .filter(uses_of(&file.url))
        .filter(by.map_or_else(Condition::all, Hand::made))
        .order_by_desc(post::Column::EditedAt)
        .into_tuple()
        .all(db)
        .await?;
    let overlay = Overlay::of(db, &rows.iter().map(|row| row.0).collect::<Vec<_>>()).await?;
    let used = |(id, kind, status, title, image)| {
        let (title, image) = match overlay.copies.get(&id) {
            Some(copy) => (copy.title.clone(), copy.feature_image.clone()),
            None => (title, image),
        };
        MediaUse { id, kind, status, title, feature: image.as_deref() == Some(file.url.as_str()) }
    };
    Ok(rows.into_iter().map(used).collect())
}

/// Of posts and pages, those that show a file or lead to it, live or in a working copy; the trash is left out.
pub(in crate::content) fn uses_of(url: &str) -> Condition {
    let copies = Query::select().column("post_id").from("working_copy").and_where(holding("payload", url)).to_owned();
    let uses = Condition::any()
        .add(contains(post::Column::Markdown.into_expr(), url))
        .add(post::Column::FeatureImage.eq(url))
        .add(post::Column::Id.in_subquery(copies));
    Condition::all().add(uses).add(post::Column::Status.ne(Status::Trashed))
}

fn doc(row: media::Model) -> MediaDoc {
    MediaDoc {
        id: row.id,
        focus: Focus::of(&row),
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
