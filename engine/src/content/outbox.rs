//! The outbox: the log of committed changes, from which whoever missed an announcement catches up.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    change::{Change, Revision},
    error::StoreError,
    span::Moves,
};
use crate::model::outbox;

/// The changes after `revision`, oldest first, at most `limit`.
pub async fn after<C: ConnectionTrait>(db: &C, revision: Revision, limit: u64) -> Result<Vec<Change>, StoreError> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Revision.gt(revision))
        .order_by_asc(outbox::Column::Revision)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(change).collect()
}

fn change(row: outbox::Model) -> Result<Change, StoreError> {
    Ok(Change {
        revision: row.revision,
        tags: serde_json::from_value(row.tags)?,
        moves: Moves::Anywhere, // As good, and only asks more after a crash.
        gone: serde_json::from_value(row.gone)?,
        born: serde_json::from_value(row.born)?,
        demand: row.demand.map(serde_json::from_value).transpose()?,
    })
}
