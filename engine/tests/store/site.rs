//! A site of its own for each test, on each database that is at hand.

use perennial::content::database::Database;
use sea_orm::{ConnectionTrait, Database as Connect};
use uuid::Uuid;

pub(crate) struct Site {
    pub(crate) url: String,
    pub(crate) db: Database,
    /// Holds the SQLite file.
    _folder: tempfile::TempDir,
}

/// Runs a test on SQLite and, when `PERENNIAL_TEST_POSTGRES` holds the URL of a server, on a new database there.
pub(crate) fn on_each_database<F: Future<Output = ()>>(test: impl Fn(Site) -> F) {
    actix_rt::System::new().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = format!("sqlite://{}", folder.path().join("site.db").display());
        test(Site { db: Database::open(&file, 4).await.unwrap(), url: file, _folder: folder }).await;

        let Ok(server) = std::env::var("PERENNIAL_TEST_POSTGRES") else {
            println!("PostgreSQL skipped: PERENNIAL_TEST_POSTGRES holds no URL");
            return;
        };
        let name = format!("perennial_{}", Uuid::now_v7().simple());
        let admin = Connect::connect(&server).await.unwrap();
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        let db = Database::open(&url, 4).await.unwrap();
        test(Site { db: db.clone(), url, _folder: tempfile::tempdir().unwrap() }).await;
        db.writer.close().await.unwrap();
        db.readers.close().await.unwrap();
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    });
}
