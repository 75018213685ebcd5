//! `perennial import`: another program's site becomes posts, pages, redirects and media of this one.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use clap::ValueEnum;

use super::draw::draw;
use crate::{
    archive::Limits,
    boot,
    config::Config,
    content::{database::Database, time::Time},
    import::{
        apply::{Destination, Part, Store},
        package::Package,
        progress::Progress,
        report::Report,
        tree::Tree,
    },
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the site: the one with its configuration, or a folder of Markdown files; or a ZIP file of it.
    path: PathBuf,
    /// What the site was written for; found out when it is left out.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,
    /// A folder with pictures and other files that texts show and the site's folder lacks.
    #[arg(long, value_name = "DIR")]
    media: Option<PathBuf>,
    /// Say what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write what became of each file, as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Auto,
    /// A folder written for Zola, Hugo or Jekyll, or by "perennial export".
    Markdown,
}

pub async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let package = match args.path.is_file() {
        true => Some(Package::unpack(&args.path, &args.path.to_string_lossy(), &env::temp_dir(), Limits::NONE)?),
        false => None,
    };
    let folder = package.as_ref().map_or(&args.path, |package| &package.folder);
    let tree = Tree::open(folder, args.media.as_deref())?;
    let scratch = Scratch::for_dry_run(args.dry_run, &config.database_url);
    let db = match &scratch {
        Some(scratch) => Database::open(&scratch.url, 2).await?,
        None => boot::open(config, 2).await?,
    };
    let theme = boot::theme(config, &db).await?;
    let widths = theme.images.widths.clone();
    let destination = Destination {
        store: Store::Own(&db),
        readers: &db.readers,
        permalinks: Arc::new(theme.permalinks),
        media: &config.media,
        now: Time::now().0,
        dry_run: args.dry_run,
    };
    let (mut files, mut texts) = (Progress::of("files"), Progress::of("texts"));
    let report = destination
        .import(&tree, |part, done, total| match part {
            Part::Files => files.show(done, total),
            Part::Texts => texts.show(done, total),
        })
        .await?;
    if !args.dry_run {
        draw(&config.media, &widths)?;
    }
    if let Some(file) = &args.report {
        write(file, &report)?;
    }
    println!("{report}");
    anyhow::ensure!(
        report.totals.failed == 0,
        "{} texts could not be imported; the lines above say why",
        report.totals.failed
    );
    Ok(())
}

fn write(file: &Path, report: &Report) -> anyhow::Result<()> {
    let json = serde_json::to_string_pretty(report)?;
    fs::write(file, json).with_context(|| format!("the report cannot be written to {}", file.display()))
}

/// A database that is thrown away: what a dry run uses where there is none yet.
struct Scratch {
    url: String,
    file: PathBuf,
}

impl Scratch {
    fn for_dry_run(dry_run: bool, database_url: &str) -> Option<Self> {
        let path = database_url.strip_prefix("sqlite://")?.split('?').next()?;
        if !dry_run || Path::new(path).exists() {
            return None;
        }
        let file = std::env::temp_dir().join(format!("perennial-{}.db", uuid::Uuid::now_v7()));
        Some(Self { url: format!("sqlite://{}", file.display()), file })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut name = self.file.clone().into_os_string();
            name.push(end);
            let _ = fs::remove_file(name);
        }
    }
}
