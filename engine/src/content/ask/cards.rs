//! Cards: what lists show of posts, fetched for a whole window at once.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use uuid::Uuid;

use super::Tags;
use crate::{
    content::{
        media,
        read::{Card, Image, TermCard},
        tag::CacheTag,
    },
    model::{
        media as file,
        post::{self, Kind, Status},
    },
};

/// Databases limit how many values one statement may carry.
pub(super) const BATCH: usize = 1_000;

#[derive(DerivePartialModel)]
#[sea_orm(entity = "post::Entity")]
struct Row {
    id: Uuid,
    status: Status,
    kind: Kind,
    slug: String,
    path: Option<String>,
    title: String,
    excerpt: Option<String>,
    summary: String,
    published_at: Option<i64>,
    featured: bool,
    feature_image: Option<String>,
    feature_image_alt: Option<String>,
    minutes: i32,
}

/// The cards of the published ones among these posts, in the order given.
pub(super) async fn of<C: ConnectionTrait>(db: &C, ids: &[Uuid], tags: &mut Tags) -> Result<Vec<Card>, DbErr> {
    let mut cards = Vec::with_capacity(ids.len());
    for ids in ids.chunks(BATCH) {
        cards.extend(batch(db, ids, tags).await?);
    }
    Ok(cards)
}

async fn batch<C: ConnectionTrait>(db: &C, ids: &[Uuid], tags: &mut Tags) -> Result<Vec<Card>, DbErr> {
    // With the status among the conditions, SQLite would rather go through all published posts than look these up.
    let mut rows: Vec<Row> =
        post::Entity::find().filter(post::Column::Id.is_in(ids.iter().copied())).into_partial_model().all(db).await?;
    rows.retain(|row| row.status == Status::Published);
    let mut terms = [links(db, &TAGS, ids).await?, links(db, &AUTHORS, ids).await?];
    let images = images(db, rows.iter().filter_map(|row| row.feature_image.as_deref())).await?;

    let mut cards: HashMap<Uuid, Card> = HashMap::with_capacity(rows.len());
    for row in rows {
        let [tag_cards, author_cards] = terms.each_mut().map(|found| found.remove(&row.id).unwrap_or_default());
        tags.insert(CacheTag::post(row.id));
        tags.extend(tag_cards.iter().map(|tag| CacheTag::tag(tag.id)));
        tags.extend(author_cards.iter().map(|author| CacheTag::author(author.id)));
        let image = row.feature_image.map(|url| image(url, row.feature_image_alt, &images, tags));
        let card = Card {
            id: row.id,
            kind: row.kind,
            slug: row.slug,
            path: row.path,
            title: row.title,
            excerpt: row.excerpt.unwrap_or(row.summary),
            published_at: row.published_at.unwrap_or_default(),
            featured: row.featured,
            image,
            tags: tag_cards,
            authors: author_cards,
            reading_minutes: row.minutes.unsigned_abs(),
        };
        cards.insert(card.id, card);
    }
    Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
}

/// A table that links posts to terms.
pub(in crate::content) struct Link {
    table: &'static str,
    column: &'static str,
    term: &'static str,
}

pub(in crate::content) const TAGS: Link = Link { table: "post_tag", column: "tag_id", term: "tag" };
pub(in crate::content) const AUTHORS: Link = Link { table: "post_author", column: "author_id", term: "author" };

/// The terms of each of these posts, in the editor's order.
pub(in crate::content) async fn links<C: ConnectionTrait>(
    db: &C,
    link: &Link,
    posts: &[Uuid],
) -> Result<HashMap<Uuid, Vec<TermCard>>, DbErr> {
    let Link { table, column, term } = *link;
    let query = Query::select()
        .columns([(table, "post_id"), (term, "id"), (term, "name"), (term, "slug")])
        .from(table)
        .inner_join(term, Expr::col((term, "id")).equals((table, column)))
        .and_where(Expr::col((table, "post_id")).is_in(posts.iter().copied()))
        .order_by((table, "position"), Order::Asc)
        .to_owned();
    let mut found: HashMap<Uuid, Vec<TermCard>> = HashMap::new();
    for row in db.query_all(&query).await? {
        let (post, id, name, slug) = row.try_get_many_by_index::<(Uuid, Uuid, String, String)>()?;
        found.entry(post).or_default().push(TermCard { id, name, slug });
    }
    Ok(found)
}

/// The files of the library that a text shows.
pub(in crate::content) async fn pictures<C: ConnectionTrait>(
    db: &C,
    html: &str,
    tags: &mut Tags,
) -> Result<Vec<Image>, DbErr> {
    let mut urls = media::shown(html);
    urls.sort_unstable();
    urls.dedup();
    let files = images(db, urls.iter().copied()).await?;
    Ok(urls.into_iter().map(|url| image(url.to_owned(), None, &files, tags)).collect())
}

/// The image at a URL, as the library knows it.
pub(in crate::content) async fn picture<C: ConnectionTrait>(
    db: &C,
    url: String,
    alt: Option<String>,
    tags: &mut Tags,
) -> Result<Image, DbErr> {
    let files = images(db, [url.as_str()].into_iter()).await?;
    Ok(image(url, alt, &files, tags))
}

/// The files of the media library behind these URLs, by URL.
async fn images<C: ConnectionTrait>(
    db: &C,
    urls: impl Iterator<Item = &str>,
) -> Result<HashMap<String, file::Model>, DbErr> {
    let keys: Vec<&str> = urls.filter_map(media::key).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let files = file::Entity::find().filter(file::Column::StorageKey.is_in(keys)).all(db).await?;
    Ok(files.into_iter().map(|file| (media::url(&file.storage_key), file)).collect())
}

fn image(url: String, alt: Option<String>, files: &HashMap<String, file::Model>, tags: &mut Tags) -> Image {
    let file = files.get(&url);
    match file {
        Some(file) => tags.insert(CacheTag::media(file.id)),
        // A file that comes to the library later tells its path.
        None if media::key(&url).is_some() => tags.insert(CacheTag::path(&url)),
        None => false,
    };
    let size = |side: fn(&file::Model) -> Option<i32>| file.and_then(side).map(i32::unsigned_abs);
    Image {
        width: size(|file| file.width),
        height: size(|file| file.height),
        color: file.and_then(|file| file.color.clone()),
        focus: file.and_then(media::Focus::of),
        alt: alt.or_else(|| file.map(|file| file.alt.clone())).unwrap_or_default(),
        url,
    }
}
