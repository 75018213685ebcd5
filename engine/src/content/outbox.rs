//! The outbox: the log of committed changes, from which whoever missed an announcement catches up.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

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

/// From which revision on all changes can still be announced, and up to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    first: Revision,
    newest: Revision,
}

impl Span {
    pub async fn of<C: ConnectionTrait>(db: &C, newest: Revision) -> Result<Self, DbErr> {
        let first = outbox::Entity::find()
            .select_only()
            .column(outbox::Column::Revision)
            .order_by_asc(outbox::Column::Revision)
            .into_tuple()
            .one(db)
            .await?;
        Ok(Self { first: first.unwrap_or(newest + 1), newest })
    }

    /// Whether every change since this revision is known. One from the future is of another history.
    pub fn follows(&self, revision: Revision) -> bool {
        self.first <= revision + 1 && revision <= self.newest
    }
}

/// Drops changes from before `moment` up to `revision`.
pub async fn prune<C: ConnectionTrait>(db: &C, moment: i64, revision: Revision) -> Result<u64, DbErr> {
    // A clock may have been wrong: what is left has no gaps.
    let young: Option<Revision> = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Revision)
        .filter(outbox::Column::At.gte(moment))
        .order_by_asc(outbox::Column::Revision)
        .into_tuple()
        .one(db)
        .await?;
    let last = young.map_or(revision, |young| revision.min(young - 1));
    let old = outbox::Entity::delete_many().filter(outbox::Column::Revision.lte(last));
    Ok(old.exec(db).await?.rows_affected)
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
