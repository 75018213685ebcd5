//! What is due: posts whose time to be published, or to be taken back, has come.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use serde_json::json;
use uuid::Uuid;

use super::{Publish, Unpublish};
use crate::{
    content::{
        command::{Command, Txn},
        error::StoreError,
        time::Time,
    },
    model::{
        expiry,
        post::{self, Status},
    },
};

/// What happens more than this many milliseconds after its time is on record as late.
const LATE: i64 = 5_000;

/// A post that is published or taken back because its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub id: Uuid,
    /// Whoever changes the post meanwhile, another instance perhaps, comes first.
    pub version: i64,
    pub turn: Turn,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// When it was last edited: what was planned for a time that had passed is not late.
    edited_at: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Publish,
    Unpublish,
}

/// A post as it is since its time came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turned {
    pub id: Uuid,
    pub version: i64,
    pub status: Status,
}

impl Due {
    /// By how many seconds this happens too late, if it does.
    pub fn late(&self, now: i64) -> Option<i64> {
        let late = now - Ord::max(self.at, self.edited_at);
        (late > LATE).then_some(late / 1000)
    }
}

impl Command for Due {
    type Output = Turned;

    async fn run(self, txn: &mut Txn) -> Result<Turned, StoreError> {
        let (id, expected) = (self.id, Some(self.version));
        match self.turn {
            Turn::Publish => Publish { id, expected }.run(txn).await?,
            Turn::Unpublish => Unpublish { id, expected }.run(txn).await?,
        }
        if let Some(seconds) = self.late(txn.now) {
            txn.audit("late", "post", id, json!({ "due": Time(self.at), "seconds": seconds })).await?;
        }
        let row: Option<(i64, Status)> = post::Entity::find_by_id(id)
            .select_only()
            .columns([post::Column::Version, post::Column::Status])
            .into_tuple()
            .one(txn.db())
            .await?;
        let (version, status) = row.ok_or(StoreError::NotFound("post"))?;
        Ok(Turned { id, version, status })
    }
}

/// What is due, the longest overdue first. What ends comes before what begins: a post whose whole time has passed is
/// never shown.
pub(in crate::content) async fn due<C: ConnectionTrait>(db: &C, now: i64) -> Result<Vec<Due>, StoreError> {
    let ending = Query::select()
        .columns([("post", "id"), ("post", "version"), ("expiry", "at"), ("post", "edited_at")])
        .from("expiry")
        .inner_join("post", Expr::col(("post", "id")).equals(("expiry", "post_id")))
        .and_where(Expr::col(("expiry", "at")).lte(now))
        .order_by(("expiry", "at"), Order::Asc)
        .to_owned();
    let beginning = Query::select()
        .columns(["id", "version", "publish_at", "edited_at"])
        .from("post")
        .and_where(Expr::col("status").eq(Status::Scheduled))
        .and_where(Expr::col("publish_at").lte(now))
        .order_by("publish_at", Order::Asc)
        .to_owned();
    let mut found: Vec<Due> = Vec::new();
    for (query, turn) in [(ending, Turn::Unpublish), (beginning, Turn::Publish)] {
        for row in db.query_all(&query).await? {
            let (id, version, at, edited_at) = row.try_get_many_by_index::<(Uuid, i64, i64, i64)>()?;
            if found.iter().all(|due| due.id != id) {
                found.push(Due { id, version, turn, at, edited_at });
            }
        }
    }
    Ok(found)
}

/// When something is due next.
pub(in crate::content) async fn next_due<C: ConnectionTrait>(db: &C, now: i64) -> Result<Option<i64>, StoreError> {
    let ends: Option<i64> = expiry::Entity::find()
        .select_only()
        .column(expiry::Column::At)
        .filter(expiry::Column::At.gt(now))
        .order_by_asc(expiry::Column::At)
        .into_tuple()
        .one(db)
        .await?;
    let begins: Option<Option<i64>> = post::Entity::find()
        .select_only()
        .column(post::Column::PublishAt)
        .filter(post::Column::Status.eq(Status::Scheduled))
        .filter(post::Column::PublishAt.gt(now))
        .order_by_asc(post::Column::PublishAt)
        .into_tuple()
        .one(db)
        .await?;
    Ok([ends, begins.flatten()].into_iter().flatten().min())
}
