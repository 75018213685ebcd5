//! The store tells the page cache about every change, in order, exactly once.

use std::sync::{Arc, Mutex};

use actix::{Actor, Addr, Context, Handler};
use arc_swap::ArcSwap;
use perennial::content::{
    change::{Change, Changed},
    command::{Command, Txn, Who, post::CreatePost},
    error::StoreError,
    read::Kind,
    store::{Apply, CatchUp, ContentStore, Drain},
    tag::CacheTag,
};

use crate::site::{Site, on_each_database, publish, titled};

/// A page cache that only listens.
#[derive(Default)]
struct Listener(Arc<Mutex<Vec<Change>>>);

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Handler<Changed> for Listener {
    type Result = ();

    fn handle(&mut self, Changed(change): Changed, _: &mut Self::Context) {
        self.0.lock().unwrap().push(change);
    }
}

pub(crate) struct Running {
    pub(crate) store: Addr<ContentStore>,
    heard: Arc<Mutex<Vec<Change>>>,
}

impl Running {
    pub(crate) fn start(site: &Site, announced: i64) -> Self {
        let listener = Listener::default();
        let heard = listener.0.clone();
        let permalinks = Arc::new(ArcSwap::from_pointee(site.permalinks.clone()));
        let cache = listener.start().recipient();
        Self { store: ContentStore::new(site.db.clone(), permalinks, cache, announced).start(), heard }
    }

    async fn apply<C: Command>(&self, command: C) -> Result<C::Output, StoreError> {
        self.store.send(Apply { command, actor: Who::System }).await.unwrap().map(|applied| applied.output)
    }

    pub(crate) fn revisions(&self) -> Vec<i64> {
        self.heard.lock().unwrap().iter().map(|change| change.revision).collect()
    }

    pub(crate) async fn end(self) {
        self.store.send(Drain).await.unwrap();
    }
}

#[test]
fn an_answer_comes_after_its_announcement() {
    on_each_database(async |site| {
        let running = Running::start(&site, 0);
        let id = running.apply(CreatePost { kind: Kind::Post, fields: titled("Hello") }).await.unwrap();
        assert!(running.revisions().is_empty(), "a draft is nobody's business");
        running.apply(publish(id)).await.unwrap();
        assert_eq!(running.revisions(), [1]);
        running.end().await;
    });
}

#[test]
fn what_a_crash_kept_back_is_announced_at_the_next_start() {
    on_each_database(async |site| {
        site.published(titled("One")).await;
        site.published(titled("Two")).await;
        let running = Running::start(&site, 1);
        running.store.send(CatchUp).await.unwrap();
        assert_eq!(running.revisions(), [2], "the first was announced before");
        assert!(running.heard.lock().unwrap()[0].tags.contains(&CacheTag::slug("post", "two")));
        running.end().await;
    });
}

#[test]
fn a_change_of_another_process_goes_first() {
    on_each_database(async |site| {
        let running = Running::start(&site, 0);
        running.store.send(CatchUp).await.unwrap();
        let mine = running.apply(CreatePost { kind: Kind::Post, fields: titled("Mine") }).await.unwrap();
        site.published(titled("Theirs")).await;
        running.apply(publish(mine)).await.unwrap();
        assert_eq!(running.revisions(), [1, 2]);
        running.store.send(CatchUp).await.unwrap();
        assert_eq!(running.revisions(), [1, 2], "nothing is announced twice");
        running.end().await;
    });
}

struct Panics;

impl Command for Panics {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        txn.tag(CacheTag::settings());
        panic!("a bug");
    }
}

struct Fails;

impl Command for Fails {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        txn.tag(CacheTag::settings());
        txn.audit("fail", "test", "", serde_json::Value::Null).await?;
        Err(StoreError::NotFound("reason"))
    }
}

#[test]
fn a_command_that_fails_or_panics_changes_nothing_and_stops_nobody() {
    on_each_database(async |site| {
        let running = Running::start(&site, 0);
        assert_eq!(running.apply(Panics).await.unwrap_err().code(), "internal");
        assert_eq!(running.apply(Fails).await.unwrap_err().code(), "not_found");
        assert_eq!(site.revision().await, 0);
        let lines = perennial::content::library::audit(&site.db.readers, &Default::default()).await.unwrap();
        assert_eq!(lines.total, 0);
        let id = running.apply(CreatePost { kind: Kind::Post, fields: titled("Hello") }).await.unwrap();
        running.apply(publish(id)).await.unwrap();
        assert_eq!(running.revisions(), [1]);
        running.end().await;
    });
}
