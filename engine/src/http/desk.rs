//! The desk: what request handlers reach the rest of the engine with.

use std::{future::Future, path::PathBuf, sync::Arc};

use actix::Addr;
use arc_swap::ArcSwap;
use sea_orm::DatabaseConnection;
use tokio::runtime::Handle;

use crate::{
    cache::{event::Events, keeper::CacheKeeper, pages::Pages, shelf::Shelf},
    config::Setting,
    content::{permalink::Permalinks, store::ContentStore, time::Time},
    import::importer::Importer,
    render::{offstage::Offstage, renderer::Renderer},
    theme::collection::Collection,
};

use super::{tally::Tally, variants::Variants};

/// Shared by all web workers.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Where database work runs: a worker's own runtime must never touch a connection.
    pub runtime: Handle,
    pub readers: DatabaseConnection,
    pub store: Addr<ContentStore>,
    pub keeper: Addr<CacheKeeper>,
    pub renderer: Addr<Renderer>,
    pub pages: Arc<Pages>,
    pub shelf: Option<Shelf>,
    /// Where posts, tags and authors are, for whoever writes redirects.
    pub permalinks: Arc<ArcSwap<Permalinks>>,
    /// Stages that readers do not see, with assets that browsers may ask for.
    pub offstage: Arc<Offstage>,
    pub events: Events,
    pub tally: Tally,
    /// Without a trailing slash.
    pub site_url: Arc<str>,
    pub media: PathBuf,
    pub variants: Variants,
    pub importer: Importer,
    pub themes: Collection,
    /// What the server was started with.
    pub settings: Arc<[Setting]>,
    pub started_at: Time,
    /// The word in the link that sets up the owner, as long as there is none.
    pub setup_token: Arc<str>,
}

impl Desk {
    /// Runs work that reads the database on the runtime that owns its connections.
    pub async fn read<T, F>(&self, work: impl FnOnce(DatabaseConnection) -> F) -> Result<T, tokio::task::JoinError>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        self.runtime.spawn(work(self.readers.clone())).await
    }
}
