//! `perennial theme new`: a small theme that works, to begin with.

use std::{fs, path::Path};

use anyhow::{Context, ensure};
use rust_embed::RustEmbed;

use crate::theme::collection::is_name;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/src/command/starter/"]
struct Starter;

/// Writes it into a new folder of the folder of themes.
pub fn write(name: &str, themes: &Path) -> anyhow::Result<()> {
    ensure!(is_name(name), "{name:?} is no name for a theme; use letters, digits, dots and dashes");
    let folder = themes.join(name);
    ensure!(!folder.exists(), "{} is there already; choose another name", folder.display());
    for path in Starter::iter() {
        let Some(file) = Starter::get(&path) else { continue };
        let text = String::from_utf8_lossy(&file.data).replace("name = \"NAME\"", &format!("name = \"{name}\""));
        let to = folder.join(path.as_ref());
        let parent = to.parent().unwrap_or(&folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&to, text))
            .with_context(|| format!("{} cannot be written", to.display()))?;
    }
    println!("{} is a theme now. Look at it while you change it:", folder.display());
    println!("  PERENNIAL_THEME={name} perennial serve --dev");
    Ok(())
}
