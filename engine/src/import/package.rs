//! A ZIP file of a site, unpacked for as long as somebody looks into it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use uuid::Uuid;
use zip::ZipArchive;

use crate::archive::{Limits, unpack};

/// What packers of some systems put beside a folder.
const BESIDE: &str = "__MACOSX";
/// Folders that are part of a site and never all of it.
const PARTS: [&str; 2] = ["_posts", "content"];

/// What a ZIP file holds, until this is dropped.
#[derive(Debug)]
pub struct Package {
    /// The site's own folder. Where a post came from is known by its name the next time.
    pub folder: PathBuf,
    whole: PathBuf,
}

impl Package {
    /// Unpacks it below `room`. `name` is what the file is called. Blocks.
    pub fn unpack(file: &Path, name: &str, room: &Path, limits: Limits) -> anyhow::Result<Self> {
        let unlike = || format!("{name} is no ZIP file that can be read");
        let mut archive = ZipArchive::new(File::open(file).with_context(unlike)?).with_context(unlike)?;
        let whole = room.join(format!("perennial-{}", Uuid::now_v7()));
        let stem = Path::new(name).file_stem().with_context(unlike)?;
        let mut package = Self { folder: whole.join(stem), whole };
        fs::create_dir_all(&package.folder)?;
        if unpack(&mut archive, "", &package.folder, limits, |_, _| {})? == 0 {
            bail!("{name} holds no files");
        }
        if let Some(inner) = only_folder(&package.folder)? {
            package.folder = inner;
        }
        Ok(package)
    }
}

/// The folder that is packed as a whole, if nothing lies beside it.
fn only_folder(folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    let mut found = None;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == BESIDE || name.to_string_lossy().starts_with('.') {
            continue;
        }
        if found.is_some() || !entry.file_type()?.is_dir() {
            return Ok(None);
        }
        found = Some(entry.path());
    }
    let is_part = |inner: &PathBuf| inner.file_name().is_some_and(|name| PARTS.iter().any(|part| name == *part));
    Ok(found.filter(|inner| !is_part(inner)))
}

impl Drop for Package {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.whole);
    }
}
