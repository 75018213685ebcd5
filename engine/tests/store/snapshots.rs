//! A snapshot sees one revision, whatever is written meanwhile.

use perennial::content::{database::Database, snapshot::Snapshot};
use sea_orm::ConnectionTrait;

use crate::site::on_each_database;

#[test]
fn a_snapshot_keeps_its_revision() {
    on_each_database(async |site| {
        let before = Snapshot::begin(&site.db.readers).await.unwrap();
        site.db.writer.execute_unprepared("UPDATE site SET revision = revision + 1").await.unwrap();
        let after = Snapshot::begin(&site.db.readers).await.unwrap();
        assert_eq!((before.revision, after.revision), (0, 1));
        assert!(
            before.txn.execute_unprepared("UPDATE site SET revision = 9").await.is_err(),
            "a snapshot cannot write"
        );
    });
}

#[test]
fn opening_twice_changes_nothing() {
    on_each_database(async |site| {
        let secret = site.db.site().await.unwrap().secret;
        assert_eq!(secret.len(), 64);
        let again = Database::open(&site.url, 1).await.unwrap();
        assert_eq!(again.site().await.unwrap().secret, secret);
    });
}
