//! The database: one pool that writes, one that reads, and a schema that is up to date.

use std::{path::Path, time::Duration};

use migrations::{Migrator, MigratorTrait};
use rand::RngCore;
use sea_orm::{
    ActiveValue::Set,
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sea_query::{OnConflict, Query},
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use uuid::Uuid;

use super::settings::ACTIVE_THEME;
use crate::model::{setting, site};

/// How long a writer waits for another process before it gives up.
const BUSY: Duration = Duration::from_secs(5);

/// Whoever holds this PostgreSQL advisory lock migrates; the others wait and find nothing left to do.
const MIGRATION_LOCK: i64 = 0x7065_7265_6e6e_6961;

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error("the database at {url} cannot be opened: {problem}")]
    Open { url: String, problem: String },
    #[error("the database's schema cannot be brought up to date: {0}")]
    Migrate(DbErr),
}

/// Handles to one database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    /// On SQLite a single connection: writes queue here and never meet each other.
    pub writer: DatabaseConnection,
    pub readers: DatabaseConnection,
}

impl Database {
    /// Opens `sqlite://…` or `postgres://…` and brings the schema up to date, one process at a time.
    pub async fn open(url: &str, readers: u32) -> Result<Self, DatabaseError> {
        let failed = |error: DbErr| failed(url, &error);
        let writers = if url.starts_with("sqlite:") { 1 } else { 4 };
        let writer = connect(url, writers, false).await.map_err(failed)?;
        migrate(&writer).await.map_err(DatabaseError::Migrate)?;
        let readers = connect(url, readers, true).await.map_err(failed)?;
        Ok(Self { writer, readers })
    }

    /// A new one that is gone when it is closed. It has one connection, so whoever reads and writes takes turns.
    pub async fn in_memory() -> Result<Self, DatabaseError> {
        let url = "sqlite::memory:";
        let only = connect(url, 1, false).await.map_err(|error| failed(url, &error))?;
        migrate(&only).await.map_err(DatabaseError::Migrate)?;
        Ok(Self { writer: only.clone(), readers: only })
    }

    /// The row that counts changes.
    pub async fn site(&self) -> Result<site::Model, DbErr> {
        let row = site::Entity::find_by_id(site::ID).one(&self.readers).await?;
        row.ok_or_else(|| DbErr::RecordNotFound("site".into()))
    }
}

/// A database as it is, without anything being changed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    pub revision: i64,
    /// Steps of the schema that it has taken, and those that this program knows.
    pub steps: (usize, usize),
    /// The theme that was activated in the admin.
    pub theme: Option<String>,
}

/// Looks at a database; `None` when there is no file yet.
pub async fn look(url: &str) -> Result<Option<Looked>, DatabaseError> {
    if file_of(url).is_some_and(|file| !file.exists()) {
        return Ok(None);
    }
    let looked = async {
        let db = connect(url, 1, true).await?;
        let revision = site::Entity::find_by_id(site::ID).one(&db).await?.map_or(0, |site| site.revision);
        let query = Query::select().column("version").from("seaql_migrations").to_owned();
        let taken = db.query_all(&query).await?.len();
        let theme = setting::Entity::find_by_id(ACTIVE_THEME).one(&db).await?;
        let theme = theme.and_then(|row| row.value.as_str().map(str::to_owned));
        db.close().await?;
        Ok(Looked { revision, steps: (taken, Migrator::migrations().len()), theme })
    };
    looked.await.map(Some).map_err(|error| failed(url, &error))
}

/// The file of an SQLite database.
pub fn file_of(url: &str) -> Option<&Path> {
    url.strip_prefix("sqlite://")?.split('?').next().map(Path::new)
}

fn failed(url: &str, error: &DbErr) -> DatabaseError {
    let shown = without_password(url);
    let problem = error.to_string().replace(url, &shown);
    DatabaseError::Open { url: shown, problem }
}

/// Begins a transaction that will write. On SQLite it takes the write lock at once: a transaction that reads first and
/// asks for the lock later fails when another process wrote in between, however long it would wait.
pub(super) async fn begin_write(writer: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    writer.begin_with_options(options).await
}

async fn connect(url: &str, connections: u32, read_only: bool) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).sqlx_logging(false).map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .create_if_missing(!read_only)
            .pragma("query_only", if read_only { "on" } else { "off" })
    });
    sea_orm::Database::connect(options).await
}

async fn migrate(writer: &DatabaseConnection) -> Result<(), DbErr> {
    let txn = begin_write(writer).await?;
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    }
    Migrator::up(&txn, None).await?;
    let mut secret = [0; 32];
    rand::rng().fill_bytes(&mut secret);
    site::Entity::insert(site::ActiveModel {
        id: Set(site::ID),
        revision: Set(0),
        site_uuid: Set(Uuid::new_v4()),
        secret: Set(blake3::Hash::from_bytes(secret).to_hex().to_string()),
    })
    .on_conflict(OnConflict::column(site::Column::Id).do_nothing().to_owned())
    .exec_without_returning(&txn)
    .await?;
    txn.commit().await
}

/// The URL as it may be shown.
fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn an_error_never_shows_the_password() {
        assert_eq!(without_password("postgres://me:s3c@ret@db/site"), "postgres://…@db/site");
        assert_eq!(without_password("sqlite://data/site.db"), "sqlite://data/site.db");
    }
}
