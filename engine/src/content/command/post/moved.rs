//! What happens to the paths of something that moved: the old ones lead to the new one, in one step.

use sea_orm::EntityTrait as _;
use uuid::Uuid;

use crate::{
    content::{
        ask::ask,
        change::Entity,
        command::{Txn, redirect},
        error::StoreError,
        read::{Answer, Fields, Filter, Key, Kind, Limit, Order, PageNumber, Read, Window},
        tag::CacheTag,
    },
    model::redirect::{self as row, Origin},
};

/// Leads readers of `from` to `to`, and those of all paths that led to `from`. Nothing can lead in a circle: what is read
/// at `to` leads nowhere else any more.
pub(in crate::content::command) async fn moved(txn: &mut Txn, from: &str, to: &str) -> Result<(), StoreError> {
    freed(txn, to).await?;
    redirect::put(txn, from, to, 308, Origin::Auto).await
}

/// A path where something is read now leads nowhere else.
pub(in crate::content::command) async fn freed(txn: &mut Txn, path: &str) -> Result<(), StoreError> {
    if row::Entity::delete_by_id(path).exec(txn.db()).await?.rows_affected > 0 {
        txn.tag(CacheTag::path(path));
    }
    Ok(())
}

/// Where posts are read, before something that their paths may be made of changes.
pub(in crate::content::command) struct Paths(Vec<(Uuid, String)>);

/// The paths of the posts in a list; of none, when paths are not made of what is about to change.
pub(in crate::content::command) async fn paths(
    txn: &Txn,
    concerned: bool,
    filter: &Filter,
) -> Result<Paths, StoreError> {
    if !concerned {
        return Ok(Paths(Vec::new()));
    }
    let window = Window {
        filter: filter.clone(),
        order: Order::NewestFirst,
        limit: Limit::Posts(u32::MAX),
        page: PageNumber::FromFirst(1),
        fields: Fields::Dates,
    };
    let Answer::Dates(dates) = ask(txn.db(), &Read::Posts(window)).await?.answer else {
        return Ok(Paths(Vec::new()));
    };
    Ok(Paths(dates.iter().map(|dated| (dated.id, txn.permalinks.post(dated))).collect()))
}

/// Leads readers from where posts were to where they are.
pub(in crate::content::command) async fn follow(txn: &mut Txn, Paths(before): Paths) -> Result<(), StoreError> {
    for (id, from) in before {
        let read = Read::Post { kind: Kind::Post, by: Key::Id(id) };
        let Answer::Post(Some(post)) = ask(txn.db(), &read).await?.answer else { continue };
        let to = txn.permalinks.post(&*post);
        if to != from {
            moved(txn, &from, &to).await?;
            txn.born(Entity::Post(id));
        }
    }
    Ok(())
}
