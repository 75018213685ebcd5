//! Posts related to one: those of its first tag that were published nearest before it, and after it where too few were before.
//!
//! A new post of the tag is related to older ones only while the tag has few posts, so publishing does not change them all.

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use uuid::Uuid;

use super::{Tags, cards};
use crate::{
    content::{
        read::Answer,
        span::{Position, Span},
        tag::CacheTag,
    },
    model::post::Kind,
};

const TABLE: &str = "post_tag";

/// The list of a tag, and where in it the post stands.
struct Place {
    tag: Uuid,
    kind: Kind,
    here: Position,
}

pub(super) async fn to<C: ConnectionTrait>(
    db: &C,
    id: Uuid,
    limit: u32,
    tags: &mut Tags,
    span: &mut Span,
) -> Result<Answer, DbErr> {
    tags.insert(CacheTag::post(id));
    let Some(place) = place(db, id).await? else { return Ok(Answer::Cards(Vec::new())) };
    tags.insert(CacheTag::posts_of_tag(place.tag));

    let limit = u64::from(limit);
    let older = beside(db, &place, Order::Desc, limit).await?;
    let missing = limit.saturating_sub(older.len() as u64);
    let newer = if missing > 0 { beside(db, &place, Order::Asc, missing).await? } else { Vec::new() };
    *span = Span {
        oldest: older.last().filter(|_| missing == 0).copied(),
        newest: match newer.last() {
            _ if missing == 0 => Some(place.here),
            last => last.filter(|_| newer.len() as u64 == missing).copied(),
        },
    };

    let ids: Vec<Uuid> = older.iter().chain(&newer).map(|position| position.id).collect();
    Ok(Answer::Cards(cards::of(db, &ids, tags).await?.into_iter().map(Arc::new).collect()))
}

async fn place<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<Place>, DbErr> {
    let query = Query::select()
        .columns([(TABLE, "tag_id"), (TABLE, "kind"), (TABLE, "live_at")])
        .from(TABLE)
        .and_where(Expr::col((TABLE, "post_id")).eq(id))
        .and_where(Expr::col((TABLE, "live_at")).is_not_null())
        .order_by((TABLE, "position"), Order::Asc)
        .limit(1)
        .to_owned();
    let Some(row) = db.query_one(&query).await? else { return Ok(None) };
    let (tag, kind, published_at) = row.try_get_many_by_index::<(Uuid, Kind, i64)>()?;
    Ok(Some(Place { tag, kind, here: Position { published_at, id } }))
}

/// The nearest in the list of the tag: older ones going back (`Desc`), or newer ones going on (`Asc`).
async fn beside<C: ConnectionTrait>(db: &C, place: &Place, order: Order, limit: u64) -> Result<Vec<Position>, DbErr> {
    let row = Expr::tuple([Expr::col((TABLE, "live_at")), Expr::col((TABLE, "post_id"))]);
    let here = Expr::tuple([Expr::value(place.here.published_at), Expr::value(place.here.id)]);
    let side = if matches!(order, Order::Desc) { row.lt(here) } else { row.gt(here) };
    let query = Query::select()
        .columns([(TABLE, "live_at"), (TABLE, "post_id")])
        .from(TABLE)
        .and_where(Expr::col((TABLE, "tag_id")).eq(place.tag))
        .and_where(Expr::col((TABLE, "kind")).eq(place.kind))
        .and_where(Expr::col((TABLE, "live_at")).is_not_null())
        .and_where(side)
        .order_by((TABLE, "live_at"), order.clone())
        .order_by((TABLE, "post_id"), order)
        .limit(limit)
        .to_owned();
    let position = |(published_at, id)| Position { published_at, id };
    let rows = db.query_all(&query).await?;
    rows.iter().map(|row| row.try_get_many_by_index::<(i64, Uuid)>().map(position)).collect()
}
