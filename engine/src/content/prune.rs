//! Pruning: what the logs need not keep for ever.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, sea_query::ExprTrait};

use super::{change::Revision, database::Database, outbox};
use crate::model::{audit, delivery};

const DAY: i64 = 86_400_000;

/// A change is announced to a process that starts with older pages: so long, and for so many of the newest.
const CHANGES: (i64, Revision) = (30 * DAY, 10_000);

/// Who did what is kept for a year, and a month to look back on it.
const DEEDS: i64 = 400 * DAY;

/// What became of messages to webhooks.
const DELIVERIES: i64 = 30 * DAY;

/// What was dropped, in lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    pub changes: u64,
    pub deeds: u64,
    pub deliveries: u64,
}

/// Drops what is too old at `now`, in milliseconds since the epoch.
pub async fn prune(db: &Database, now: i64) -> Result<Pruned, DbErr> {
    let (age, kept) = CHANGES;
    let newest = db.site().await?.revision;
    let changes = outbox::prune(&db.writer, now - age, newest - kept).await?;
    let deeds = audit::Entity::delete_many().filter(audit::Column::At.lt(now - DEEDS)).exec(&db.writer).await?;
    let old = delivery::Column::CreatedAt.lt(now - DELIVERIES).and(delivery::Column::NextAt.is_null());
    let deliveries = delivery::Entity::delete_many().filter(old).exec(&db.writer).await?;
    Ok(Pruned { changes, deeds: deeds.rows_affected, deliveries: deliveries.rows_affected })
}
