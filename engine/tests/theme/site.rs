//! A site of its own for each test, and its pages as the renderer makes them.

use std::sync::{Arc, atomic::AtomicU64};

use actix::Addr;
use perennial::{
    content::{
        command::{
            Command, Txn, Who, apply,
            post::{ImportPost, ImportTerm},
        },
        database::Database,
        error::StoreError,
        read::Kind,
    },
    outbound::{Allowed, Outbound},
    render::{
        answers::Answers,
        key::PageKey,
        renderer::{Render, Rendered, Renderer, Verify, Workshop},
        stage::Stage,
    },
    theme::{Theme, files::Files},
};
use tokio::runtime::Handle;

pub(crate) const URL: &str = "https://example.org";
const DAY: i64 = 86_400_000;
/// 1 January 2026.
const NEW_YEAR: i64 = 1_767_225_600_000;

pub(crate) struct Site {
    pub(crate) db: Database,
    stage: Arc<Stage>,
    renderer: Addr<Renderer>,
    /// Holds the database.
    _folder: tempfile::TempDir,
}

/// The themes in the binary.
pub(crate) const THEMES: [&str; 2] = ["default", "plain"];

/// Runs a test on an empty site with each theme.
pub(crate) fn on_each_theme<F: Future<Output = ()>>(test: impl Fn(Site) -> F) {
    for theme in THEMES {
        on_a_site_with(theme, &test);
    }
}

/// Runs a test on an empty site with the default theme.
pub(crate) fn on_a_site<F: Future<Output = ()>>(test: impl FnOnce(Site) -> F) {
    on_a_site_with("default", test);
}

pub(crate) fn on_a_site_with<F: Future<Output = ()>>(theme: &str, test: impl FnOnce(Site) -> F) {
    actix_rt::System::new().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = format!("sqlite://{}", folder.path().join("site.db").display());
        let db = Database::open(&file, 4).await.unwrap();
        let stage = Arc::new(Stage::build(Theme::read(&Files::built_in(theme)).unwrap()).unwrap());
        let workshop = Arc::new(Workshop {
            site_url: URL.into(),
            readers: db.readers.clone(),
            runtime: Handle::current(),
            answers: Arc::new(Answers::default()),
            inner: Arc::default(),
            outbound: Outbound::new(Allowed::default()).unwrap(),
            quarantine: Arc::default(),
            renders: AtomicU64::new(0),
        });
        test(Site { db, stage, renderer: Renderer::start(1, workshop), _folder: folder }).await;
    });
}

/// A published post with this number: a title, a day and a slug that follow from it.
pub(crate) fn post(number: u16) -> ImportPost {
    ImportPost {
        source: format!("test:{number}"),
        kind: Kind::Post,
        published: true,
        title: format!("Post {number}"),
        slug: Some(format!("post-{number}")),
        path: None,
        markdown: format!("The text of post {number}."),
        excerpt: None,
        tags: Vec::new(),
        authors: Vec::new(),
        feature_image: None,
        feature_image_alt: None,
        featured: false,
        seo_title: None,
        seo_description: None,
        canonical_url: None,
        published_at: Some(NEW_YEAR + i64::from(number) * DAY),
        updated_at: None,
        aliases: Vec::new(),
    }
}

/// Many posts in one transaction.
pub(crate) struct Posts<I>(pub(crate) I);

impl<I: Iterator<Item = ImportPost> + Send + 'static> Command for Posts<I> {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        for post in self.0 {
            post.run(txn).await?;
        }
        Ok(())
    }
}

pub(crate) fn term(name: &str) -> Vec<ImportTerm> {
    vec![ImportTerm { name: name.into(), ..ImportTerm::default() }]
}

impl Site {
    pub(crate) async fn apply<C: Command>(&self, command: C) -> C::Output {
        let permalinks = Arc::new(self.stage.theme.permalinks.clone());
        apply(&self.db, permalinks, Who::System, NEW_YEAR, command).await.unwrap().output
    }

    pub(crate) async fn render(&self, path: &str) -> Rendered {
        self.renderer.send(Render::new(self.stage.clone(), PageKey::of_path(path))).await.unwrap().unwrap()
    }

    /// The text of a page that is there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let page = self.render(path).await;
        assert_eq!(page.status, 200, "{path}");
        text(&page)
    }

    /// Whether everything a page has read is still answered as it was, so that nobody would make it again.
    pub(crate) async fn is_still_right(&self, page: &Rendered) -> bool {
        let questions = page.reads.iter().map(|read| read.question.clone()).collect();
        let verified = self
            .renderer
            .send(Verify { stage: self.stage.clone(), questions, born: Vec::new() })
            .await
            .unwrap()
            .unwrap();
        let mut answers = page.reads.iter().zip(verified.answers);
        answers.all(|(read, now)| now.is_some_and(|now| now.fingerprint == read.fingerprint))
    }
}

pub(crate) fn text(page: &Rendered) -> String {
    String::from_utf8(page.body.identity.to_vec()).unwrap()
}
