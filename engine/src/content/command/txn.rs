//! A command's transaction: its connection, and what it will tell the page cache and the audit log.

use std::{collections::BTreeSet, sync::Arc};

use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Who,
    webhook::{self, Deed},
};
use crate::{
    content::{
        change::{Change, Demand, Entity, Revision},
        database::{Database, begin_write},
        error::StoreError,
        permalink::Permalinks,
        span::{Moves, Position},
        tag::CacheTag,
    },
    model::{audit, outbox, site},
};

pub struct Txn {
    txn: DatabaseTransaction,
    /// The revision before this transaction; its row is locked, so that commits are ordered by revision.
    revision: Revision,
    pub permalinks: Arc<Permalinks>,
    pub actor: Who,
    /// Milliseconds since the epoch.
    pub now: i64,
    tags: BTreeSet<CacheTag>,
    moves: Moves,
    gone: BTreeSet<CacheTag>,
    born: Vec<Entity>,
    demand: Option<Demand>,
    deeds: Vec<Deed>,
}

impl Txn {
    pub(super) async fn begin(
        db: &Database,
        permalinks: Arc<Permalinks>,
        actor: Who,
        now: i64,
    ) -> Result<Self, StoreError> {
        let txn = begin_write(&db.writer).await?;
        let site = site::Entity::find_by_id(site::ID).lock_exclusive().one(&txn).await?;
        let revision = site.ok_or_else(|| DbErr::RecordNotFound("site".into()))?.revision;
        let (tags, gone, born, demand, deeds) = Default::default();
        let moves = Moves::At(Vec::new());
        Ok(Self { txn, revision, permalinks, actor, now, tags, moves, gone, born, demand, deeds })
    }

    pub fn db(&self) -> &DatabaseTransaction {
        &self.txn
    }

    /// Something that readers may have seen is different now.
    pub fn tag(&mut self, tag: CacheTag) {
        if tag.is_of_lists() {
            self.moves = Moves::Anywhere;
        }
        self.tags.insert(tag);
    }

    /// A post that readers can see is different now: lists only where it stood or stands.
    pub fn lists(&mut self, tags: BTreeSet<CacheTag>, positions: Vec<Position>) {
        self.tags.extend(tags);
        if let Moves::At(moves) = &mut self.moves {
            moves.extend(positions);
        }
    }

    /// Something may never be shown again.
    pub fn gone(&mut self, tag: CacheTag) {
        self.tags.insert(tag.clone());
        self.gone.insert(tag);
    }

    /// Something may have a page of its own that it had not.
    pub fn born(&mut self, entity: Entity) {
        if !self.born.contains(&entity) {
            self.born.push(entity);
        }
    }

    /// Pages must be made again although nothing changed.
    pub fn demand(&mut self, demand: Demand) {
        self.demand = Some(demand);
    }

    /// Leaves a line for people who want to know what was done, and lets programs know that do.
    pub async fn audit(
        &mut self,
        action: &str,
        entity: &str,
        id: impl ToString,
        detail: Value,
    ) -> Result<(), StoreError> {
        let id = id.to_string();
        self.deeds.push(Deed { action: action.into(), entity: entity.into(), id: id.clone(), detail: detail.clone() });
        audit::Entity::insert(audit::ActiveModel {
            id: Set(Uuid::now_v7()),
            at: Set(self.now),
            actor: Set(self.actor.to_string()),
            action: Set(action.into()),
            entity: Set(entity.into()),
            entity_id: Set(id),
            detail: Set(detail),
        })
        .exec_without_returning(&self.txn)
        .await?;
        Ok(())
    }

    /// Raises the revision and writes the outbox row, when there is something to announce.
    pub(super) async fn record(&mut self) -> Result<Option<Change>, StoreError> {
        if self.tags.is_empty() && self.demand.is_none() {
            return Ok(None);
        }
        let change = Change {
            revision: self.revision + 1,
            tags: std::mem::take(&mut self.tags),
            moves: std::mem::take(&mut self.moves),
            gone: std::mem::take(&mut self.gone),
            born: std::mem::take(&mut self.born),
            demand: self.demand.take(),
        };
        site::Entity::update_many().col_expr(site::Column::Revision, change.revision.into()).exec(&self.txn).await?;
        outbox::Entity::insert(outbox::ActiveModel {
            revision: Set(change.revision),
            tags: Set(serde_json::to_value(&change.tags)?),
            gone: Set(serde_json::to_value(&change.gone)?),
            born: Set(serde_json::to_value(&change.born)?),
            demand: Set(change.demand.as_ref().map(serde_json::to_value).transpose()?),
            at: Set(self.now),
        })
        .exec_without_returning(&self.txn)
        .await?;
        Ok(Some(change))
    }

    pub(super) async fn commit(mut self) -> Result<Option<Change>, StoreError> {
        let change = self.record().await?;
        webhook::enqueue(&self, &self.deeds, change.as_ref().map(|change| change.revision)).await?;
        self.txn.commit().await?;
        Ok(change)
    }

    pub(super) async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.txn.rollback().await?)
    }
}
