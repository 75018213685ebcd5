//! `perennial theme`: looks at a theme before it is used.

use std::path::PathBuf;

use anyhow::bail;
use clap::Subcommand;

use crate::{
    render::stage::Stage,
    theme::{Theme, files::Files, manifest},
};

#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Say whether a theme may serve a site, and if not, what to mend in which line.
    Check {
        /// The theme's folder.
        folder: PathBuf,
    },
}

pub fn run(command: Command) -> anyhow::Result<()> {
    let Command::Check { folder } = command;
    if !folder.join(manifest::FILE).is_file() {
        bail!("{} is no theme: it has no {}", folder.display(), manifest::FILE);
    }
    let stage = Stage::build(Theme::read(&Files::Folder(folder))?)?;
    let theme = &stage.theme;
    println!(
        "{} {} may serve a site: {} routes, {} templates, {} assets.",
        theme.name,
        theme.version,
        theme.routes.iter().count(),
        theme.templates.len(),
        theme.assets.iter().count()
    );
    Ok(())
}
