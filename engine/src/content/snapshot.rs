//! Snapshots: read-only transactions in which every read sees the site at one revision.

use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait, IsolationLevel, QuerySelect,
    TransactionOptions, TransactionTrait,
};

use super::change::Revision;
use crate::model::site;

/// The site as it was at [`Snapshot::revision`], whatever is written meanwhile. Dropping it ends it.
#[derive(Debug)]
pub struct Snapshot {
    pub txn: DatabaseTransaction,
    pub revision: Revision,
}

impl Snapshot {
    pub async fn begin(readers: &DatabaseConnection) -> Result<Self, DbErr> {
        let options = match readers.get_database_backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..Default::default()
            },
            _ => TransactionOptions::default(),
        };
        let txn = readers.begin_with_options(options).await?;
        // Both databases fix what a transaction sees at its first statement, which is this one.
        let revision = site::Entity::find_by_id(site::ID)
            .select_only()
            .column(site::Column::Revision)
            .into_tuple()
            .one(&txn)
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("site".into()))?;
        Ok(Self { txn, revision })
    }
}
