//! No half-dead process: an actor that dies ends the process, so that whoever watches it starts another; a command that
//! panics is answered, and the store goes on.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;

use actix::{Actor, System};
use perennial::{
    cache::{
        keeper::{CacheKeeper, Drain, Inspect},
        pages::Pages,
        state::Limits,
    },
    content::{
        command::{Command, Txn, Who},
        database::Database,
        error::StoreError,
        store::{Apply, ContentStore},
    },
    outbound::{Allowed, Outbound},
    render::{
        answers::Answers,
        renderer::{Renderer, Workshop},
        stage::Stage,
    },
    theme::{Theme, files::Files},
};
use tokio::{runtime::Handle, sync::broadcast};

fn system() -> actix::SystemRunner {
    System::with_tokio_rt(|| {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
    })
}

async fn keeper(database: &Database) -> actix::Addr<CacheKeeper> {
    let workshop = Arc::new(Workshop {
        site_url: "http://site.example".into(),
        readers: database.readers.clone(),
        runtime: Handle::current(),
        answers: Arc::new(Answers::default()),
        inner: Arc::default(),
        outbound: Outbound::new(Allowed::default()).unwrap(),
        quarantine: Arc::default(),
        renders: Default::default(),
    });
    let stage = Arc::new(Stage::build(Theme::read(&Files::built_in("default")).unwrap()).unwrap());
    let limits = Limits { bytes: 1 << 20, renders: 2, not_found: 10, shelf: false };
    let renderer = Renderer::start(1, workshop.clone());
    CacheKeeper::new(limits, 0, Arc::new(Pages::new(stage)), renderer, None, broadcast::channel(10).0, workshop).start()
}

async fn database(folder: &std::path::Path) -> Database {
    Database::open(&format!("sqlite://{}?mode=rwc", folder.join("site.db").display()), 3).await.unwrap()
}

#[test]
fn a_keeper_that_panics_ends_the_process_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let system = system();
    system.block_on(async {
        let keeper = keeper(&database(folder.path()).await).await;
        let answer = keeper.send(Inspect(Box::new(|_, _| -> () { panic!("a bug in the keeper") }))).await;
        assert!(answer.is_err());
    });
    assert_eq!(system.run_with_code().unwrap(), 1);
}

struct Panics;

impl Command for Panics {
    type Output = ();

    async fn run(self, _: &mut Txn) -> Result<(), StoreError> {
        panic!("a bug in a command")
    }
}

#[test]
fn a_command_that_panics_is_answered_and_the_next_one_is_carried_out() {
    let folder = tempfile::tempdir().unwrap();
    system().block_on(async {
        let database = database(folder.path()).await;
        let keeper = keeper(&database).await;
        let store = ContentStore::new(database, Arc::default(), keeper.clone().recipient(), 0).start();
        let answer = store.send(Apply { command: Panics, actor: Who::System }).await.unwrap();
        assert!(matches!(answer, Err(StoreError::Panicked)));
        let fields = Default::default();
        let create = perennial::content::command::post::CreatePost { kind: perennial::model::post::Kind::Post, fields };
        store.send(Apply { command: create, actor: Who::System }).await.unwrap().unwrap();
        keeper.send(Drain).await.unwrap();
    });
}
