//! Imports that a running server does for its editors: a ZIP file is looked through first, and brought in when they say so. One at a time.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use actix::Addr;
use anyhow::anyhow;
use arc_swap::ArcSwap;
use sea_orm::DatabaseConnection;
use serde::Serialize;
use tokio::runtime::Handle;

use super::{
    apply::{Destination, Part, Store},
    package::Package,
    report::Report,
    tree::Tree,
};
use crate::{
    archive::{Limits, Temporary},
    content::{command::Who, error::StoreError, permalink::Permalinks, store::ContentStore, time::Time},
};

/// What a file may unpack to.
const LIMITS: Limits = Limits { files: 200_000, bytes: 8_000_000_000 };

const BUSY: &str = "An import is under way. Wait until it is done.";
const NOTHING: &str = "There is nothing to import. Send a file first.";

#[derive(Clone, Debug)]
pub struct Importer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Where database work runs.
    runtime: Handle,
    readers: DatabaseConnection,
    store: Addr<ContentStore>,
    permalinks: Arc<ArcSwap<Permalinks>>,
    media: PathBuf,
    /// Where files arrive and are unpacked.
    room: PathBuf,
    state: Mutex<State>,
}

/// How far an import is.
#[derive(Debug, Default)]
pub struct State {
    pub step: Step,
    /// What the file is called.
    pub name: String,
    pub part: Option<Part>,
    pub done: usize,
    pub total: usize,
    /// What would become of each file, or became of it.
    pub report: Option<Report>,
    pub problem: Option<String>,
    /// What is to be brought in.
    package: Option<Package>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportStep)]
pub enum Step {
    /// Nothing is to be imported.
    #[default]
    Idle,
    /// It is found out what would come in.
    Looking,
    /// Somebody has to say whether it shall.
    Ready,
    Running,
    Done,
    Failed,
}

impl State {
    /// Whether there is something to bring in.
    pub fn can_run(&self) -> bool {
        self.package.is_some()
    }
}

impl Importer {
    /// `room` is emptied: what an earlier process left there is of no use.
    pub fn new(
        readers: DatabaseConnection,
        store: Addr<ContentStore>,
        permalinks: Arc<ArcSwap<Permalinks>>,
        media: &Path,
        room: PathBuf,
    ) -> Self {
        let _ = fs::remove_dir_all(&room); // There is none, as a rule.
        let (runtime, media, state) = (Handle::current(), media.to_owned(), Mutex::default());
        Self(Arc::new(Inner { runtime, readers, store, permalinks, media, room, state }))
    }

    /// Where a file may arrive.
    pub fn room(&self) -> &Path {
        &self.0.room
    }

    /// Shows how far the import is.
    pub fn see<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state())
    }

    /// Looks through a file. What was there before is forgotten.
    pub fn look(&self, file: Temporary, name: String, actor: Who) -> Result<(), StoreError> {
        self.begin(|state| {
            *state = State { step: Step::Looking, name: name.clone(), ..State::default() };
            Ok(())
        })?;
        let own = self.clone();
        thread::spawn(move || {
            let looked = caught(|| {
                let package = Package::unpack(&file.0, &name, own.room(), LIMITS)?;
                Ok((own.import(&package, actor, true)?, package))
            });
            drop(file);
            let mut state = own.state();
            match looked {
                Ok((report, package)) => {
                    (state.step, state.report, state.package) = (Step::Ready, Some(report), Some(package));
                }
                Err(error) => (state.step, state.problem) = (Step::Failed, Some(format!("{error:#}"))),
            }
        });
        Ok(())
    }

    /// Brings in what was looked through, then does `after`.
    pub fn run(&self, actor: Who, after: impl FnOnce(&Handle) + Send + 'static) -> Result<(), StoreError> {
        let package = self.begin(|state| {
            let package = state.package.take().ok_or(StoreError::WrongState(NOTHING))?;
            let name = std::mem::take(&mut state.name);
            *state = State { step: Step::Running, name, ..State::default() };
            Ok(package)
        })?;
        let own = self.clone();
        thread::spawn(move || {
            let ran = caught(|| own.import(&package, actor, false));
            match ran {
                Ok(report) => {
                    // Before anybody is told: what is done leaves nothing behind.
                    drop(package);
                    let mut state = own.state();
                    (state.step, state.report) = (Step::Done, Some(report));
                }
                Err(error) => {
                    let mut state = own.state();
                    (state.step, state.problem) = (Step::Failed, Some(format!("{error:#}")));
                    // What came in is known and left alone the next time.
                    state.package = Some(package);
                }
            }
            after(&own.0.runtime);
        });
        Ok(())
    }

    /// Forgets what was looked through.
    pub fn forget(&self) -> Result<(), StoreError> {
        self.begin(|state| {
            *state = State::default();
            Ok(())
        })
    }

    fn import(&self, package: &Package, actor: Who, dry_run: bool) -> anyhow::Result<Report> {
        let tree = Tree::open(&package.folder, None)?;
        let inner = &self.0;
        let destination = Destination {
            store: Store::Running(&inner.store, actor),
            readers: &inner.readers,
            permalinks: inner.permalinks.load_full(),
            media: &inner.media,
            now: Time::now().0,
            dry_run,
        };
        let progress = |part, done, total| {
            let mut state = self.state();
            (state.part, state.done, state.total) = (Some(part), done, total);
        };
        Ok(inner.runtime.block_on(destination.import(&tree, progress))?)
    }

    fn begin<T>(&self, change: impl FnOnce(&mut State) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut state = self.state();
        match state.step {
            Step::Looking | Step::Running => Err(StoreError::WrongState(BUSY)),
            Step::Idle | Step::Ready | Step::Done | Step::Failed => change(&mut state),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever waits is told how it ended, whatever happens.
fn caught<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let broke_off = |_| Err(anyhow!("Something went wrong inside Perennial; the log says more."));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(broke_off)
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    fn work_that_breaks_off_ends() {
        let ended = caught::<()>(|| std::panic::resume_unwind(Box::new("broken")));
        assert!(ended.unwrap_err().to_string().contains("the log says more"));
    }
}
