//! One post or page, with its body.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, QueryFilter, QuerySelect,
    sea_query::ExprTrait,
};
use uuid::Uuid;

use super::{Tags, cards};
use crate::{
    content::{
        markdown::for_readers,
        read::{Card, Image, Key, Post},
        tag::CacheTag,
    },
    model::post::{self, Kind, Status},
};

/// What a post has beyond its card.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "post::Entity")]
struct Body {
    id: Uuid,
    html: String,
    words: i32,
    updated_at: i64,
    seo_title: Option<String>,
    seo_description: Option<String>,
    canonical_url: Option<String>,
}

pub(super) async fn one<C: ConnectionTrait>(
    db: &C,
    kind: Kind,
    by: &Key,
    tags: &mut Tags,
) -> Result<Option<Arc<Post>>, DbErr> {
    let condition = match by {
        Key::Slug(slug) => {
            tags.insert(CacheTag::slug(kind.as_str(), slug));
            // The trash keeps slugs too; saying so lets the index of slugs find one row.
            post::Column::Slug.eq(slug).and(post::Column::TrashedAt.eq(0))
        }
        Key::Id(id) => {
            tags.insert(CacheTag::post(*id));
            post::Column::Id.eq(*id)
        }
    };
    let id: Option<Uuid> = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(condition)
        .filter(post::Column::Kind.eq(kind))
        .filter(post::Column::Status.eq(Status::Published))
        .into_tuple()
        .one(db)
        .await?;
    let ids: Vec<Uuid> = id.into_iter().collect();
    Ok(whole(db, &ids, tags).await?.pop())
}

/// The text as it was written, without what its writer kept from readers.
pub(super) async fn source<C: ConnectionTrait>(db: &C, id: Uuid, tags: &mut Tags) -> Result<Option<String>, DbErr> {
    tags.insert(CacheTag::post(id));
    let text: Option<String> = post::Entity::find_by_id(id)
        .select_only()
        .column(post::Column::Markdown)
        .filter(post::Column::Status.eq(Status::Published))
        .into_tuple()
        .one(db)
        .await?;
    Ok(text.map(|text| for_readers(&text)))
}

/// The published ones among these posts with their bodies, in the order given.
pub(super) async fn whole<C: ConnectionTrait>(db: &C, ids: &[Uuid], tags: &mut Tags) -> Result<Vec<Arc<Post>>, DbErr> {
    let cards = cards::of(db, ids, tags).await?;
    let mut bodies: HashMap<Uuid, Body> = HashMap::with_capacity(cards.len());
    for ids in ids.chunks(cards::BATCH) {
        let rows = post::Entity::find()
            .filter(post::Column::Id.is_in(ids.iter().copied()))
            .into_partial_model::<Body>()
            .all(db)
            .await?;
        bodies.extend(rows.into_iter().map(|body| (body.id, body)));
    }
    let mut whole = Vec::with_capacity(cards.len());
    for card in cards {
        let Some(body) = bodies.remove(&card.id) else { continue };
        let pictures = cards::pictures(db, &body.html, tags).await?;
        whole.push(Arc::new(joined(card, body, pictures)));
    }
    Ok(whole)
}

fn joined(card: Card, body: Body, pictures: Vec<Image>) -> Post {
    Post {
        card,
        html: body.html,
        pictures,
        words: body.words.unsigned_abs(),
        updated_at: body.updated_at,
        seo_title: body.seo_title,
        seo_description: body.seo_description,
        canonical_url: body.canonical_url,
    }
}
