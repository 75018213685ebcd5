//! A site of its own for each test, on each database that is at hand.

use std::{cell::Cell, collections::BTreeSet, sync::Arc};

use perennial::content::{
    ask::ask,
    command::{
        self, Applied, Command, Who,
        post::{CreatePost, PostPatch, Publish, SavePost},
    },
    database::Database,
    error::StoreError,
    permalink::Permalinks,
    read::{Answered, Key, Kind, Post, Read},
};
use sea_orm::{ConnectionTrait, Database as Connect};
use uuid::Uuid;

/// A quarter past ten on 25 November 2026; each command of a test comes a second after the one before.
pub(crate) const START: i64 = 1_795_601_700_000;

pub(crate) struct Site {
    pub(crate) url: String,
    pub(crate) db: Database,
    pub(crate) permalinks: Permalinks,
    clock: Cell<i64>,
    /// Holds the SQLite file.
    _folder: tempfile::TempDir,
}

/// Runs a test on SQLite.
pub(crate) fn on_sqlite(test: impl AsyncFn(Site)) {
    actix_rt::System::new().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = format!("sqlite://{}", folder.path().join("site.db").display());
        test(Site::open(file, folder).await).await;
    });
}

/// Runs a test on SQLite and, when `PERENNIAL_TEST_POSTGRES` holds the URL of a server, on a new database there.
pub(crate) fn on_each_database(test: impl AsyncFn(Site)) {
    on_sqlite(&test);
    let Ok(server) = std::env::var("PERENNIAL_TEST_POSTGRES") else {
        println!("skipped: no PostgreSQL");
        return;
    };
    actix_rt::System::new().block_on(async {
        let name = format!("perennial_{}", Uuid::now_v7().simple());
        let admin = Connect::connect(&server).await.unwrap();
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        let site = Site::open(url, tempfile::tempdir().unwrap()).await;
        let db = site.db.clone();
        test(site).await;
        db.writer.close().await.unwrap();
        db.readers.close().await.unwrap();
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    });
}

impl Site {
    async fn open(url: String, folder: tempfile::TempDir) -> Self {
        let db = Database::open(&url, 4).await.unwrap();
        Self { url, db, permalinks: Permalinks::default(), clock: Cell::new(START), _folder: folder }
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.get()
    }

    pub(crate) async fn try_apply<C: Command>(&self, command: C) -> Result<Applied<C::Output>, StoreError> {
        self.clock.set(self.clock.get() + 1_000);
        command::apply(&self.db, Arc::new(self.permalinks.clone()), Who::CommandLine, self.now(), command).await
    }

    pub(crate) async fn apply<C: Command>(&self, command: C) -> C::Output {
        self.try_apply(command).await.unwrap().output
    }

    /// The tags that a command announces.
    pub(crate) async fn tags<C: Command>(&self, command: C) -> BTreeSet<String> {
        let change = self.try_apply(command).await.unwrap().change;
        change.map(|change| change.tags.iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    /// The code of the error with which a command is refused.
    pub(crate) async fn refused<C: Command>(&self, command: C) -> &'static str {
        let Err(error) = self.try_apply(command).await else { panic!("the command was not refused") };
        error.code()
    }

    pub(crate) async fn ask(&self, read: &Read) -> Answered {
        ask(&self.db.readers, read).await.unwrap()
    }

    pub(crate) async fn draft(&self, fields: PostPatch) -> Uuid {
        self.apply(CreatePost { kind: Kind::Post, fields }).await
    }

    pub(crate) async fn published(&self, fields: PostPatch) -> Uuid {
        let id = self.draft(fields).await;
        self.apply(publish(id)).await;
        id
    }

    /// What readers see of a post.
    pub(crate) async fn public(&self, id: Uuid) -> Option<Arc<Post>> {
        let read = Read::Post { kind: Kind::Post, by: Key::Id(id) };
        let perennial::content::read::Answer::Post(post) = self.ask(&read).await.answer else { panic!("not a post") };
        post
    }

    pub(crate) async fn revision(&self) -> i64 {
        self.db.site().await.unwrap().revision
    }
}

pub(crate) fn titled(title: &str) -> PostPatch {
    PostPatch { title: Some(title.into()), ..Default::default() }
}

pub(crate) fn tagged(title: &str, tags: &[&str]) -> PostPatch {
    PostPatch { tags: Some(tags.iter().map(ToString::to_string).collect()), ..titled(title) }
}

pub(crate) fn publish(id: Uuid) -> Publish {
    Publish { id, expected: None }
}

pub(crate) fn save(id: Uuid, fields: PostPatch) -> SavePost {
    SavePost { id, expected: None, fields }
}

/// The tags as a set to compare with.
pub(crate) fn set<const N: usize>(tags: [String; N]) -> BTreeSet<String> {
    tags.into_iter().collect()
}
