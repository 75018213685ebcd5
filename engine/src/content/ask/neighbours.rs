//! The posts published just before and just after one.

use std::sync::Arc;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use uuid::Uuid;

use super::{Tags, cards};
use crate::{
    content::{
        read::{Answer, Card},
        span::{Position, Span},
        tag::CacheTag,
    },
    model::post::{self, Kind, Status},
};

pub(super) async fn of<C: ConnectionTrait>(
    db: &C,
    id: Uuid,
    tags: &mut Tags,
    span: &mut Span,
) -> Result<Answer, DbErr> {
    tags.insert(CacheTag::post(id));
    let found: Option<(Kind, Option<i64>)> = post::Entity::find_by_id(id)
        .select_only()
        .columns([post::Column::Kind, post::Column::PublishedAt])
        .filter(post::Column::Status.eq(Status::Published))
        .into_tuple()
        .one(db)
        .await?;
    let Some((kind, published_at)) = found else {
        return Ok(Answer::Neighbours { newer: None, older: None });
    };
    tags.insert(CacheTag::posts(kind.as_str()));

    let row = || Expr::tuple([post::Column::PublishedAt.into_expr(), post::Column::Id.into_expr()]);
    let here = || Expr::tuple([Expr::value(published_at), Expr::value(id)]);
    let newer = nearest(db, kind, row().gt(here()), Order::Asc).await?;
    let older = nearest(db, kind, row().lt(here()), Order::Desc).await?;

    *span = Span { oldest: older, newest: newer };

    let (newer, older) = (newer.map(|newer| newer.id), older.map(|older| older.id));
    let ids: Vec<Uuid> = newer.into_iter().chain(older).collect();
    let cards: Vec<Arc<Card>> = cards::of(db, &ids, tags).await?.into_iter().map(Arc::new).collect();
    let card = |id: Option<Uuid>| cards.iter().find(|card| Some(card.id) == id).cloned();
    Ok(Answer::Neighbours { newer: card(newer), older: card(older) })
}

async fn nearest<C: ConnectionTrait>(
    db: &C,
    kind: Kind,
    side: SimpleExpr,
    order: Order,
) -> Result<Option<Position>, DbErr> {
    let found: Option<(Uuid, i64)> = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::PublishedAt])
        .filter(post::Column::Status.eq(Status::Published))
        .filter(post::Column::Kind.eq(kind))
        .filter(side)
        .order_by(post::Column::PublishedAt, order.clone())
        .order_by(post::Column::Id, order)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.map(|(id, published_at)| Position { published_at, id }))
}
