//! An import from the folder to the database: what is here afterwards, however often and however broken it ran.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use perennial::{
    content::{database::Database, permalink::Permalinks},
    import::{
        apply::{Destination, Store},
        report::{Report, Totals},
        tree::Tree,
    },
    model::{media, post, redirect},
};
use sea_orm::EntityTrait;

/// 2027-01-01.
const NOW: i64 = 1_798_761_600_000;

/// A site with nothing in it.
struct Site {
    folder: tempfile::TempDir,
    db: Database,
}

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("site.db").display());
        Self { db: Database::open(&url, 2).await.unwrap(), folder }
    }

    fn media(&self) -> PathBuf {
        self.folder.path().join("media")
    }

    async fn import(&self, tree: &Tree, dry_run: bool) -> Report {
        let media = self.media();
        let permalinks = Arc::new(Permalinks::default());
        let destination = Destination {
            store: Store::Own(&self.db),
            readers: &self.db.readers,
            permalinks,
            media: &media,
            now: NOW,
            dry_run,
        };
        destination.import(tree, |_, _, _| {}).await.unwrap()
    }

    /// All that readers and editors could tell apart.
    async fn content(&self) -> BTreeMap<String, String> {
        let mut content = BTreeMap::new();
        for post in post::Entity::find().all(&self.db.readers).await.unwrap() {
            let face =
                (post.kind, post.status, post.slug, post.path, post.title, post.html, post.published_at, post.version);
            content.insert(format!("post {}", post.source.unwrap()), format!("{face:?}"));
        }
        for redirect in redirect::Entity::find().all(&self.db.readers).await.unwrap() {
            content.insert(format!("redirect {}", redirect.from_path), redirect.to_path);
        }
        for file in media::Entity::find().all(&self.db.readers).await.unwrap() {
            let stored = fs::read(self.media().join(&file.storage_key)).unwrap();
            assert_eq!(blake3::hash(&stored).to_hex().to_string(), file.hash);
            content.insert(format!("media {}", file.storage_key), format!("{:?} {:?}", file.width, file.mime));
        }
        content
    }

    async fn revision(&self) -> i64 {
        self.db.site().await.unwrap().revision
    }
}

fn tree(name: &str) -> Tree {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/import").join(name);
    Tree::open(&folder, None).unwrap()
}

/// The outcome of a report without what a dry run cannot have: having been real.
fn outcome(report: &Report) -> (Totals, String) {
    (report.totals.clone(), serde_json::to_string(&report.items).unwrap())
}

#[tokio::test]
async fn what_was_there_is_here() {
    let site = Site::new().await;
    let report = site.import(&tree("zola"), false).await;
    assert_eq!((report.totals.created, report.totals.failed, report.totals.media), (5, 0, 2), "{report}");
    let content = site.content().await;
    assert_eq!(content["redirect /2020/03/04/First.Post.html"], "/2020/03/04/First.Post/");
    assert!(content.keys().any(|key| key.starts_with("media ") && key.ends_with("/cat.png")), "{content:#?}");
    assert!(content["post zola:content/first.md"].contains("<img src=\\\"/media/"));
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let site = Site::new().await;
    for name in ["zola", "hugo", "jekyll"] {
        site.import(&tree(name), false).await;
    }
    let (content, revision) = (site.content().await, site.revision().await);
    for name in ["zola", "hugo", "jekyll"] {
        let report = site.import(&tree(name), false).await;
        assert_eq!(report.totals.created + report.totals.updated + report.totals.kept, 0, "{:#?}", report.items);
    }
    assert_eq!(site.content().await, content);
    assert_eq!(site.revision().await, revision);
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_knows_the_outcome() {
    let site = Site::new().await;
    for name in ["zola", "hugo", "jekyll"] {
        let revision = site.revision().await;
        let before = site.content().await;
        let dry = site.import(&tree(name), true).await;
        assert_eq!((site.content().await, site.revision().await), (before, revision));
        let real = site.import(&tree(name), false).await;
        assert_eq!(outcome(&dry), outcome(&real), "{name}");
    }
    assert!(site.media().exists());
}

#[tokio::test]
async fn an_import_that_was_killed_goes_on_where_it_was() {
    let (whole, tree) = (Site::new().await, tree("zola"));
    whole.import(&tree, false).await;
    let whole = whole.content().await;
    let mut broken_midway = 0;
    for steps in (0..240).step_by(20) {
        let site = Site::new().await;
        abandon_after(steps, site.import(&tree, false)).await;
        broken_midway += usize::from((1..whole.len()).contains(&site.content().await.len()));
        site.import(&tree, false).await;
        assert_eq!(site.content().await, whole, "after {steps} steps");
    }
    assert!(broken_midway > 2, "{broken_midway}");
}

/// Drops a future after it has been waited for a number of times: whatever it was about to do does not happen.
async fn abandon_after<F: Future>(steps: usize, future: F) {
    let mut future = Box::pin(future);
    let mut polls = 0;
    std::future::poll_fn(|context| {
        polls += 1;
        match future.as_mut().poll(context) {
            std::task::Poll::Pending if polls <= steps => std::task::Poll::Pending,
            _ => std::task::Poll::Ready(()),
        }
    })
    .await;
}

#[tokio::test]
async fn what_an_editor_changed_stays() {
    let site = Site::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("note.md");
    fs::write(&file, "---\ntitle: Note\ndate: 2020-01-01\n---\nOld text.\n").unwrap();
    let import = async || site.import(&Tree::open(folder.path(), None).unwrap(), false).await;
    import().await;
    fs::write(&file, "---\ntitle: Note\ndate: 2020-01-01\n---\nNew text.\n").unwrap();
    assert_eq!(import().await.totals.updated, 1);
    assert!(site.content().await.values().any(|post| post.contains("New text.")));
}

#[tokio::test]
async fn a_real_site_arrives_whole() {
    let Some(corpus) = std::env::var_os("PERENNIAL_CORPUS").map(PathBuf::from) else {
        println!("skipped: no corpus");
        return;
    };
    let tree = Tree::open(&corpus.join("md-zola-rust-blog"), None).unwrap();
    let site = Site::new().await;
    let report = site.import(&tree, false).await;
    assert_eq!((report.totals.created, report.totals.failed), (750, 0), "{report}");
    let redirects = redirect::Entity::find().all(&site.db.readers).await.unwrap();
    assert_eq!(redirects.len(), 740);
    let again = site.import(&tree, false).await;
    assert_eq!((again.totals.unchanged, again.totals.failed), (750, 0), "{again}");
}
