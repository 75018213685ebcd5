//! `perennial theme`: begins a theme, and looks at one before it is used.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};
use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::starter;
use crate::{
    config::Config,
    render::check::{Report, check},
    theme::{files::Files, manifest},
};

#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Say whether a theme may serve a site, and if not, what to mend in which line.
    Check {
        /// The theme's folder.
        folder: PathBuf,
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Write a small theme that works, to begin with.
    New {
        /// Also the name of its folder in the folder of themes.
        name: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

pub async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    match command {
        Command::New { name } => starter::write(&name, &config.themes_dir),
        Command::Check { folder, format } => look(&folder, format).await,
    }
}

async fn look(folder: &Path, format: Format) -> anyhow::Result<()> {
    if !folder.join(manifest::FILE).is_file() {
        bail!("{} is no theme: it has no {}", folder.display(), manifest::FILE);
    }
    let report = check(&Files::Folder(folder.to_owned())).await;
    match format {
        Format::Json => println!("{:#}", json!({ "passes": report.passes(), "findings": report })),
        Format::Text => tell(&report),
    }
    ensure!(
        report.passes(),
        "{} may not serve a site before the fatal findings and the errors are mended",
        folder.display()
    );
    Ok(())
}

fn tell(report: &Report) {
    for finding in &report.0 {
        println!("{finding}");
    }
    match report.0.len() {
        0 => println!("Nothing to mend: the theme may serve a site."),
        count if report.passes() => println!("{count} findings, none of which keeps the theme from serving a site."),
        count => println!("{count} findings."),
    }
}
