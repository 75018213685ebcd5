//! `perennial build`: writes the whole site as files that any web server can serve.

mod crawl;
mod folder;
mod links;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use actix::Addr;
use anyhow::ensure;
use tokio::runtime::Handle;

use self::{crawl::Crawl, folder::Folder};
use crate::{
    archive::files,
    boot,
    command::draw::draw,
    config::Config,
    content::{ask::ask, database::Database, library, snapshot::Snapshot},
    http::variants,
    import::progress::Progress,
    raster,
    render::{paths, renderer::Renderer, stage::Stage},
    theme::route::NOT_FOUND,
};

/// How many paths a message names.
const NAMED: usize = 20;

#[derive(Debug, clap::Args)]
pub struct Build {
    /// The folder to write. It is new, empty, or was written by an earlier build; then it is replaced as a whole.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub async fn run(Build { out }: Build, config: &Config) -> anyhow::Result<()> {
    let mut folder = Folder::beside(&out)?;
    let threads = thread::available_parallelism().map_or(2, usize::from).max(2);
    let database = boot::open(config, u32::try_from(threads).unwrap_or(2) + 2).await?;
    let stage = Stage::build(boot::theme(config, &database).await?)?;
    let stage = Arc::new(stage);
    let renderer = Renderer::start(threads, Arc::new(boot::workshop(config, &database)?));

    let revision = database.site().await?.revision;
    let crawl = crawl(config, &database, &stage, &renderer, threads, &mut folder).await?;
    ensure!(
        crawl.failed.is_empty(),
        "nothing was written, because {} pages could not be made: {}",
        crawl.failed.len(),
        some(&crawl.failed)
    );
    ensure!(
        database.site().await?.revision == revision,
        "nothing was written, because the site was changed meanwhile; build it again"
    );
    for (_, asset) in stage.theme.assets.iter() {
        folder.asset(&asset.url, &asset.body)?;
    }
    draw(&config.media, &stage.theme.images.widths)?;
    let private = library::settings(&database.readers).await?.settings.private_originals;
    let media = media(&config.media, &stage.theme.images.widths, private)?;
    for (name, place) in &media {
        folder.copy(place, &format!("media/{name}"))?;
    }
    for (from, to, status) in redirects(&database).await? {
        folder.redirect(&from, &to, status)?;
    }
    let (pages, redirects) = folder.finish(&stage.theme.csp.policy())?;
    println!(
        "{pages} pages, {redirects} redirects, {} files of the media library and {} of the theme are in {}, as of \
         revision {revision}.",
        media.len(),
        stage.theme.assets.iter().count(),
        out.display()
    );
    report(&crawl);
    Ok(())
}

/// What readers are given at each name below `/media/`. `private`: no picture as it was uploaded.
fn media(media: &Path, widths: &[u32], private: bool) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut found = files(media)?;
    if private {
        found.retain_mut(|(name, place)| {
            if !raster::is_original(name) {
                return true;
            }
            let widest = variants::widest(media, name, widths).ok().flatten();
            widest.map(|widest| *place = widest).is_some()
        });
    }
    Ok(found)
}

/// Makes every page that is known or linked to, and writes it.
async fn crawl(
    config: &Config,
    database: &Database,
    stage: &Arc<Stage>,
    renderer: &Addr<Renderer>,
    threads: usize,
    folder: &mut Folder,
) -> anyhow::Result<Crawl> {
    let mut crawl = Crawl::new(stage.clone(), &config.site_url);
    known(database, stage.clone()).await?.iter().for_each(|path| crawl.open(path));
    crawl.open(NOT_FOUND);
    let mut progress = Progress::of("pages");
    let write = |path: &str, page| folder.page(path, page);
    crawl.run(renderer, threads, write, |done, total| progress.show(done, total)).await?;
    Ok(crawl)
}

async fn known(database: &Database, stage: Arc<Stage>) -> anyhow::Result<Vec<String>> {
    let (readers, runtime) = (database.readers.clone(), Handle::current());
    let listed = tokio::task::spawn_blocking(move || {
        let snapshot = runtime.block_on(Snapshot::begin(&readers))?;
        Ok::<_, anyhow::Error>(paths::known(&stage, |read| Ok(runtime.block_on(ask(&snapshot.txn, &read))?.answer))?)
    });
    listed.await?
}

async fn redirects(database: &Database) -> anyhow::Result<Vec<(String, String, u16)>> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let query = library::ListQuery { limit: Some(1_000), cursor, ..Default::default() };
        let page = library::redirects(&database.readers, &query).await?;
        let redirects = page.items.into_iter().filter(library::RedirectDoc::is_of_one_path);
        all.extend(redirects.map(|redirect| (redirect.from, redirect.to, redirect.status)));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

/// Says what is not among the files, and why.
fn report(crawl: &Crawl) {
    if !crawl.left_out.is_empty() {
        println!("Left out, because they need a server: {}", some(&crawl.left_out));
    }
    if !crawl.dead_links.is_empty() {
        println!("Nothing is at these paths, which pages link to: {}", some(&crawl.dead_links));
    }
}

fn some(paths: &std::collections::BTreeSet<String>) -> String {
    let mut named: Vec<_> = paths.iter().take(NAMED).map(String::as_str).collect();
    let rest = format!("and {} more", paths.len().saturating_sub(NAMED));
    if paths.len() > NAMED {
        named.push(&rest);
    }
    named.join(", ")
}
